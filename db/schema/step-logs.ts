/**
 * What workers logged, and what the heartbeats of failed attempts carried: beside the histories, never in them, and gone with
 * their executions. One row of logs is what one message brought for one task.
 */
import { bigint, integer, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { key } from "./columns";

export const stepLogs = pgTable(
  "step_logs",
  {
    executionId: key("execution_id").notNull(),
    /** 1, 2, 3, … in the order in which they came; the oldest go once there is too much. */
    sequence: integer("sequence").notNull(),
    namespaceId: integer("namespace_id").notNull(),
    taskId: key("task_id").notNull(),
    node: text("node").notNull(),
    iteration: integer("iteration").notNull(),
    index: integer("index").array(),
    attempt: integer("attempt").notNull(),
    lines: integer("lines").notNull(),
    bytes: integer("bytes").notNull(),
    /** Of the execution, this row included: how much is kept is told from two rows, and nothing is counted. */
    linesSoFar: bigint("lines_so_far", { mode: "number" }).notNull(),
    bytesSoFar: bigint("bytes_so_far", { mode: "number" }).notNull(),
    /** JSON text: a list of lines. */
    body: text("body").notNull(),
  },
  (t) => [primaryKey({ columns: [t.executionId, t.sequence] })],
);

/** By the step's place in its graph, the last details that a failed attempt left. Without any there is no row. */
export const heartbeatDetails = pgTable(
  "heartbeat_details",
  {
    executionId: key("execution_id").notNull(),
    step: text("step").notNull(),
    namespaceId: integer("namespace_id").notNull(),
    /** Only attempts of the same iteration and round are told. */
    iteration: integer("iteration").notNull(),
    round: integer("round").notNull(),
    /** JSON text. */
    details: text("details").notNull(),
  },
  (t) => [primaryKey({ columns: [t.executionId, t.step] })],
);
