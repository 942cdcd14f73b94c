/** How far the database's tables have been brought. */
import type { Query } from "@/db/queries/query";

/** When the newest of the migrations that were applied was made, in epoch milliseconds. */
export function newestMigration(): Query<{ made_at: string }> {
  return {
    name: "newest-migration",
    text: `select coalesce(max(created_at), 0)::text as made_at from drizzle.__drizzle_migrations`,
    values: [],
  };
}
