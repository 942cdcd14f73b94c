/**
 * Executions: one row each, a projection of its history written in the same transaction. `sequence` is the guard
 * of every append; `head` the hash chain over the events; `nextWakeAt` the truth about timers (a graphile job
 * is only its alarm clock).
 */
import { sql } from "drizzle-orm";
import { index, integer, pgEnum, pgTable, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";
import { EXECUTION_STATUSES } from "../../lib/contract/executions";
import { bytes, instant, key } from "./columns";

export const executionStatus = pgEnum("execution_status", EXECUTION_STATUSES);

export const executions = pgTable(
  "executions",
  {
    id: key("id").primaryKey(),
    namespaceId: integer("namespace_id").notNull(),
    workflowId: integer("workflow_id").notNull(),
    version: integer("version").notNull(),
    sequence: integer("sequence").notNull(),
    status: executionStatus("status").notNull(),
    head: bytes("head").notNull(),
    nextWakeAt: instant("next_wake_at"),
    startedAt: instant("started_at"),
    closedAt: instant("closed_at"),
    /** The caller's own name for it. */
    key: text("key"),
    idempotencyKey: text("idempotency_key"),
    /** SHA-256 of the start request, kept where the same request may come again. */
    requestHash: bytes("request_hash"),
    correlationId: text("correlation_id"),
    tags: text("tags").array(),
    /** When it is to start, where that lay in the future; `startedAt` stays null until it does. */
    startAt: instant("start_at"),
    /** Whose step started it. */
    parentExecutionId: key("parent_execution_id"),
    /** Whose history its own begins with. */
    forkedFrom: key("forked_from"),
  },
  (t) => [
    index("executions_newest").on(t.namespaceId, t.id),
    index("executions_by_workflow").on(t.namespaceId, t.workflowId, t.id),
    index("executions_by_status").on(t.namespaceId, t.status, t.id),
    uniqueIndex("executions_key").on(t.namespaceId, t.key.op("text_pattern_ops")).where(sql`${t.key} is not null`),
    uniqueIndex("executions_idempotency_key")
      .on(t.namespaceId, t.idempotencyKey)
      .where(sql`${t.idempotencyKey} is not null`),
    index("executions_correlation")
      .on(t.namespaceId, t.correlationId.op("text_pattern_ops"), t.id)
      .where(sql`${t.correlationId} is not null`),
    index("executions_children")
      .on(t.namespaceId, t.parentExecutionId, t.id)
      .where(sql`${t.parentExecutionId} is not null`),
    // Those whose key tells nothing of their start: scheduled, forked or delayed ones. See the list's query.
    index("executions_started_apart")
      .on(t.namespaceId, t.startedAt, t.id)
      .where(
        sql`${t.startedAt} > to_timestamp((${t.id} >> 22) / 1000.0::float8 + 1735689600 + 60) or ${t.startedAt} < to_timestamp((${t.id} >> 22) / 1000.0::float8 + 1735689600 - 60)`,
      ),
    // What retention removes, the longest closed first.
    index("executions_closed").on(t.namespaceId, t.status, t.closedAt).where(sql`${t.closedAt} is not null`),
    index("executions_wake").on(t.nextWakeAt).where(sql`${t.nextWakeAt} is not null`),
  ],
);

/** Tags once more, for search by prefix; the row above carries them for display. */
export const executionTags = pgTable(
  "execution_tags",
  {
    namespaceId: integer("namespace_id").notNull(),
    tag: text("tag").notNull(),
    executionId: key("execution_id").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.namespaceId, t.tag, t.executionId] }),
    index("execution_tags_prefix").on(t.namespaceId, t.tag.op("text_pattern_ops"), t.executionId),
  ],
);

/**
 * How many executions a workflow has in each status, as a sum of deltas: every flush appends its own, so that no
 * two flushes wait for one counter, and a sweep folds them together.
 */
export const executionCounts = pgTable(
  "execution_counts",
  {
    workflowId: integer("workflow_id").notNull(),
    namespaceId: integer("namespace_id").notNull(),
    status: executionStatus("status").notNull(),
    delta: integer("delta").notNull(),
  },
  (t) => [index("execution_counts_workflow").on(t.namespaceId, t.workflowId)],
);
