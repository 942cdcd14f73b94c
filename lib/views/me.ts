/** A person as they are shown to themselves: who they are, and every place where they may work. */
import type { Queryable } from "@/db/client";
import { membershipsOf } from "@/db/queries/memberships";
import { namespaceNames } from "@/db/queries/namespaces";
import { personById } from "@/db/queries/people";
import { allRows, firstRow } from "@/db/queries/query";
import type { Me } from "@/lib/contract/me";
import { grantedByRole, isRole } from "@/lib/contract/permissions";

type Person = Omit<Me, "signUp" | "mayCreateOrganisations">;

/** @param namespaceId where they are now; 0 or another's: nowhere */
export async function readPerson(reads: Queryable, userId: string, namespaceId: number): Promise<Person | null> {
  const [person, rows] = await Promise.all([
    firstRow(reads, personById(userId)),
    allRows(reads, membershipsOf(userId)),
  ]);
  if (person === null) return null;
  const places = rows.flatMap((row) => (isRole(row.role) ? [{ ...row, role: row.role }] : []));
  const here = places.find((place) => place.namespace_id === namespaceId);
  const organisations = new Map<number, Me["organisations"][number]>();
  for (const { organisation_id, organisation, role, namespace } of places) {
    const known = organisations.get(organisation_id);
    if (known === undefined) organisations.set(organisation_id, { name: organisation, role, namespaces: [namespace] });
    else known.namespaces.push(namespace);
  }
  return {
    ...person,
    organisation: here?.organisation ?? null,
    namespace: here?.namespace ?? null,
    role: here?.role ?? null,
    permissions: here === undefined ? [] : [...grantedByRole(here.role)],
    organisations: [...organisations.values()],
  };
}

/** What they are called; null where there is no such place, or the caller belongs to none. */
export async function readPlace(
  reads: Queryable,
  namespaceId: number,
): Promise<{ organisation: string; namespace: string } | null> {
  return firstRow(reads, namespaceNames(namespaceId));
}
