/** Executions as lists show them, and how many there are. */

import type { Queryable } from "@/db/client";
import {
  asExecutionFilter,
  closingFailures,
  countByStatus,
  type ExecutionListRow,
  executionCounts,
  executionsPage,
} from "@/db/queries/executions";
import { allRows } from "@/db/queries/query";
import {
  ERROR_MESSAGE_SHOWN,
  EXECUTION_STATUSES,
  type ExecutionCounts,
  type ExecutionFilter,
  type ExecutionStatus,
  type ExecutionSummary,
} from "@/lib/contract/executions";
import type { EventData } from "@/lib/contract/history";
import { encodeId, keyTime } from "@/lib/contract/ids";
import { TIMED_OUT } from "@/lib/core/execution/effects";
import { CLOSED_STATUSES, isRetryable } from "@/lib/core/execution/statuses";
import { EMPTY_PAGE, keyCursor, type Page, pageOf } from "@/lib/views/page";
import { type Workflows, within } from "@/lib/views/reach";

/** What is asked of the list: which executions, and which page of them. */
export interface ExecutionListQuery extends Partial<ExecutionFilter> {
  cursor?: bigint;
  limit: number;
}

/** Of one status and filter; beyond it a count says "at least". */
const COUNTED_AT_MOST = 10_000;

export async function listExecutions(
  reads: Queryable,
  namespaceId: number,
  { cursor, limit, ...asked }: ExecutionListQuery,
  workflows?: Workflows,
): Promise<Page<ExecutionSummary>> {
  const filter = within(asExecutionFilter(asked, CLOSED_STATUSES), workflows);
  if (filter === null) return EMPTY_PAGE;
  const query = executionsPage({ ...filter, namespaceId, before: cursor, limit: limit + 1 });
  const { items, nextCursor } = pageOf(
    await allRows(reads, query),
    limit,
    (row) => row,
    (last) => keyCursor(last.id),
  );
  return { items: await summariesOf(reads, namespaceId, items), nextCursor };
}

/** From the counters where nothing but workflows is asked for; else by counting, up to a bound for each status. */
export async function countExecutions(
  reads: Queryable,
  namespaceId: number,
  asked: ExecutionFilter,
  workflows?: Workflows,
): Promise<ExecutionCounts> {
  const filter = within(asExecutionFilter(asked, CLOSED_STATUSES), workflows);
  if (filter === null) return { counts: {}, total: 0, capped: false };
  const { workflow, status, ...more } = asked;
  const isPlain = status === undefined && Object.values(more).every((value) => value === undefined);
  const named = workflow === undefined ? (filter.workflows ?? null) : [workflow];
  const rows = isPlain
    ? await allRows(reads, executionCounts(namespaceId, named))
    : await allRows(
        reads,
        countByStatus({ ...filter, namespaceId, limit: COUNTED_AT_MOST + 1 }, status ?? EXECUTION_STATUSES),
      );
  const shown = (found: number) => (isPlain ? found : Math.min(found, COUNTED_AT_MOST));
  const counts: Partial<Record<ExecutionStatus, number>> = {};
  for (const { status, found } of rows) if (found > 0) counts[status] = shown(found);
  return {
    counts,
    total: rows.reduce((total, { found }) => total + shown(found), 0),
    capped: !isPlain && rows.some(({ found }) => found > COUNTED_AT_MOST),
  };
}

/** With why they failed, which is read of those alone that did. */
export async function summariesOf(
  reads: Queryable,
  namespaceId: number,
  rows: readonly ExecutionListRow[],
): Promise<ExecutionSummary[]> {
  const failed = rows.filter(isRetryable).map(({ id }) => id);
  const closings = failed.length === 0 ? [] : await allRows(reads, closingFailures(namespaceId, failed));
  const errors = new Map(closings.map(({ execution_id, data }) => [execution_id, errorIn(data)]));
  return rows.map((row) => ({ ...summaryOf(row), error: errors.get(row.id) ?? null }));
}

type Closing = EventData<"ExecutionFailed"> | EventData<"ExecutionTimedOut">;

function errorIn(data: string): NonNullable<ExecutionSummary["error"]> {
  const closing = JSON.parse(data) as Closing;
  if ("timeoutAt" in closing) return TIMED_OUT;
  const { code, message } = closing.error ?? closing;
  const shown = message.slice(0, ERROR_MESSAGE_SHOWN);
  return { code, message: shown, ...(closing.node === undefined ? {} : { node: closing.node }) };
}

/** What the row alone tells. */
export function summaryOf(row: ExecutionListRow): Omit<ExecutionSummary, "error"> {
  return {
    id: encodeId("execution", row.id),
    key: row.key,
    workflow: row.workflow,
    version: row.version,
    status: row.status,
    tags: row.tags ?? [],
    correlationId: row.correlation_id,
    createdAt: new Date(keyTime(row.id)).toISOString(),
    startAt: row.start_at?.toISOString() ?? null,
    startedAt: row.started_at?.toISOString() ?? null,
    closedAt: row.closed_at?.toISOString() ?? null,
    sequence: row.sequence,
  };
}
