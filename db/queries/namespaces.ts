/** Namespaces by name, by id and in lists; one that is being deleted is gone already. */
import type { Query } from "@/db/queries/query";

interface NamespaceRow {
  name: string;
  createdAt: Date;
}

export function namespaceByName(organisationId: number, name: string): Query<{ id: number; name: string }> {
  return {
    name: "namespace-by-name",
    text: "select id, name from namespaces where organisation_id = $1 and name = $2 and deleted_at is null",
    values: [organisationId, name],
  };
}

export function namespaceById(organisationId: number, id: number): Query<{ id: number; name: string }> {
  return {
    name: "namespace-by-id",
    text: "select id, name from namespaces where organisation_id = $1 and id = $2 and deleted_at is null",
    values: [organisationId, id],
  };
}

export function namespaceRow(organisationId: number, name: string): Query<NamespaceRow> {
  return {
    name: "namespace-row",
    text: `select name, created_at as "createdAt" from namespaces
      where organisation_id = $1 and name = $2 and deleted_at is null`,
    values: [organisationId, name],
  };
}

/** By name. */
export function namespacesPage(organisationId: number, after: string, limit: number): Query<NamespaceRow> {
  return {
    name: "namespaces-page",
    text: `select name, created_at as "createdAt" from namespaces
      where organisation_id = $1 and name > $2 and deleted_at is null order by name limit $3`,
    values: [organisationId, after, limit],
  };
}

/** What a namespace and its organisation are called. */
export function namespaceNames(id: number): Query<{ organisation: string; namespace: string }> {
  return {
    name: "namespace-names",
    text: `select o.name as organisation, n.name as namespace from namespaces n
      join organisations o on o.id = n.organisation_id where n.id = $1`,
    values: [id],
  };
}
