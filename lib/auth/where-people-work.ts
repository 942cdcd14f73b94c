/** Which namespace a signed-in person's call is about: the one it names, or the one they were in last. */
import type { Queryable } from "@/db/client";
import { type MembershipRow, membershipsOf } from "@/db/queries/memberships";
import { allRows } from "@/db/queries/query";
import { isRole } from "@/lib/auth/permissions";
import type { Person, User } from "@/lib/auth/principal";

/**
 * @param asked `name` of a namespace in the active one's organisation, or `organisation/name`; absent: the active one
 * @returns null where there is no such namespace, or they do not belong to its organisation
 */
export async function userIn(reads: Queryable, person: Person, asked?: string): Promise<User | null> {
  const rows = await allRows(reads, membershipsOf(person.id));
  const row = chosen(rows, asked);
  if (row === undefined || !isRole(row.role)) return null;
  return {
    ...person,
    organisationId: row.organisation_id,
    organisation: row.organisation,
    role: row.role,
    namespaceId: row.namespace_id,
    namespace: row.namespace,
  };
}

function chosen(rows: readonly MembershipRow[], asked: string | undefined): MembershipRow | undefined {
  const [active] = rows;
  if (asked === undefined || active === undefined) return active;
  const slash = asked.indexOf("/");
  const organisation = slash === -1 ? active.organisation : asked.slice(0, slash);
  const namespace = asked.slice(slash + 1);
  return rows.find((row) => row.organisation === organisation && row.namespace === namespace);
}
