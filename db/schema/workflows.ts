/** Workflows and their immutable versions. An execution names a version, and it is never changed or removed under it. */
import { integer, pgTable, primaryKey, text, unique } from "drizzle-orm/pg-core";
import { bytes, instant } from "./columns";
import { namespaces } from "./namespaces";

export const workflows = pgTable(
  "workflows",
  {
    id: integer("id").primaryKey().generatedAlwaysAsIdentity(),
    namespaceId: integer("namespace_id")
      .notNull()
      .references(() => namespaces.id),
    name: text("name").notNull(),
    latestVersion: integer("latest_version").notNull(),
    archivedAt: instant("archived_at"),
  },
  (t) => [unique("workflows_name").on(t.namespaceId, t.name)],
);

export const workflowVersions = pgTable(
  "workflow_versions",
  {
    workflowId: integer("workflow_id")
      .notNull()
      .references(() => workflows.id),
    version: integer("version").notNull(),
    namespaceId: integer("namespace_id").notNull(),
    /** SHA-256 of the document as sent, in RFC 8785 form. */
    hash: bytes("hash").notNull(),
    /** The document as sent, canonical JSON. */
    definition: text("definition").notNull(),
    publishedAt: instant("published_at").notNull(),
    publishedBy: text("published_by").notNull(),
    /** What its publisher said of it. */
    note: text("note"),
  },
  (t) => [
    primaryKey({ columns: [t.workflowId, t.version] }),
    unique("workflow_versions_hash").on(t.workflowId, t.hash),
  ],
);
