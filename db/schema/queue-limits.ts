/** What a queue may give out at most, and how much of that is left. A queue without a row has no limits. */
import { boolean, doublePrecision, integer, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { instant } from "./columns";

export const queueLimits = pgTable(
  "queue_limits",
  {
    namespaceId: integer("namespace_id").notNull(),
    queue: text("queue").notNull(),
    /** Gives out nothing; what is leased goes on. */
    paused: boolean("paused").notNull().default(false),
    /** So many tasks in so long; null: as many as are asked for. */
    rateLimit: integer("rate_limit"),
    ratePerMs: integer("rate_per_ms"),
    /** The same for each concurrency key by itself. */
    keyRateLimit: integer("key_rate_limit"),
    keyRatePerMs: integer("key_rate_per_ms"),
  },
  (t) => [primaryKey({ columns: [t.namespaceId, t.queue] })],
);

/** Token buckets: the queue's own under the empty key. */
export const rateBuckets = pgTable(
  "rate_buckets",
  {
    namespaceId: integer("namespace_id").notNull(),
    queue: text("queue").notNull(),
    key: text("key").notNull(),
    tokens: doublePrecision("tokens").notNull(),
    /** When they were counted. */
    at: instant("at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.namespaceId, t.queue, t.key] })],
);
