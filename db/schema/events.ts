/**
 * The histories. Append-only; the primary key makes order and gaplessness the database's business. The migration
 * partitions the table by range of the execution's key, that is by its creation, so that a history lies in one partition.
 */
import { integer, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { bytes, instant, key } from "./columns";

export const events = pgTable(
  "events",
  {
    executionId: key("execution_id").notNull(),
    at: instant("at").notNull(),
    sequence: integer("sequence").notNull(),
    namespaceId: integer("namespace_id").notNull(),
    /** Sequence of the first event that the same command wrote. */
    command: integer("command").notNull(),
    type: text("type").notNull(),
    actor: text("actor").notNull(),
    /** JSON text, exactly as it is hashed and sent. */
    data: text("data").notNull(),
  },
  (t) => [primaryKey({ columns: [t.executionId, t.sequence] })],
);

/** Values too large for their event, by the SHA-256 of their JSON text. */
export const payloads = pgTable(
  "payloads",
  {
    executionId: key("execution_id").notNull(),
    namespaceId: integer("namespace_id").notNull(),
    hash: bytes("hash").notNull(),
    body: text("body").notNull(),
  },
  (t) => [primaryKey({ columns: [t.executionId, t.hash] })],
);

/** Folded states of long histories: a shortcut, never the truth. One of another state version is ignored. */
export const snapshots = pgTable(
  "snapshots",
  {
    executionId: key("execution_id").notNull(),
    sequence: integer("sequence").notNull(),
    namespaceId: integer("namespace_id").notNull(),
    stateVersion: integer("state_version").notNull(),
    head: bytes("head").notNull(),
    state: text("state").notNull(),
  },
  (t) => [primaryKey({ columns: [t.executionId, t.sequence] })],
);
