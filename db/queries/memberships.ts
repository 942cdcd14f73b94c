/** Where a person may work: every namespace of every organisation that they belong to. */
import type { Query } from "@/db/queries/query";

export interface MembershipRow {
  organisation_id: number;
  organisation: string;
  role: string;
  namespace_id: number;
  namespace: string;
  is_active: boolean;
}

/** The active one first, then by organisation and namespace, the oldest first. */
export function membershipsOf(userId: string): Query<MembershipRow> {
  return {
    name: "memberships-of",
    text: `select m.organisation_id, o.name as organisation, m.role, n.id as namespace_id, n.name as namespace,
        n.id is not distinct from u.active_namespace_id as is_active
      from memberships m
      join users u on u.id = m.user_id
      join organisations o on o.id = m.organisation_id and o.deleted_at is null
      join namespaces n on n.organisation_id = o.id and n.deleted_at is null
      where m.user_id = $1
      order by is_active desc, m.organisation_id, n.id`,
    values: [userId],
  };
}

/** Whoever belongs to the organisation already keeps their role. */
export function addMembership(organisationId: number, userId: string, role: string): Query<never> {
  return {
    name: "add-membership",
    text: "insert into memberships (organisation_id, user_id, role) values ($1, $2, $3) on conflict do nothing",
    values: [organisationId, userId, role],
  };
}
