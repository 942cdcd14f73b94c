"use client";
/** The workflows of a window of time, those with the most failures first; each number leads to what it counts. */
import Link from "next/link";
import { number } from "@/lib/client/format";
import { FAILED, listedAt, type WorkflowRow, worstFirst } from "@/lib/client/overview-model";
import { overviewTexts } from "@/lib/client/texts/overview";
import type { Stats } from "@/lib/contract/stats";
import { type Column, SimpleTable } from "../_rooms/simple-table";

const words = overviewTexts.worst;
const numberClass = "rounded-sm underline decoration-line-strong hover:text-accent";

function columnsOf({ from, to }: Pick<Stats, "from" | "to">): Column<WorkflowRow>[] {
  const closed = { closedAfter: from, closedBefore: to };
  return [
    {
      name: words.columns.workflow,
      cell: ({ workflow }) => (
        <Link
          prefetch={false}
          href={listedAt({ workflow, ...closed })}
          className="rounded-sm font-medium break-all hover:underline"
        >
          {workflow}
        </Link>
      ),
    },
    { name: words.columns.completed, numeric: true, extra: true, cell: ({ completed }) => number(completed) },
    {
      name: words.columns.failed,
      numeric: true,
      cell: ({ workflow, failed }) =>
        failed === 0 ? (
          <span className="text-ink-3">0</span>
        ) : (
          <Link prefetch={false} href={listedAt({ workflow, status: FAILED, ...closed })} className={numberClass}>
            {number(failed)}
          </Link>
        ),
    },
    { name: words.columns.rate, numeric: true, cell: ({ rate }) => overviewTexts.flow.percent(rate) },
    {
      name: words.columns.p95,
      numeric: true,
      cell: ({ p95Ms }) => (p95Ms === null ? overviewTexts.flow.none : overviewTexts.flow.ms(p95Ms)),
    },
  ];
}

export function WorstWorkflows({ stats }: { stats: Stats | undefined }) {
  const rows = stats && worstFirst(stats.workflows);
  return (
    <section aria-label={words.title} className="pt-8 pb-10">
      <h3 className="px-4 pb-1 text-xs font-medium text-ink-2 md:px-6">{words.title}</h3>
      {rows?.length === 0 ? (
        <p className="px-4 text-xs text-ink-3 md:px-6">{words.none}</p>
      ) : (
        <SimpleTable
          label={words.title}
          columns={columnsOf(stats ?? { from: "", to: "" })}
          items={rows}
          keyOf={({ workflow }) => workflow}
        />
      )}
    </section>
  );
}
