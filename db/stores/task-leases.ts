/**
 * Leases on task rows: renewed, released, read, overdue. Only token and worker prove a lease; every statement that could
 * meet a flush skips the rows it holds, because the flush is about to end them.
 */
import type { Queryable } from "../client";
import type { About } from "../payload-codec";
import { payloadsOf, sealJson } from "../sealed-payloads";

/** What makes a leased row ready again. Its token lives until the next lease gives it another: a result may still come first. */
export const RELEASED = `worker_id = null, leased_at = null, lease_expires_at = null,
  attempt_deadline_at = null, heartbeat_deadline_at = null, request_id = null, confirmed = false`;

/** What a ready task asks of a worker. */
export interface ReadyKind {
  namespaceId: number;
  queue: string;
  task: string;
  /** The worker that it is for, for a while; undefined: any. */
  worker?: bigint;
}

export interface NamedLease {
  executionId: bigint;
  taskId: bigint;
  secret: bigint;
}

/** On the task's row, and once that is gone: the same text, so the same place. */
export function aboutHeartbeat(namespaceId: number, executionId: bigint): About {
  return { namespaceId, of: executionId, as: "heartbeat" };
}

/** A heartbeat for one lease. `details`: JSON text, or null to keep what the last one brought. */
export interface Renewal extends NamedLease {
  details: string | null;
}

/** Renews and confirms leases; answers the ids of the tasks whose lease lives, which one that was released does not. */
export async function renewLeases(
  db: Queryable,
  namespaceId: number,
  renewals: readonly Renewal[],
  { now, leaseMs }: { now: Date; leaseMs: number },
): Promise<Set<bigint>> {
  const payloads = payloadsOf(db);
  await payloads.prepare([namespaceId]);
  const { rows } = await db.query<{ id: bigint }>({
    name: "renew-leases",
    text: `with named as (
             select * from unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::text[]) as n(execution_id, id, token, details)
           ), taken as materialized (
             select t.execution_id, t.id, n.details from tasks t join named n using (execution_id, id)
             where t.namespace_id = $1 and t.lease_token = n.token and t.worker_id is not null
             for update of t skip locked
           ), renewed as (
             update tasks t set
               confirmed = true,
               lease_expires_at = $6::timestamptz + make_interval(secs => $7 / 1000.0),
               heartbeat_deadline_at = $6::timestamptz + make_interval(secs => t.heartbeat_timeout_ms / 1000.0),
               heartbeat_details = coalesce(taken.details, t.heartbeat_details)
             from taken where t.execution_id = taken.execution_id and t.id = taken.id
           )
           select t.id from tasks t join named n using (execution_id, id)
           where t.namespace_id = $1 and t.lease_token = n.token and t.worker_id is not null`,
    values: [
      namespaceId,
      renewals.map((renewal) => renewal.executionId),
      renewals.map((renewal) => renewal.taskId),
      renewals.map((renewal) => renewal.secret),
      renewals.map(
        ({ executionId, details }) => details && sealJson(payloads, details, aboutHeartbeat(namespaceId, executionId)),
      ),
      now,
      leaseMs,
    ],
  });
  return new Set(rows.map((row) => row.id));
}

export interface LeaseRow {
  id: bigint;
  workerId: bigint;
  queue: string;
  readyAt: Date;
  leasedAt: Date;
}

/** The rows of leases that live, by task. */
export async function readLeases(
  db: Queryable,
  namespaceId: number,
  leases: readonly NamedLease[],
): Promise<Map<bigint, LeaseRow>> {
  const { rows } = await db.query<LeaseRow>({
    name: "read-leases",
    text: `select t.id, t.worker_id as "workerId", t.queue, t.ready_at as "readyAt", t.leased_at as "leasedAt"
           from tasks t
           join unnest($2::bigint[], $3::bigint[], $4::bigint[]) as n(execution_id, id, token) using (execution_id, id)
           where t.namespace_id = $1 and t.lease_token = n.token and t.worker_id is not null`,
    values: [
      namespaceId,
      leases.map((lease) => lease.executionId),
      leases.map((lease) => lease.taskId),
      leases.map((lease) => lease.secret),
    ],
  });
  return new Map(rows.map((row) => [row.id, row]));
}

/** Moves lease and heartbeat deadlines of all leases to at least then; attempt and queue deadlines stay. */
export async function extendLeases(db: Queryable, until: Date): Promise<void> {
  await db.query({
    name: "extend-leases",
    text: `with taken as materialized (
             select execution_id, id from tasks
             where worker_id is not null and (lease_expires_at < $1 or heartbeat_deadline_at < $1)
             for update skip locked
           )
           update tasks t set
             lease_expires_at = greatest(t.lease_expires_at, $1),
             heartbeat_deadline_at = case when t.heartbeat_deadline_at is not null
               then greatest(t.heartbeat_deadline_at, $1) end
           from taken where t.execution_id = taken.execution_id and t.id = taken.id`,
    values: [until],
  });
}

/**
 * Of these kinds, those with ready tasks: each as often as it has some, at most `most` times. In the same statement the
 * workers that wait for them are noted as heard of: a parked poll is a sign of life, and may last longer than silence may.
 */
export async function readyKinds(
  db: Queryable,
  kinds: readonly ReadyKind[],
  most: number,
  waiting: { workers: readonly bigint[]; now: Date },
): Promise<ReadyKind[]> {
  const { rows } = await db.query<ReadyKind>({
    name: "ready-kinds",
    text: `with seen as (
             update workers set last_seen_at = $6
             where id = any($5::bigint[]) and last_seen_at <= $6::timestamptz - interval '1.5 s'
           )
           select k.namespace_id as "namespaceId", k.queue, k.task
           from unnest($1::int[], $2::text[], $3::text[]) as k(namespace_id, queue, task)
           cross join lateral (
             select from tasks t
             where t.namespace_id = k.namespace_id and t.queue = k.queue and t.task = k.task
               and t.worker_id is null and not t.held and t.admitted
               and (t.sticky_worker_id is null or t.sticky_worker_id = any($5) or t.sticky_until <= $6)
             limit $4
           ) ready`,
    values: [
      kinds.map((kind) => kind.namespaceId),
      kinds.map((kind) => kind.queue),
      kinds.map((kind) => kind.task),
      most,
      waiting.workers,
      waiting.now,
    ],
  });
  return rows;
}
