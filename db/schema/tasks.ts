/**
 * Tasks: dispatches that no event has ended yet. A row is ready while it has no worker, leased while it has one, and
 * gone once the history says how it ended. Leases are a projection: they touch these rows only, never an execution.
 *
 *   ready --lease--> leased, unconfirmed --heartbeat--> leased, confirmed --result or expiry--> gone
 *     ^                        |                              |
 *     +------ 5 s unnamed -----+------- worker leaves --------+        (a new token each time)
 */
import { sql } from "drizzle-orm";
import { bigint, boolean, index, integer, pgTable, primaryKey, smallint, text } from "drizzle-orm/pg-core";
import { instant, key } from "./columns";

export const tasks = pgTable(
  "tasks",
  {
    executionId: key("execution_id").notNull(),
    id: key("id").notNull(),
    namespaceId: integer("namespace_id").notNull(),
    priority: smallint("priority").notNull(),
    /** A paused execution's tasks are held: leasing passes them by without a look at the execution. */
    held: boolean("held").notNull().default(false),
    confirmed: boolean("confirmed").notNull().default(false),
    readyAt: instant("ready_at").notNull(),
    queue: text("queue").notNull(),
    task: text("task").notNull(),
    /** Where the step is in its graph, as the engine encodes it in lease tokens. */
    step: text("step").notNull(),
    attemptTimeoutMs: bigint("attempt_timeout_ms", { mode: "number" }),
    heartbeatTimeoutMs: bigint("heartbeat_timeout_ms", { mode: "number" }),
    queueDeadlineAt: instant("queue_deadline_at"),
    workerId: key("worker_id"),
    leaseToken: key("lease_token"),
    leasedAt: instant("leased_at"),
    /** When an unrenewed lease runs out; moved by heartbeats. */
    leaseExpiresAt: instant("lease_expires_at"),
    attemptDeadlineAt: instant("attempt_deadline_at"),
    heartbeatDeadlineAt: instant("heartbeat_deadline_at"),
    requestId: text("request_id"),
    heartbeatDetails: text("heartbeat_details"),
    /** Tasks of one queue with the same key share the limit; null: no limit. */
    concurrencyKey: text("concurrency_key"),
    concurrencyLimit: integer("concurrency_limit"),
    /** Until then no other worker is given it. */
    stickyWorkerId: key("sticky_worker_id"),
    stickyUntil: instant("sticky_until"),
    /** Lower is sooner: when it became ready, in epoch milliseconds, a minute earlier for each point of priority. */
    rank: bigint("rank", { mode: "number" }).notNull().default(0),
    /** False: others with its concurrency key are before it. Such a task is in no worker's reach. */
    admitted: boolean("admitted").notNull().default(true),
  },
  (t) => [
    primaryKey({ columns: [t.executionId, t.id] }),
    index("tasks_ready")
      .on(t.namespaceId, t.queue, t.task, t.rank, t.id)
      .where(sql`${t.workerId} is null and not ${t.held} and ${t.admitted}`),
    index("tasks_keyed")
      .on(t.namespaceId, t.queue, t.concurrencyKey, t.admitted, t.rank, t.id)
      .where(sql`${t.concurrencyKey} is not null`),
    index("tasks_kept_back")
      .on(t.namespaceId, t.queue, t.concurrencyKey)
      .where(sql`not ${t.admitted} and not ${t.held}`),
    // Finds the namespaces whose http steps wait, for nobody polls their queue.
    index("tasks_http_ready")
      .on(t.namespaceId)
      .where(sql`${t.queue} = 'cerebelum.http' and ${t.workerId} is null and not ${t.held}`),
    index("tasks_leased").on(t.workerId).where(sql`${t.workerId} is not null`),
    index("tasks_queue_deadline")
      .on(t.queueDeadlineAt)
      .where(sql`${t.queueDeadlineAt} is not null and ${t.workerId} is null`),
  ],
);
