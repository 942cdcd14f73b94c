/** Workers that are the engine itself: one a namespace, which every engine process leases for. No list shows them. */
import type { Queryable } from "../client";
import { type NamedLease, RELEASED } from "./task-leases";

/** The namespace's, made where it has none yet. Its leases, like all others, are told apart by their tokens. */
export async function internalWorker(
  db: Queryable,
  worker: { id: bigint; namespaceId: number; queue: string; task: string; capacity: number; at: Date },
): Promise<bigint> {
  const { rows } = await db.query<{ id: bigint }>({
    name: "internal-worker",
    text: `insert into workers (id, namespace_id, internal, queues, tasks, language, sdk_version, capacity, metadata,
             registered_at, last_seen_at)
           values ($1, $2, true, array[$3], array[$4], 'engine', '', $5, '{}', $6, $6)
           on conflict (namespace_id) where internal do update set last_seen_at = excluded.last_seen_at
           returning id`,
    values: [worker.id, worker.namespaceId, worker.queue, worker.task, worker.capacity, worker.at],
  });
  const row = rows[0];
  if (row === undefined) throw new Error("an internal worker was neither made nor found");
  return row.id;
}

/** Their tasks are ready again at once, and no attempt is counted; a lease that lives no longer is passed by. */
export async function releaseLeases(db: Queryable, namespaceId: number, leases: readonly NamedLease[]): Promise<void> {
  await db.query({
    name: "release-leases",
    text: `with taken as materialized (
             select t.execution_id, t.id from tasks t
             join unnest($2::bigint[], $3::bigint[], $4::bigint[]) as n(execution_id, id, token) using (execution_id, id)
             where t.namespace_id = $1 and t.lease_token = n.token and t.worker_id is not null
             for update of t skip locked
           )
           update tasks t set ${RELEASED} from taken where t.execution_id = taken.execution_id and t.id = taken.id`,
    values: [
      namespaceId,
      leases.map((lease) => lease.executionId),
      leases.map((lease) => lease.taskId),
      leases.map((lease) => lease.secret),
    ],
  });
}
