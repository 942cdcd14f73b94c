/** How many executions of a workflow stand how, each leading to them; statuses without any are left out. */
import Link from "next/link";
import { number } from "@/lib/client/format";
import { EXECUTION_STATUSES, texts } from "@/lib/client/texts";
import type { Workflow } from "@/lib/contract/workflows";
import { StatusIcon } from "../_ui/status";

export function StatusCounts({ name, counts }: Pick<Workflow, "name" | "counts">) {
  const present = EXECUTION_STATUSES.filter((status) => (counts[status] ?? 0) > 0);
  return (
    <span className="flex flex-wrap gap-x-3 gap-y-1">
      {present.map((status) => (
        <Link
          prefetch={false}
          key={status}
          href={`/executions?workflow=${encodeURIComponent(name)}&status=${status}`}
          aria-label={`${number(counts[status] ?? 0)} ${texts.status[status]}`}
          title={texts.status[status]}
          className="inline-flex items-center gap-1 rounded-sm text-xs text-ink-2 tabular hover:text-ink"
        >
          <StatusIcon status={status} size={13} className="!animate-none" />
          {number(counts[status] ?? 0)}
        </Link>
      ))}
    </span>
  );
}
