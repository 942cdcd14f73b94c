/** Reading what the one door wrote: execution rows, events after a sequence, large values, snapshots. */
import type { Queryable } from "../client";
import type { About } from "../payload-codec";
import { openRows, payloadsOf, type SealedColumns, sealJson } from "../sealed-payloads";

export interface ExecutionRow {
  id: bigint;
  namespaceId: number;
  workflowId: number;
  version: number;
  sequence: number;
  status: string;
  head: Buffer;
  nextWakeAt: Date | null;
  forkedFrom: bigint | null;
}

export interface EventRow {
  executionId: bigint;
  namespaceId: number;
  sequence: number;
  command: number;
  type: string;
  at: Date;
  actor: string;
  data: string;
}

export interface SnapshotRow {
  executionId: bigint;
  namespaceId: number;
  sequence: number;
  head: Buffer;
  state: string;
}

const EVENT_COLUMNS = `e.execution_id as "executionId", e.namespace_id as "namespaceId", e.sequence, e.command, e.type, e.at, e.actor, e.data`;

export async function readExecutions(db: Queryable, ids: readonly bigint[]): Promise<ExecutionRow[]> {
  const { rows } = await db.query<ExecutionRow>({
    name: "read-executions",
    text: `select id, namespace_id as "namespaceId", workflow_id as "workflowId", version, sequence, status, head,
             next_wake_at as "nextWakeAt", forked_from as "forkedFrom"
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
  return openRows(db, rows, SEALED_EVENT);
}

interface SealedEvent {
  executionId: bigint;
  namespaceId: number;
  sequence: number;
  data: string;
}

const SEALED_EVENT: SealedColumns<SealedEvent> = {
  columns: ["data"],
  about: ({ executionId, namespaceId, sequence }) => aboutEvent(namespaceId, executionId, sequence),
};

export function aboutEvent(namespaceId: number, executionId: bigint, sequence: number): About {
  return { namespaceId, of: executionId, as: `event ${sequence}`, copied: true };
}

/** @param hash in hex */
export function aboutValue(namespaceId: number, executionId: bigint, hash: string): About {
  return { namespaceId, of: executionId, as: `value ${hash}`, copied: true };
}

export function aboutSnapshot(namespaceId: number, executionId: bigint, sequence: number): About {
  return { namespaceId, of: executionId, as: `snapshot ${sequence}` };
}

/**
 * The versions that a history names in its first event and in its forks, in order. What the core's `versionBoundBy` says of
 * one event, said of a stored history.
 */
export async function readNamedVersions(db: Queryable, id: bigint): Promise<number[]> {
  const { rows } = await db.query<SealedEvent>({
    name: "read-named-versions",
    text: `select execution_id as "executionId", namespace_id as "namespaceId", sequence, data from events
           where execution_id = $1 and (sequence = 1 or type = 'ExecutionForked') order by sequence`,
    values: [id],
  });
  const opened = await openRows(db, rows, SEALED_EVENT);
  return opened.map(({ data }) => (JSON.parse(data) as { version: number }).version);
}

/** The first and the last event of the command that wrote an event, or of the last one; null where there is no event. */
export async function readCommandOf(
  db: Queryable,
  id: bigint,
  sequence: number,
): Promise<{ first: number; last: number } | null> {
  const { rows } = await db.query<{ first: number; last: number }>({
    name: "read-command-of",
    text: `select c.command as first, coalesce(
             (select n.sequence - 1 from events n where n.execution_id = $1 and n.sequence > c.sequence and n.command <> c.command
              order by n.sequence limit 1),
             (select max(sequence) from events where execution_id = $1)) as last
           from events c where c.execution_id = $1 and c.sequence <= $2 order by c.sequence desc limit 1`,
    values: [id, sequence],
  });
  return rows[0] ?? null;
}

/** Bytes that these large values take where they are stored. */
export async function sizeOfValues(db: Queryable, id: bigint, hashes: readonly string[]): Promise<number> {
  const { rows } = await db.query<{ bytes: number }>({
    name: "size-of-values",
    text: `select coalesce(sum(pg_column_size(body)), 0)::float8 as bytes from payloads
           where execution_id = $1 and hash = any(select decode(h, 'hex') from unnest($2::text[]) h)`,
    values: [id, hashes],
  });
  return rows[0]?.bytes ?? 0;
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
    text: `select execution_id as "executionId", namespace_id as "namespaceId", sequence, head, state from snapshots
           where execution_id = $1 and state_version = $2 and sequence <= $3 order by sequence desc limit 1`,
    values: [id, stateVersion, atMost],
  });
  const [snapshot = null] = await openRows(db, rows, {
    columns: ["state"],
    about: ({ namespaceId, executionId, sequence }) => aboutSnapshot(namespaceId, executionId, sequence),
  });
  return snapshot;
}

export async function writeSnapshot(db: Queryable, snapshot: SnapshotRow & { stateVersion: number }): Promise<void> {
  const { namespaceId, executionId, sequence } = snapshot;
  const payloads = payloadsOf(db);
  await payloads.prepare([namespaceId]);
  await db.query({
    name: "write-snapshot",
    text: `insert into snapshots (execution_id, sequence, namespace_id, state_version, head, state)
           values ($1, $2, $3, $4, $5, $6)
           on conflict (execution_id, sequence) do update set
             state_version = excluded.state_version, head = excluded.head, state = excluded.state`,
    values: [
      executionId,
      sequence,
      namespaceId,
      snapshot.stateVersion,
      snapshot.head,
      sealJson(payloads, snapshot.state, aboutSnapshot(namespaceId, executionId, sequence)),
    ],
  });
}

/** Large values of one execution by hash (hex), as JSON text. */
export async function readValues(
  db: Queryable,
  id: bigint,
  hashes: readonly string[],
): Promise<{ hash: string; body: string }[]> {
  const { rows } = await db.query<{ namespaceId: number; hash: string; body: string }>({
    name: "read-values",
    text: `select namespace_id as "namespaceId", encode(hash, 'hex') as hash, body from payloads
           where execution_id = $1 and hash = any(select decode(h, 'hex') from unnest($2::text[]) h)`,
    values: [id, hashes],
  });
  return openRows(db, rows, {
    columns: ["body"],
    about: ({ namespaceId, hash }) => aboutValue(namespaceId, id, hash),
  });
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

export interface Lift {
  namespaceId: number;
  id: bigint;
  /** Of the state that it goes on with. */
  sequence: number;
  status: string;
  nextWakeAt: Date | null;
  paused: boolean;
  /** What other processes are notified of. */
  notify: string;
}

/** Takes an execution out of quarantine, all or nothing; false where it is not in it any more, or not at that sequence. */
export async function liftQuarantine(db: Queryable, lift: Lift): Promise<boolean> {
  const { rows } = await db.query<{ lifted: number }>({
    text: `with old as (
             select id, workflow_id from executions
             where id = $1 and namespace_id = $2 and status = 'quarantined' and sequence = $3 for update
           ), lifted as (
             update executions e set status = $4::execution_status, next_wake_at = $5
             from old where e.id = old.id returning e.id
           ), counted as (
             insert into execution_counts (workflow_id, namespace_id, status, delta)
             select workflow_id, $2::int, s, d
             from old, lateral (values ('quarantined'::execution_status, -1), ($4::execution_status, 1)) x(s, d)
           ), named as materialized (
             select t.execution_id, t.id from tasks t join old on t.execution_id = old.id order by 1, 2 for update of t
           ), released as (
             update tasks t set held = $6 from named n where t.execution_id = n.execution_id and t.id = n.id
           )
           select count(*)::int as lifted,
             (select count(*) from graphile_worker.add_jobs(array(
               select ('wake', json_build_object('execution', id::text, 'namespace', $2::int), null, $5::timestamptz, 1000,
                 'wake:' || id, 0, null)::graphile_worker.job_spec
               from lifted where $5::timestamptz is not null))) as armed,
             (select count(pg_notify('cerebelum', $7)) from lifted) as told
           from lifted`,
    values: [lift.id, lift.namespaceId, lift.sequence, lift.status, lift.nextWakeAt, lift.paused, lift.notify],
  });
  return rows[0]?.lifted === 1;
}
