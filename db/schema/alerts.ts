/** Whom a namespace tells of failures, and what is still to be told or was told lately. */
import { sql } from "drizzle-orm";
import { boolean, index, integer, pgTable, text } from "drizzle-orm/pg-core";
import { instant, key } from "./columns";
import { namespaces } from "./namespaces";

export const alertDestinations = pgTable(
  "alert_destinations",
  {
    id: key("id").primaryKey(),
    namespaceId: integer("namespace_id")
      .notNull()
      .references(() => namespaces.id, { onDelete: "cascade" }),
    name: text("name").notNull(),
    /** `webhook`, `slack` or `email`. */
    kind: text("kind").notNull(),
    /** The URL or address, sealed with a key of the installation: a Slack URL is a secret. */
    sealedTarget: text("sealed_target").notNull(),
    /** What people may see of it: the host, or the address. */
    shownTarget: text("shown_target").notNull(),
    /** Of what it is told. */
    events: text("events").array().notNull(),
    /** A webhook's signing secret is derived from the installation's and this: a new number, a new secret. */
    secretVersion: integer("secret_version").notNull().default(1),
    enabled: boolean("enabled").notNull().default(true),
    createdAt: instant("created_at").notNull(),
    createdBy: text("created_by").notNull(),
  },
  (t) => [index("alert_destinations_of_namespace").on(t.namespaceId, t.id)],
);

export const alertDeliveries = pgTable(
  "alert_deliveries",
  {
    id: key("id").primaryKey(),
    namespaceId: integer("namespace_id").notNull(),
    destinationId: key("destination_id")
      .notNull()
      .references(() => alertDestinations.id, { onDelete: "cascade" }),
    event: text("event").notNull(),
    executionId: key("execution_id"),
    deadLetterId: key("dead_letter_id"),
    createdAt: instant("created_at").notNull(),
    attempts: integer("attempts").notNull().default(0),
    deliveredAt: instant("delivered_at"),
    /** Given up. */
    failedAt: instant("failed_at"),
    lastError: text("last_error"),
  },
  (t) => [
    index("alert_deliveries_of_destination").on(t.namespaceId, t.destinationId, t.id),
    index("alert_deliveries_of_execution").on(t.executionId).where(sql`${t.executionId} is not null`),
    index("alert_deliveries_open").on(t.id).where(sql`${t.deliveredAt} is null and ${t.failedAt} is null`),
  ],
);
