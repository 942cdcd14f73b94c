/** Pages of histories, and the large values they refer to. */
import type { Query } from "@/db/queries/query";
import { aboutEvent, aboutValue } from "@/db/stores/histories";

export interface EventListRow {
  namespace_id: number;
  sequence: number;
  type: string;
  at: Date;
  actor: string;
  command: number;
  /** JSON text. */
  data: string;
}

export function eventsPage(executionId: bigint, after: number, limit: number): Query<EventListRow> {
  return {
    name: "events-page",
    text: `select namespace_id, sequence, type, at, actor, command, data from events
      where execution_id = $1 and sequence > $2 order by sequence limit $3`,
    values: [executionId, after, limit],
    sealed: {
      columns: ["data"],
      about: ({ namespace_id, sequence }) => aboutEvent(namespace_id, executionId, sequence),
    },
  };
}

/** JSON text by hash (hex). */
export function valuesByHash(
  executionId: bigint,
  hashes: readonly string[],
): Query<{ namespace_id: number; hash: string; body: string }> {
  return {
    name: "values-by-hash",
    text: `select namespace_id, encode(hash, 'hex') as hash, body from payloads
      where execution_id = $1 and hash = any($2::bytea[])`,
    values: [executionId, hashes.map((hash) => Buffer.from(hash, "hex"))],
    sealed: { columns: ["body"], about: ({ namespace_id, hash }) => aboutValue(namespace_id, executionId, hash) },
  };
}

/** The first event of one of these types, from that sequence on. */
export function firstOfTypes(executionId: bigint, types: readonly string[], from: number): Query<{ sequence: number }> {
  return {
    name: "first-of-types",
    text: `select sequence from events where execution_id = $1 and sequence >= $3 and type = any($2)
      order by sequence limit 1`,
    values: [executionId, types, from],
  };
}
