/**
 * Approvals: one row for each occurrence of one step's waiting for a person, a projection of the history written in its
 * transaction. Its id is its own, so that an early or late answer never meets another occurrence.
 */
import { sql } from "drizzle-orm";
import { index, integer, pgEnum, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { instant, key } from "./columns";

export const approvalStatus = pgEnum("approval_status", ["pending", "approved", "rejected", "expired", "cancelled"]);

export const approvals = pgTable(
  "approvals",
  {
    id: key("id").primaryKey(),
    namespaceId: integer("namespace_id").notNull(),
    executionId: key("execution_id").notNull(),
    /** Where the step is in its graph, as the engine encodes it in lease tokens. */
    step: text("step").notNull(),
    /** The same for people: its path, and the item of each map around it. */
    node: text("node").notNull(),
    index: integer("index").array(),
    iteration: integer("iteration").notNull(),
    status: approvalStatus("status").notNull(),
    title: text("title"),
    description: text("description"),
    assignees: text("assignees").array().notNull(),
    /** JSON text of the JSON Schema that the answer has to fit. */
    form: text("form"),
    /** JSON text of the answer's data, or, where it is large, of the reference to it among the execution's values. */
    data: text("data"),
    dataRef: text("data_ref"),
    requestedAt: instant("requested_at").notNull(),
    expiresAt: instant("expires_at"),
    decidedAt: instant("decided_at"),
    decidedBy: text("decided_by"),
    comment: text("comment"),
  },
  (t) => [
    index("approvals_by_status").on(t.namespaceId, t.status, t.id),
    // What waits for people, the soonest due first.
    index("approvals_due").on(t.namespaceId, t.expiresAt, t.id).where(sql`${t.status} = 'pending'`),
    index("approvals_of_execution").on(t.executionId, t.id),
  ],
);

/** Assignees once more, with the status, so that what waits for one of them is found newest first however much is decided. */
export const approvalAssignees = pgTable(
  "approval_assignees",
  {
    approvalId: key("approval_id").notNull(),
    /** In lower case: e-mail addresses are found in either. */
    assignee: text("assignee").notNull(),
    namespaceId: integer("namespace_id").notNull(),
    status: approvalStatus("status").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.approvalId, t.assignee] }),
    index("approval_assignees_list").on(t.namespaceId, t.assignee, t.status, t.approvalId),
  ],
);
