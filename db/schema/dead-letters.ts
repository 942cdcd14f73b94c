/**
 * Dead letters: the innermost step whose failure an execution failed by, one row each time it does, written with the event
 * that says so. `fingerprint` groups those that look like one cause, whatever workflow they come from.
 */
import { index, integer, pgEnum, pgTable, text } from "drizzle-orm/pg-core";
import { instant, key } from "./columns";

export const deadLetterStatus = pgEnum("dead_letter_status", ["open", "retried", "resolved"]);

export const deadLetters = pgTable(
  "dead_letters",
  {
    id: key("id").primaryKey(),
    namespaceId: integer("namespace_id").notNull(),
    executionId: key("execution_id").notNull(),
    workflowId: integer("workflow_id").notNull(),
    workflow: text("workflow").notNull(),
    version: integer("version").notNull(),
    /** The step's path, and the item of each map around it. */
    node: text("node").notNull(),
    index: integer("index").array(),
    iteration: integer("iteration").notNull(),
    attempts: integer("attempts").notNull(),
    /** JSON text of the whole error; code and message stand for themselves in lists and groups. */
    error: text("error").notNull(),
    code: text("code").notNull(),
    message: text("message").notNull(),
    fingerprint: text("fingerprint").notNull(),
    status: deadLetterStatus("status").notNull(),
    createdAt: instant("created_at").notNull(),
    note: text("note"),
    resolvedBy: text("resolved_by"),
    resolvedAt: instant("resolved_at"),
  },
  (t) => [
    index("dead_letters_by_status").on(t.namespaceId, t.status, t.id),
    index("dead_letters_by_workflow").on(t.namespaceId, t.workflowId, t.status, t.id),
    index("dead_letters_by_code").on(t.namespaceId, t.code, t.status, t.id),
    // Status before fingerprint, and the workflow at its end: groups are counted from this index alone.
    index("dead_letters_by_fingerprint").on(t.namespaceId, t.status, t.fingerprint, t.id, t.workflowId),
    index("dead_letters_of_execution").on(t.executionId, t.id),
  ],
);
