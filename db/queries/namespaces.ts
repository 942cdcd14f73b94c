/** Namespaces by name. */
import type { Query } from "@/db/queries/query";

export function namespaceByName(name: string): Query<{ id: number }> {
  return { name: "namespace-by-name", text: "select id from namespaces where name = $1", values: [name] };
}
