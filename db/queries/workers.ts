/** Workers with what they hold now. */
import type { Query } from "@/db/queries/query";

export interface WorkerListRow {
  id: bigint;
  name: string | null;
  queues: string[];
  tasks: string[];
  language: string;
  sdk_version: string;
  capacity: number;
  /** JSON text. */
  metadata: string;
  registered_at: Date;
  last_seen_at: Date;
  draining: boolean;
  running: number;
}

/** Newest first. */
export function workersPage(namespaceId: number, before: bigint | null, limit: number): Query<WorkerListRow> {
  return {
    name: "workers-page",
    text: `select w.id, w.name, w.queues, w.tasks, w.language, w.sdk_version, w.capacity, w.metadata, w.registered_at,
        w.last_seen_at, w.draining, held.running
      from (
        select * from workers where namespace_id = $1 and not internal and ($2::bigint is null or id < $2) order by id desc limit $3
      ) w
      cross join lateral (select count(*)::int as running from tasks t where t.worker_id = w.id) held
      order by w.id desc`,
    values: [namespaceId, before, limit],
  };
}
