/** Workers as they registered, and when they were last heard of. */
import { sql } from "drizzle-orm";
import { boolean, index, integer, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";
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
    /** The engine itself, which calls URLs for this namespace's http steps. No list shows it, and no caller is it. */
    internal: boolean("internal").notNull().default(false),
  },
  (t) => [
    index("workers_of_namespace").on(t.namespaceId, t.id),
    uniqueIndex("workers_internal").on(t.namespaceId).where(sql`${t.internal}`),
  ],
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
