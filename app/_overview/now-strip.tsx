"use client";
/** How many executions are open right now, by status; each number leads to its list. */
import Link from "next/link";
import { number } from "@/lib/client/format";
import { EXECUTION_STATUSES } from "@/lib/client/texts";
import { overviewTexts } from "@/lib/client/texts/overview";
import type { Overview } from "@/lib/contract/overview";
import { isClosed } from "@/lib/core/execution/statuses";
import { Status } from "../_ui/status";

const words = overviewTexts;

export function NowStrip({ counts }: Pick<Overview, "counts">) {
  const open = EXECUTION_STATUSES.filter((status) => !isClosed({ status }) && (counts[status] ?? 0) > 0);
  return (
    <div className="flex min-h-10 shrink-0 flex-wrap items-center gap-x-1 px-4 py-1.5 md:px-6">
      <span className="mr-2 text-xs text-ink-3">{words.now}</span>
      {open.length === 0 && <span className="text-ink-2">{words.nothingOpen}</span>}
      {open.map((status) => (
        <Link
          prefetch={false}
          key={status}
          href={`/executions?status=${status}`}
          className="inline-flex h-7 items-center gap-1.5 rounded-md px-2 hover:bg-hover"
        >
          <span className="font-semibold tabular">{number(counts[status] ?? 0)}</span>
          <Status status={status} />
        </Link>
      ))}
    </div>
  );
}
