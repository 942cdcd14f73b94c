/** Workers as they registered, and when they were last heard of. */
import { boolean, index, integer, pgTable, text } from "drizzle-orm/pg-core";
import { instant, key } from "./columns";

export const workers = pgTable(
  "workers",
  {
    id: key("id").primaryKey(),
    namespaceId: integer("namespace_id").notNull(),
    name: text("name"),
    queues: text("queues").array().notNull(),
    tasks: text("tasks").array().notNull(),
    language: text("language").notNull(),
    sdkVersion: text("sdk_version").notNull(),
    capacity: integer("capacity").notNull(),
    metadata: text("metadata").notNull(),
    registeredAt: instant("registered_at").notNull(),
    lastSeenAt: instant("last_seen_at").notNull(),
    draining: boolean("draining").notNull().default(false),
  },
  (t) => [index("workers_of_namespace").on(t.namespaceId, t.id)],
);

/** How many tasks of a queue ended in each minute, for rates; old minutes are swept away. */
export const queueRates = pgTable(
  "queue_rates",
  {
    namespaceId: integer("namespace_id").notNull(),
    queue: text("queue").notNull(),
    minute: instant("minute").notNull(),
    ended: integer("ended").notNull(),
  },
  (t) => [index("queue_rates_minute").on(t.namespaceId, t.queue, t.minute)],
);
