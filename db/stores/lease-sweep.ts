/** What one look at all deadlines of tasks finds, and puts right by itself where no history is touched. */
import type { Queryable } from "../client";
import { RELEASED, type ReadyKind } from "./task-leases";

/** Keys are decimal text and instants epoch milliseconds: they come as JSON. The worker is null in a queue. */
export interface OverdueTask {
  executionId: string;
  taskId: string;
  namespaceId: number;
  queue: string;
  step: string;
  workerId: string | null;
  /** The row's, as it was seen; null where it was never leased. */
  token: string | null;
  readyAt: number;
  leasedAt: number | null;
  /** Null where confirmed is false: such a lease is released, never judged. */
  leaseExpiresAt: number | null;
  attemptDeadlineAt: number | null;
  heartbeatDeadlineAt: number | null;
}

export interface Sweep {
  overdue: OverdueTask[];
  /** What became ready, because leases that nobody had named were released. */
  released: ReadyKind[];
  /** Whether there is anything whose deadline may come. */
  watched: boolean;
}

const EPOCH_MS = (column: string) => `(extract(epoch from ${column}) * 1000)::float8`;
const OVERDUE = `json_build_object(
  'executionId', execution_id::text, 'taskId', id::text, 'namespaceId', namespace_id, 'queue', queue, 'step', step,
  'workerId', worker_id::text, 'token', lease_token::text,
  'readyAt', ${EPOCH_MS("ready_at")}, 'leasedAt', ${EPOCH_MS("leased_at")},
  'leaseExpiresAt', case when confirmed then ${EPOCH_MS("lease_expires_at")} end,
  'attemptDeadlineAt', ${EPOCH_MS("attempt_deadline_at")}, 'heartbeatDeadlineAt', ${EPOCH_MS("heartbeat_deadline_at")})`;

/**
 * Releases the leases that ran unnamed until they have less than `unnamedLeftMs` to live, and reads what is overdue, at
 * most `limit` of each sort. An attempt's own time-outs count even where the lease was never named.
 */
export async function sweepDeadlines(
  db: Queryable,
  { now, unnamedLeftMs, limit }: { now: Date; unnamedLeftMs: number; limit: number },
): Promise<Sweep> {
  const { rows } = await db.query<Sweep>({
    name: "sweep-deadlines",
    text: `with unnamed as materialized (
             select execution_id, id from tasks
             where worker_id is not null and not confirmed
               and lease_expires_at <= $1::timestamptz + make_interval(secs => $2 / 1000.0)
               and (attempt_deadline_at > $1) is not false and (heartbeat_deadline_at > $1) is not false
             limit $3 for update skip locked
           ), released as (
             update tasks t set ${RELEASED} from unnamed
             where t.execution_id = unnamed.execution_id and t.id = unnamed.id
             returning t.namespace_id, t.queue, t.task, t.held
           ), overdue as (
             (select * from tasks where worker_id is not null
                and (confirmed and lease_expires_at <= $1 or attempt_deadline_at <= $1 or heartbeat_deadline_at <= $1)
              limit $3)
             union all
             (select * from tasks where worker_id is null and queue_deadline_at <= $1 and not held limit $3)
           )
           select
             coalesce((select json_agg(${OVERDUE}) from overdue), '[]') as overdue,
             coalesce((select json_agg(json_build_object('namespaceId', namespace_id, 'queue', queue, 'task', task))
               from released where not held), '[]') as released,
             exists (select from tasks where worker_id is not null)
               or exists (select from tasks where queue_deadline_at is not null and worker_id is null) as watched`,
    values: [now, unnamedLeftMs, limit],
  });
  const sweep = rows[0];
  if (sweep === undefined) throw new Error("the sweep answered no row");
  return sweep;
}

/** Takes tasks out of every queue and deadline, because their execution cannot be decided on until it is repaired. */
export async function holdTasks(
  db: Queryable,
  tasks: readonly { namespaceId: number; executionId: bigint; taskId: bigint }[],
): Promise<void> {
  await db.query({
    name: "hold-tasks",
    text: `with taken as materialized (
             select t.execution_id, t.id
             from tasks t join unnest($1::int[], $2::bigint[], $3::bigint[]) as n(namespace_id, execution_id, id)
               using (namespace_id, execution_id, id)
             for update of t skip locked
           )
           update tasks t set ${RELEASED}, held = true from taken
           where t.execution_id = taken.execution_id and t.id = taken.id`,
    values: [
      tasks.map((task) => task.namespaceId),
      tasks.map((task) => task.executionId),
      tasks.map((task) => task.taskId),
    ],
  });
}
