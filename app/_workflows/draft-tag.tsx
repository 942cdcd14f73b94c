/** That a workflow has a draft with something new in it: whose and when, leading to it. */
import { PencilLine } from "lucide-react";
import Link from "next/link";
import { useActorName } from "@/lib/client/actors";
import { workflowTexts as words } from "@/lib/client/texts/workflows";
import type { DraftItem } from "@/lib/contract/drafts";
import { RelativeTime } from "../_ui/time";

export function DraftTag({ draft: { workflow, updatedAt, updatedBy } }: { draft: DraftItem }) {
  const by = useActorName(updatedBy);
  return (
    <Link
      prefetch={false}
      href={`/workflows/${encodeURIComponent(workflow)}/edit`}
      aria-label={words.draftOf(workflow, by)}
      title={words.draftBy(by)}
      data-status="paused"
      className="inline-flex h-5 max-w-full min-w-0 shrink items-center gap-1 rounded-sm bg-tone-tint px-1.5 text-2xs text-tone hover:underline"
    >
      <PencilLine aria-hidden size={11} className="shrink-0" />
      <span className="shrink-0">{words.draft}</span>
      <span className="truncate">{by}</span>
      <RelativeTime at={updatedAt} className="shrink-0" />
    </Link>
  );
}
