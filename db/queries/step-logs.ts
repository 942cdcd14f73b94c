/** What workers logged of one execution, in the order in which it came. */
import type { Query } from "@/db/queries/query";
import { aboutLog } from "@/db/stores/step-logs";

export interface LogRow {
  sequence: number;
  task_id: bigint;
  node: string;
  iteration: number;
  index: number[] | null;
  attempt: number;
  /** JSON text: a list of lines. */
  body: string;
}

export interface LogFilter {
  namespaceId: number;
  executionId: bigint;
  node?: string;
  attempt?: number;
  taskId?: bigint;
  /** The first row to read. */
  from: number;
  /** Lines that are wanted, counted from the first of that row. */
  lines: number;
}

/** As many rows as have so many lines; each has one at least. */
export function logRows({ namespaceId, executionId, node, attempt, taskId, from, lines }: LogFilter): Query<LogRow> {
  return {
    name: "log-rows",
    text: `select sequence, task_id, node, iteration, index, attempt, body from (
        select *, sum(lines) over (order by sequence) - lines as lines_before from step_logs
        where execution_id = $2 and namespace_id = $1 and sequence >= $3
          and ($4::text is null or node = $4) and ($5::int is null or attempt = $5) and ($6::bigint is null or task_id = $6)
        order by sequence limit $7
      ) found
      where lines_before < $7 order by sequence`,
    values: [namespaceId, executionId, from, node ?? null, attempt ?? null, taskId ?? null, lines],
    sealed: { columns: ["body"], about: () => aboutLog(namespaceId, executionId) },
  };
}

/** How many lines came before the first that is kept; no row where none is. */
export function droppedLines(namespaceId: number, executionId: bigint): Query<{ dropped: number }> {
  return {
    name: "dropped-log-lines",
    text: `select (lines_so_far - lines)::float8 as dropped from step_logs
      where execution_id = $2 and namespace_id = $1 order by sequence limit 1`,
    values: [namespaceId, executionId],
  };
}
