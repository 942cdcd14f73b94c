/** What people edit before they publish it: one draft a workflow, of one that may not exist yet. */
import { integer, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { instant } from "./columns";
import { namespaces } from "./namespaces";

export const workflowDrafts = pgTable(
  "workflow_drafts",
  {
    namespaceId: integer("namespace_id")
      .notNull()
      .references(() => namespaces.id, { onDelete: "cascade" }),
    /** Of the workflow; no key into `workflows`, for a draft comes first. */
    name: text("name").notNull(),
    /** JSON, in the order in which it was written. */
    definition: text("definition").notNull(),
    /** Where things lie: JSON, and no part of any version. */
    layout: text("layout").notNull(),
    /** The version that it began as; null: none was published. */
    baseVersion: integer("base_version"),
    /** Grows with each save; who saves names the one that the save builds on. */
    revision: integer("revision").notNull(),
    updatedAt: instant("updated_at").notNull(),
    updatedBy: text("updated_by").notNull(),
  },
  (t) => [primaryKey({ columns: [t.namespaceId, t.name] })],
);
