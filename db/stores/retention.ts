/** Closed executions that are older than their namespace keeps them, and the partitions that they leave empty. */
import type { ClosedStatus } from "@/lib/contract/namespace-settings";
import type { Queryable } from "../client";

/** Of one transaction, whichever is reached first: it must take no longer than a moment. */
const EXECUTIONS_AT_ONCE = 500;
const EVENTS_AT_ONCE = 20_000;

/** How many of those that closed longest ago were removed; `busy`: another process removes some right now. */
export async function removeClosed(
  db: Queryable,
  namespaceId: number,
  status: ClosedStatus,
  before: Date,
): Promise<number | "busy"> {
  const { rows } = await db.query<{ removed: number }>({
    name: "remove-closed",
    text: "select remove_closed($1, $2, $3, $4, $5) as removed",
    values: [namespaceId, status, before, EXECUTIONS_AT_ONCE, EVENTS_AT_ONCE],
  });
  const removed = rows[0]?.removed ?? 0;
  return removed < 0 ? "busy" : removed;
}

/** How many of a deleted namespace were removed, of those that are closed or in quarantine. */
export async function removeEnded(db: Queryable, namespaceId: number): Promise<number> {
  const { rows } = await db.query<{ removed: number }>({
    name: "remove-ended",
    text: "select remove_ended($1, $2, $3) as removed",
    values: [namespaceId, EXECUTIONS_AT_ONCE, EVENTS_AT_ONCE],
  });
  return rows[0]?.removed ?? 0;
}

/** Null where there is none to drop, or somebody is in the way just now. */
export async function dropEmptyPartition(db: Queryable, now: Date): Promise<string | null> {
  const { rows } = await db.query<{ dropped: string | null }>("select drop_empty_event_partition($1) as dropped", [
    now,
  ]);
  return rows[0]?.dropped ?? null;
}
