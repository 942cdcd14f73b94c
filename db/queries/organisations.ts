/** Organisations: one, and those that a person belongs to. */
import type { Query } from "@/db/queries/query";

export interface OrganisationRow {
  id: number;
  name: string;
  createdAt: Date;
}

export function organisationById(id: number): Query<OrganisationRow> {
  return {
    name: "organisation-by-id",
    text: `select id, name, created_at as "createdAt" from organisations where id = $1 and deleted_at is null`,
    values: [id],
  };
}

/** Whoever changes members waits for each other here, until the transaction ends; whoever only adds to it does not wait. */
export function lockOrganisation(id: number): Query<OrganisationRow> {
  return {
    name: "lock-organisation",
    text: `select id, name, created_at as "createdAt" from organisations where id = $1 and deleted_at is null
      for no key update`,
    values: [id],
  };
}

/** By name. */
export function organisationsOf(
  userId: string,
  after: string,
  limit: number,
): Query<OrganisationRow & { role: string }> {
  return {
    name: "organisations-of",
    text: `select o.id, o.name, o.created_at as "createdAt", m.role
      from memberships m join organisations o on o.id = m.organisation_id and o.deleted_at is null
      where m.user_id = $1 and o.name > $2 order by o.name limit $3`,
    values: [userId, after, limit],
  };
}
