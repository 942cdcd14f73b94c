/** Single execution rows, by id or by the caller's own key. */
import type { Queryable } from "@/db/client";
import type { ExecutionStatus } from "@/lib/contract/executions";

export interface ExecutionHeadRow {
  id: bigint;
  key: string | null;
  workflow: string;
  version: number;
  status: ExecutionStatus;
  sequence: number;
  startAt: Date | null;
  startedAt: Date | null;
  closedAt: Date | null;
}

export async function executionHead(db: Queryable, namespaceId: number, id: bigint): Promise<ExecutionHeadRow | null> {
  const { rows } = await db.query<ExecutionHeadRow>({
    name: "execution-head",
    text: `select e.id, e.key, w.name as workflow, e.version, e.status, e.sequence, e.start_at as "startAt",
             e.started_at as "startedAt", e.closed_at as "closedAt"
           from executions e join workflows w on w.id = e.workflow_id
           where e.id = $1 and e.namespace_id = $2`,
    values: [id, namespaceId],
  });
  return rows[0] ?? null;
}

export async function executionByKey(db: Queryable, namespaceId: number, key: string): Promise<bigint | null> {
  const { rows } = await db.query<{ id: bigint }>({
    name: "execution-by-key",
    text: "select id from executions where namespace_id = $1 and key = $2",
    values: [namespaceId, key],
  });
  return rows[0]?.id ?? null;
}

/** The execution that a start with this key or idempotency key would repeat, with the hash of its request in hex. */
export async function startedBefore(
  db: Queryable,
  namespaceId: number,
  key: string | null,
  idempotencyKey: string | null,
): Promise<{ id: bigint; requestHash: string | null } | null> {
  const { rows } = await db.query<{ id: bigint; requestHash: string | null }>({
    name: "started-before",
    text: `select id, encode(request_hash, 'hex') as "requestHash" from executions where namespace_id = $1 and key = $2
           union all
           select id, encode(request_hash, 'hex') from executions where namespace_id = $1 and idempotency_key = $3
           limit 1`,
    values: [namespaceId, key, idempotencyKey],
  });
  return rows[0] ?? null;
}

/** Where these executions are; those that do not exist are left out. */
export async function progressOf(
  db: Queryable,
  ids: readonly bigint[],
): Promise<{ id: bigint; sequence: number; closed: boolean }[]> {
  const { rows } = await db.query<{ id: bigint; sequence: number; closed: boolean }>({
    name: "progress-of-executions",
    text: "select id, sequence, closed_at is not null as closed from executions where id = any ($1::bigint[])",
    values: [ids],
  });
  return rows;
}
