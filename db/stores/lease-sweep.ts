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
  /** Its heartbeats told how far it was. */
  hasDetails: boolean;
}

export interface Sweep {
  overdue: OverdueTask[];
  /** What became ready, because leases that nobody had named were released; and http steps that wait, in each namespace. */
  ready: ReadyKind[];
  /** Queues with ready tasks that a rate may have kept from being leased. */
  limited: { namespaceId: number; queue: string }[];
  /** Some tasks wait for others of their concurrency key. */
  keptBack: boolean;
  /** Whether there is anything whose deadline may come. */
  watched: boolean;
}

const EPOCH_MS = (column: string) => `(extract(epoch from ${column}) * 1000)::float8`;
const OVERDUE = `json_build_object(
  'executionId', execution_id::text, 'taskId', id::text, 'namespaceId', namespace_id, 'queue', queue, 'step', step,
  'workerId', worker_id::text, 'token', lease_token::text,
  'readyAt', ${EPOCH_MS("ready_at")}, 'leasedAt', ${EPOCH_MS("leased_at")},
  'leaseExpiresAt', case when confirmed then ${EPOCH_MS("lease_expires_at")} end,
  'attemptDeadlineAt', ${EPOCH_MS("attempt_deadline_at")}, 'heartbeatDeadlineAt', ${EPOCH_MS("heartbeat_deadline_at")},
  'hasDetails', heartbeat_details is not null)`;

/**
 * Releases the leases that ran unnamed until they have less than `unnamedLeftMs` to live, and reads what is overdue, at
 * most `limit` of each sort. An attempt's own time-outs count even where the lease was never named. Nobody polls for http
 * steps, so that nobody else looks for those whose announcement was lost.
 */
export async function sweepDeadlines(
  db: Queryable,
  { now, unnamedLeftMs, limit }: { now: Date; unnamedLeftMs: number; limit: number },
): Promise<Sweep> {
  const { rows } = await db.query<Sweep>({
    name: "sweep-deadlines",
    text: `with recursive unnamed as materialized (
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
           ), http as (
             (select namespace_id from tasks where queue = 'cerebelum.http' and worker_id is null and not held
              order by namespace_id limit 1)
             union all
             select (select t.namespace_id from tasks t
                     where t.queue = 'cerebelum.http' and t.worker_id is null and not t.held
                       and t.namespace_id > http.namespace_id
                     order by t.namespace_id limit 1)
             from http where http.namespace_id is not null
           ), ready as (
             select namespace_id, queue, task from released where not held
             union all
             select namespace_id, 'cerebelum.http', 'cerebelum.http' from http
             where namespace_id is not null and not exists (
               select from queue_limits l where l.namespace_id = http.namespace_id and l.queue = 'cerebelum.http' and l.paused)
           ), limited as (
             select l.namespace_id, l.queue from queue_limits l
             where l.rate_limit is not null and not l.paused and exists (
               select from tasks t where t.namespace_id = l.namespace_id and t.queue = l.queue
                 and t.worker_id is null and not t.held and t.admitted)
           )
           select
             coalesce((select json_agg(${OVERDUE}) from overdue), '[]') as overdue,
             coalesce((select json_agg(json_build_object('namespaceId', namespace_id, 'queue', queue, 'task', task))
               from ready), '[]') as ready,
             coalesce((select json_agg(json_build_object('namespaceId', namespace_id, 'queue', queue)) from limited), '[]')
               as limited,
             exists (select from tasks where not admitted and not held) as "keptBack",
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

/** Puts tasks within reach that others of their key keep back no longer, of at most `most` keys. */
export async function admitKeptBack(db: Queryable, now: Date, most: number): Promise<ReadyKind[]> {
  const { rows } = await db.query<{ admitted: ReadyKind[] }>({
    name: "admit-kept-back",
    text: "select admit_kept_back($1, $2) as admitted",
    values: [now, most],
  });
  return rows[0]?.admitted ?? [];
}
