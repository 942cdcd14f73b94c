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

export interface MemberRow {
  user: string;
  email: string;
  name: string;
  role: string;
  joinedAt: Date;
}

const MEMBER = `m.user_id as user, u.email, u.name, m.role, m.created_at as "joinedAt"
  from memberships m join users u on u.id = m.user_id`;

/** By e-mail address. */
export function membersPage(organisationId: number, after: string, limit: number): Query<MemberRow> {
  return {
    name: "members-page",
    text: `select ${MEMBER} where m.organisation_id = $1 and u.email > $2 order by u.email limit $3`,
    values: [organisationId, after, limit],
  };
}

export function memberById(organisationId: number, userId: string): Query<MemberRow> {
  return {
    name: "member-by-id",
    text: `select ${MEMBER} where m.organisation_id = $1 and m.user_id = $2`,
    values: [organisationId, userId],
  };
}

/** Up to two: whether there is one, and whether there is another. */
export function someOwners(organisationId: number): Query<{ user: string }> {
  return {
    name: "some-owners",
    text: "select user_id as user from memberships where organisation_id = $1 and role = 'owner' limit 2",
    values: [organisationId],
  };
}
