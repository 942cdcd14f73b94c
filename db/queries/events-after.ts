/** The end of a history, and where its execution is, as of one moment. */
import type { Queryable } from "@/db/client";
import { openRows } from "@/db/sealed-payloads";
import { aboutEvent } from "@/db/stores/histories";

type Tail = { last: number; closed: boolean } & (
  | { sequence: null }
  | { sequence: number; type: string; at: Date; actor: string; command: number; data: string }
);

/** At least one row where the execution exists: with `sequence` null where nothing follows. */
export async function eventsAfter(
  db: Queryable,
  namespaceId: number,
  executionId: bigint,
  after: number,
  limit: number,
): Promise<Tail[]> {
  const { rows } = await db.query<Tail>({
    name: "events-after",
    text: `select x.sequence as last, x.closed_at is not null as closed, e.*
           from executions x left join lateral (
             select sequence, type, at, actor, command, data from events
             where execution_id = $2 and sequence > $3 order by sequence limit $4
           ) e on true
           where x.id = $2 and x.namespace_id = $1
           order by e.sequence`,
    values: [namespaceId, executionId, after, limit],
  });
  const events = rows.filter((row) => row.sequence !== null);
  if (events.length === 0) return rows;
  return openRows(db, events, {
    columns: ["data"],
    about: ({ sequence }) => aboutEvent(namespaceId, executionId, sequence),
  });
}
