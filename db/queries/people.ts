/** People, as far as the server itself asks for them; the rest is better-auth's. */
import type { Query } from "@/db/queries/query";

export function anyUser(): Query<{ id: string }> {
  return { name: "any-user", text: "select id from users limit 1", values: [] };
}
