/** Workers: registered, heard of, told to drain, gone. */
import type { Queryable } from "../client";
import { RELEASED, type ReadyKind } from "./task-leases";

export interface NewWorker {
  id: bigint;
  namespaceId: number;
  name: string | null;
  queues: string[];
  tasks: string[];
  language: string;
  sdkVersion: string;
  capacity: number;
  /** JSON text. */
  metadata: string;
  registeredAt: Date;
}

export interface WorkerRow {
  queues: string[];
  tasks: string[];
  draining: boolean;
}

export async function insertWorker(db: Queryable, worker: NewWorker): Promise<void> {
  await db.query({
    name: "insert-worker",
    text: `insert into workers (id, namespace_id, name, queues, tasks, language, sdk_version, capacity, metadata,
             registered_at, last_seen_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)`,
    values: [
      worker.id,
      worker.namespaceId,
      worker.name,
      worker.queues,
      worker.tasks,
      worker.language,
      worker.sdkVersion,
      worker.capacity,
      worker.metadata,
      worker.registeredAt,
    ],
  });
}

/**
 * Records that a worker was heard of, and reads what it declared; null where the namespace has no such worker. The row is
 * written at most every 1.5 s, however often and in however many processes the worker calls.
 */
export async function seeWorker(db: Queryable, namespaceId: number, id: bigint, at: Date): Promise<WorkerRow | null> {
  const { rows } = await db.query<WorkerRow>({
    name: "see-worker",
    text: `with seen as (
             update workers set last_seen_at = $3
             where id = $2 and namespace_id = $1 and not internal and last_seen_at <= $3::timestamptz - interval '1.5 s'
           )
           select queues, tasks, draining from workers where id = $2 and namespace_id = $1 and not internal`,
    values: [namespaceId, id, at],
  });
  return rows[0] ?? null;
}

/** No task is leased to it from now on. False where the namespace has no such worker. */
export async function markDraining(db: Queryable, namespaceId: number, id: bigint): Promise<boolean> {
  const { rowCount } = await db.query({
    name: "drain-worker",
    text: "update workers set draining = true where id = $2 and namespace_id = $1 and not internal",
    values: [namespaceId, id],
  });
  return rowCount === 1;
}

/** Removes a worker and releases what it holds; what became ready, or null where the namespace has no such worker. */
export async function deleteWorker(db: Queryable, namespaceId: number, id: bigint): Promise<ReadyKind[] | null> {
  const { rows } = await db.query<{ gone: boolean; ready: ReadyKind[] }>({
    name: "delete-worker",
    text: `with gone as (
             delete from workers where id = $2 and namespace_id = $1 and not internal returning id
           ), taken as materialized (
             select t.execution_id, t.id from tasks t join gone on t.worker_id = gone.id
             where t.namespace_id = $1
             order by t.execution_id, t.id for update of t
           ), released as (
             update tasks t set ${RELEASED} from taken
             where t.execution_id = taken.execution_id and t.id = taken.id
             returning t.namespace_id, t.queue, t.task, t.held
           )
           select exists (select from gone) as gone, coalesce((
             select json_agg(json_build_object('namespaceId', namespace_id, 'queue', queue, 'task', task))
             from released where not held), '[]') as ready`,
    values: [namespaceId, id],
  });
  const row = rows[0];
  return row?.gone === true ? row.ready : null;
}
