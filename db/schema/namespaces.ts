/** Namespaces: the unit of isolation. Every row of every other table carries one. */
import { integer, pgTable, text } from "drizzle-orm/pg-core";
import { instant } from "./columns";

export const namespaces = pgTable("namespaces", {
  id: integer("id").primaryKey().generatedAlwaysAsIdentity(),
  name: text("name").notNull().unique(),
  createdAt: instant("created_at").notNull().defaultNow(),
});
