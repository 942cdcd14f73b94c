/** Namespaces by name. */
import type { Query } from "@/db/queries/query";

export function namespaceByName(organisationId: number, name: string): Query<{ id: number }> {
  return {
    name: "namespace-by-name",
    text: "select id from namespaces where organisation_id = $1 and name = $2 and deleted_at is null",
    values: [organisationId, name],
  };
}
