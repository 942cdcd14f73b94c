/** People, as far as the server itself asks for them; the rest is better-auth's. */
import type { Query } from "@/db/queries/query";

export function anyUser(): Query<{ id: string }> {
  return { name: "any-user", text: "select id from users limit 1", values: [] };
}

/** @param email in lower case, as addresses are kept */
export function userIdByEmail(email: string): Query<{ id: string }> {
  return { name: "user-id-by-email", text: "select id from users where email = $1", values: [email] };
}

export interface KnownPersonRow {
  id: string;
  email: string;
  /** Of those that are there. */
  organisations: number[];
}

/** By id, or by e-mail address in lower case. */
export function knownPerson(by: { id: string } | { email: string }): Query<KnownPersonRow> {
  const byId = "id" in by;
  return {
    name: byId ? "known-person-by-id" : "known-person-by-email",
    text: `select u.id, u.email, array(
        select m.organisation_id from memberships m
        join organisations o on o.id = m.organisation_id and o.deleted_at is null
        where m.user_id = u.id order by m.organisation_id) as organisations
      from users u where u.${byId ? "id" : "email"} = $1`,
    values: [byId ? by.id : by.email],
  };
}

/** The organisations that would have members and no owner without them. */
export function organisationsThatNeed(userId: string): Query<{ name: string }> {
  return {
    name: "organisations-that-need",
    text: `select o.name from memberships m join organisations o on o.id = m.organisation_id and o.deleted_at is null
      where m.user_id = $1 and m.role = 'owner'
        and not exists (select from memberships other
          where other.organisation_id = o.id and other.role = 'owner' and other.user_id <> $1)
        and exists (select from memberships other where other.organisation_id = o.id and other.user_id <> $1)
      order by o.name`,
    values: [userId],
  };
}

export function personById(id: string): Query<{ id: string; email: string; name: string }> {
  return { name: "person-by-id", text: "select id, email, name from users where id = $1", values: [id] };
}
