/** Namespaces: the unit of isolation, and what each may use. Every row of every other table carries one. */
import { integer, pgTable, text, unique } from "drizzle-orm/pg-core";
import { instant } from "./columns";
import { organisations } from "./organisations";

export const namespaces = pgTable(
  "namespaces",
  {
    id: integer("id").primaryKey().generatedAlwaysAsIdentity(),
    organisationId: integer("organisation_id")
      .notNull()
      .default(1)
      .references(() => organisations.id),
    name: text("name").notNull(),
    createdAt: instant("created_at").notNull().defaultNow(),
    /** Nobody gets in from then on; its data goes in small steps, and the row at last. */
    deletedAt: instant("deleted_at"),
  },
  (t) => [unique("namespaces_name_in_organisation").on(t.organisationId, t.name)],
);

/** Limits and retention; what is null has no limit but the installation's own. No row: nothing was set. */
export const namespaceSettings = pgTable("namespace_settings", {
  namespaceId: integer("namespace_id")
    .primaryKey()
    .references(() => namespaces.id, { onDelete: "cascade" }),
  requestsPerMinute: integer("requests_per_minute"),
  openExecutions: integer("open_executions"),
  payloadBytes: integer("payload_bytes"),
  historyEvents: integer("history_events"),
  /** JSON: how long closed executions are kept, by status. */
  retention: text("retention"),
  updatedAt: instant("updated_at").notNull(),
});
