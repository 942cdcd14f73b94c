/**
 * What flushes do not announce, each as a mark that is another one after a change: one statement for all namespaces that are
 * followed, whose cost goes by their workers, schedules and workflows, not by executions.
 */
import type { Query } from "@/db/queries/query";
import type { ChangedRoom } from "@/lib/contract/changes";

export interface RoomMark {
  namespace_id: number;
  room: Extract<ChangedRoom, "workers" | "schedules" | "workflows" | "queues" | "operations">;
  mark: string;
}

/**
 * @param aliveSince workers that were not heard of since then are gone
 * @param finishedSince operations that finished before that are not looked at
 */
export function roomMarks(
  namespaceIds: readonly number[],
  { aliveSince, finishedSince }: { aliveSince: Date; finishedSince: Date },
): Query<RoomMark> {
  return {
    name: "room-marks",
    text: `select n.id as namespace_id, marks.room, marks.mark from unnest($1::int[]) n(id) cross join lateral (
        select 'workers' as room, concat_ws(' ', count(*), max(w.id), count(*) filter (where w.draining),
          count(*) filter (where w.last_seen_at >= $2)) as mark
        from workers w where w.namespace_id = n.id and not w.internal
        union all
        select 'schedules', concat_ws(' ', count(*), sum(s.revision), max(s.id), max(s.last_execution_id), max(s.next_run_at),
          count(s.last_error), sum(s.skipped + s.missed))
        from schedules s where s.namespace_id = n.id
        union all
        select 'workflows', concat_ws(' ', count(*), sum(f.latest_version), count(f.archived_at),
          (select concat_ws(' ', count(*), sum(d.revision)) from workflow_drafts d where d.namespace_id = n.id))
        from workflows f where f.namespace_id = n.id
        union all
        select 'queues', md5(string_agg(q::text, ' ' order by q.queue)) from queue_limits q where q.namespace_id = n.id
        union all
        select 'operations', concat_ws(' ', count(*), max(o.id), sum(o.total), sum(o.done + o.failed), count(o.finished_at))
        from (
          select id, total, done, failed, finished_at from operations where namespace_id = n.id and finished_at is null
          union all
          select id, total, done, failed, finished_at from operations where namespace_id = n.id and finished_at >= $3
        ) o
      ) marks`,
    values: [namespaceIds, aliveSince, finishedSince],
  };
}
