/** Reading what the one door wrote: execution rows, events after a sequence, large values, snapshots. */
import type { Queryable } from "../client";

export interface ExecutionRow {
  id: bigint;
  namespaceId: number;
  workflowId: number;
  version: number;
  sequence: number;
  status: string;
  head: Buffer;
  nextWakeAt: Date | null;
}

export interface EventRow {
  executionId: bigint;
  sequence: number;
  command: number;
  type: string;
  at: Date;
  actor: string;
  data: string;
}

export interface SnapshotRow {
  executionId: bigint;
  sequence: number;
  head: Buffer;
  state: string;
}

const EVENT_COLUMNS = `e.execution_id as "executionId", e.sequence, e.command, e.type, e.at, e.actor, e.data`;

export async function readExecutions(db: Queryable, ids: readonly bigint[]): Promise<ExecutionRow[]> {
  const { rows } = await db.query<ExecutionRow>({
    name: "read-executions",
    text: `select id, namespace_id as "namespaceId", workflow_id as "workflowId", version, sequence, status, head,
             next_wake_at as "nextWakeAt"
           from executions where id = any($1::bigint[])`,
    values: [ids],
  });
  return rows;
}

/** Waits up to `lockTimeoutMs` for the row; throws 55P03 (lock_not_available) after it. Inside a transaction only. */
export async function lockExecution(db: Queryable, id: bigint, lockTimeoutMs: number): Promise<void> {
  await db.query(`set local lock_timeout = ${Math.floor(lockTimeoutMs)}`);
  await db.query({ text: "select 1 from executions where id = $1 for update", values: [id] });
}

/** Up to `limit` events of one execution after a sequence, in order. */
export async function readEvents(db: Queryable, id: bigint, after: number, limit: number): Promise<EventRow[]> {
  const { rows } = await db.query<EventRow>({
    name: "read-events",
    text: `select ${EVENT_COLUMNS} from events e where e.execution_id = $1 and e.sequence > $2 order by e.sequence limit $3`,
    values: [id, after, limit],
  });
  return rows;
}

/** The newest snapshot of the current state version, at or before a sequence. */
export async function readSnapshot(
  db: Queryable,
  id: bigint,
  stateVersion: number,
  atMost: number,
): Promise<SnapshotRow | null> {
  const { rows } = await db.query<SnapshotRow>({
    name: "read-snapshot",
    text: `select execution_id as "executionId", sequence, head, state from snapshots
           where execution_id = $1 and state_version = $2 and sequence <= $3 order by sequence desc limit 1`,
    values: [id, stateVersion, atMost],
  });
  return rows[0] ?? null;
}

export async function writeSnapshot(
  db: Queryable,
  snapshot: SnapshotRow & { namespaceId: number; stateVersion: number },
): Promise<void> {
  await db.query({
    name: "write-snapshot",
    text: `insert into snapshots (execution_id, sequence, namespace_id, state_version, head, state)
           values ($1, $2, $3, $4, $5, $6)
           on conflict (execution_id, sequence) do update set
             state_version = excluded.state_version, head = excluded.head, state = excluded.state`,
    values: [
      snapshot.executionId,
      snapshot.sequence,
      snapshot.namespaceId,
      snapshot.stateVersion,
      snapshot.head,
      snapshot.state,
    ],
  });
}

/** Large values of one execution by hash (hex), as JSON text. */
export async function readValues(
  db: Queryable,
  id: bigint,
  hashes: readonly string[],
): Promise<{ hash: string; body: string }[]> {
  const { rows } = await db.query<{ hash: string; body: string }>({
    name: "read-values",
    text: `select encode(hash, 'hex') as hash, body from payloads
           where execution_id = $1 and hash = any(select decode(h, 'hex') from unnest($2::text[]) h)`,
    values: [id, hashes],
  });
  return rows;
}

/** Takes an execution out of service until its history can be folded or decided on again. */
export async function quarantineExecution(db: Queryable, namespaceId: number, id: bigint): Promise<void> {
  await db.query({
    text: `with old as (
             select id, workflow_id, status from executions
             where id = $1 and namespace_id = $2 and status <> 'quarantined' for update
           ), counted as (
             insert into execution_counts (workflow_id, namespace_id, status, delta)
             select workflow_id, $2::int, s, d from old, lateral (values (old.status, -1), ('quarantined', 1)) x(s, d)
           )
           update executions e set status = 'quarantined' from old where e.id = old.id`,
    values: [id, namespaceId],
  });
}
