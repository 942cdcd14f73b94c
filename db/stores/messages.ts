/** Messages between executions, until the flush that takes their effect takes them out. */
import type { Queryable } from "../client";
import type { About } from "../payload-codec";
import { openRows } from "../sealed-payloads";

export interface MessageRow {
  sequence: number;
  position: number;
  kind: "start-child" | "cancel-child" | "tell-parent";
  target: bigint;
  /** JSON text. */
  payload: string;
}

/** Up to `limit` messages of one source after a place, in the order in which they were decided. */
export async function readMessages(
  db: Queryable,
  namespaceId: number,
  source: bigint,
  after: { sequence: number; position: number },
  limit: number,
): Promise<MessageRow[]> {
  const { rows } = await db.query<MessageRow>({
    name: "read-messages",
    text: `select source_sequence as sequence, position, kind, target_execution_id as target, payload from messages
           where source_execution_id = $1 and namespace_id = $2 and (source_sequence, position) > ($3, $4)
           order by source_sequence, position limit $5`,
    values: [source, namespaceId, after.sequence, after.position, limit],
  });
  return openRows(db, rows, {
    columns: ["payload"],
    about: ({ sequence, position }) => aboutMessage(namespaceId, source, sequence, position),
  });
}

export function aboutMessage(namespaceId: number, source: bigint, sequence: number, position: number): About {
  return { namespaceId, of: source, as: `message ${sequence}.${position}` };
}

/** Of a message that can take no effect: nobody is there to take it. */
export async function removeMessage(
  db: Queryable,
  namespaceId: number,
  { source, sequence, position }: { source: bigint; sequence: number; position: number },
): Promise<void> {
  await db.query({
    name: "remove-message",
    text: `delete from messages
           where source_execution_id = $1 and source_sequence = $2 and position = $3 and namespace_id = $4`,
    values: [source, sequence, position, namespaceId],
  });
}

const PAGE = 2_000;

/**
 * Adds the jobs that should deliver and do not exist, for sources after one; see `addLostWakes`. What waits for an execution
 * in quarantine is left until that is lifted. Answers where to go on: null once nothing is left.
 */
export async function addLostDeliveries(db: Queryable, after: bigint): Promise<bigint | null> {
  const { rows } = await db.query<{ last: bigint | null; seen: number; added: number }>(
    `with waiting as (
       select m.source_execution_id as source, m.namespace_id from messages m
       where m.source_execution_id > $1::bigint and not exists (
         select from executions e where e.id = m.target_execution_id and e.status = 'quarantined')
       group by 1, 2 order by 1 limit ${PAGE}
     ), lost as (
       select array_agg(('deliver', json_build_object('source', w.source::text, 'namespace', w.namespace_id), null, null, 1000,
         'deliver:' || w.source, 0, null)::graphile_worker.job_spec) as specs
       from waiting w where not exists (
         select from graphile_worker.jobs j
         where j.key = 'deliver:' || w.source and j.attempts < j.max_attempts
           and (j.locked_at is null or j.locked_at > now() - interval '1 minute')
           and j.run_at <= now() + interval '1 minute'
       )
       having count(*) > 0
     )
     select max(source) as last, count(*)::int as seen,
       (select count(*)::int from lost, graphile_worker.add_jobs(lost.specs)) as added
     from waiting`,
    [after],
  );
  const [page] = rows;
  return page === undefined || page.seen < PAGE ? null : page.last;
}
