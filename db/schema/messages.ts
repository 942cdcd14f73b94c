/**
 * Messages between executions: written by the flush that decided them, taken out by the flush that takes their effect. The
 * row is what makes a message happen once: a second delivery finds it gone.
 */
import { integer, pgEnum, pgTable, primaryKey, smallint, text } from "drizzle-orm/pg-core";
import { instant, key } from "./columns";

export const messageKind = pgEnum("message_kind", ["start-child", "cancel-child", "tell-parent"]);

export const messages = pgTable(
  "messages",
  {
    sourceExecutionId: key("source_execution_id").notNull(),
    /** Of the event that it follows from, and its place among that event's messages. */
    sourceSequence: integer("source_sequence").notNull(),
    position: smallint("position").notNull(),
    namespaceId: integer("namespace_id").notNull(),
    kind: messageKind("kind").notNull(),
    targetExecutionId: key("target_execution_id").notNull(),
    /** JSON text; a large value in it is a reference to the values of the source. */
    payload: text("payload").notNull(),
    createdAt: instant("created_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.sourceExecutionId, t.sourceSequence, t.position] })],
);
