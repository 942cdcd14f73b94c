/** Keys that payloads are encrypted with, each itself encrypted with a key of the environment. None where that is off. */
import { index, integer, pgTable, text } from "drizzle-orm/pg-core";
import { bytes, instant } from "./columns";

export const dataKeys = pgTable(
  "data_keys",
  {
    id: integer("id").primaryKey().generatedAlwaysAsIdentity(),
    namespaceId: integer("namespace_id").notNull(),
    /** Which key of the environment it is wrapped with. */
    wrappedBy: text("wrapped_by").notNull(),
    wrapped: bytes("wrapped").notNull(),
    createdAt: instant("created_at").notNull(),
    /** New payloads get a newer one from then on. */
    retiredAt: instant("retired_at"),
  },
  (t) => [index("data_keys_of_namespace").on(t.namespaceId, t.id)],
);
