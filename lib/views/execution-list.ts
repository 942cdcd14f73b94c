/** Executions as lists show them. */

import type { Queryable } from "@/db/client";
import { asExecutionFilter, type ExecutionListRow, executionsPage } from "@/db/queries/executions";
import { allRows } from "@/db/queries/query";
import type { ExecutionFilter, ExecutionSummary } from "@/lib/contract/executions";
import { encodeId, keyTime } from "@/lib/contract/ids";
import { EMPTY_PAGE, keyCursor, type Page, pageOf } from "@/lib/views/page";
import { type Workflows, within } from "@/lib/views/reach";

/** What is asked of the list: which executions, and which page of them. */
export interface ExecutionListQuery extends Partial<ExecutionFilter> {
  cursor?: bigint;
  limit: number;
}

export async function listExecutions(
  reads: Queryable,
  namespaceId: number,
  { cursor, limit, ...asked }: ExecutionListQuery,
  workflows?: Workflows,
): Promise<Page<ExecutionSummary>> {
  const filter = within(asExecutionFilter(asked), workflows);
  if (filter === null) return EMPTY_PAGE;
  const query = executionsPage({ ...filter, namespaceId, before: cursor, limit: limit + 1 });
  return pageOf(await allRows(reads, query), limit, summaryOf, (last) => keyCursor(last.id));
}

export function summaryOf(row: ExecutionListRow): ExecutionSummary {
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
    error: null,
  };
}
