/** Executions as lists show them. */

import type { Queryable } from "@/db/client";
import { type ExecutionListRow, executionsPage } from "@/db/queries/executions";
import { allRows } from "@/db/queries/query";
import type { ExecutionStatus, ExecutionSummary } from "@/lib/contract/executions";
import { encodeId, ID_PREFIXES, keyTime } from "@/lib/contract/ids";
import { keyCursor, type Page, pageOf } from "@/lib/views/page";

export interface ExecutionListQuery {
  workflow?: string;
  statuses?: readonly ExecutionStatus[];
  tag?: string;
  correlationId?: string;
  /** RFC 3339. */
  startedAfter?: string;
  startedBefore?: string;
  q?: string;
  cursor?: bigint;
  limit: number;
}

export async function listExecutions(
  reads: Queryable,
  namespaceId: number,
  query: ExecutionListQuery,
): Promise<Page<ExecutionSummary>> {
  const { cursor, startedAfter, startedBefore, q, limit, ...filter } = query;
  const rows = await allRows(
    reads,
    executionsPage({
      ...filter,
      namespaceId,
      startedAfter: startedAfter === undefined ? undefined : Date.parse(startedAfter),
      startedBefore: startedBefore === undefined ? undefined : Date.parse(startedBefore),
      search: q === undefined ? undefined : { text: q, ids: idsThatBegin(q) },
      before: cursor,
      limit: limit + 1,
    }),
  );
  return pageOf(rows, limit, summaryOf, (last) => keyCursor(last.id));
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
    startedAt: row.started_at?.toISOString() ?? null,
    closedAt: row.closed_at?.toISOString() ?? null,
    sequence: row.sequence,
  };
}

const DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const KEY_DIGITS = 13;

/** The keys whose public ids begin like that, or null where no id does. Ids are found in either case. */
export function idsThatBegin(text: string): { from: bigint; to: bigint } | null {
  const begin = `${ID_PREFIXES.execution}_`;
  const digits = text.slice(begin.length).toUpperCase();
  if (!text.toLowerCase().startsWith(begin) || digits === "" || digits.length > KEY_DIGITS) return null;
  let from = 0n;
  for (const digit of digits) {
    const value = DIGITS.indexOf(digit);
    if (value === -1) return null;
    from = (from << 5n) | BigInt(value);
  }
  const open = BigInt(5 * (KEY_DIGITS - digits.length));
  const largest = (1n << 63n) - 1n;
  const to = ((from + 1n) << open) - 1n;
  return from << open > largest ? null : { from: from << open, to: to > largest ? largest : to };
}
