/** Which namespace a signed-in person's call is about: the one it names, or the one they were in last. */
import type { Queryable } from "@/db/client";
import { type MembershipRow, membershipsOf } from "@/db/queries/memberships";
import { allRows } from "@/db/queries/query";
import type { Person, User } from "@/lib/auth/principal";
import { isRole } from "@/lib/contract/permissions";

/** A namespace that a person may work in. */
export type Place = MembershipRow;

/**
 * @param asked `name` of a namespace in the active one's organisation, or `organisation/name`; absent: the active one
 * @returns null where there is no such namespace, or they do not belong to its organisation
 */
export async function userIn(reads: Queryable, person: Person, asked?: string): Promise<User | null> {
  const places = await placesOf(reads, person);
  return userAt(person, asked === undefined ? places[0] : placeNamed(places, asked));
}

/** All of them, the active one first. */
export function placesOf(reads: Queryable, { id }: Person): Promise<Place[]> {
  return allRows(reads, membershipsOf(id));
}

export function userAt(person: Person, place: Place | undefined): User | null {
  if (place === undefined || !isRole(place.role)) return null;
  return {
    ...person,
    organisationId: place.organisation_id,
    organisation: place.organisation,
    role: place.role,
    namespaceId: place.namespace_id,
    namespace: place.namespace,
  };
}

function placeNamed(places: readonly Place[], asked: string): Place | undefined {
  const slash = asked.indexOf("/");
  const organisation = slash === -1 ? places[0]?.organisation : asked.slice(0, slash);
  const namespace = asked.slice(slash + 1);
  return places.find((place) => place.organisation === organisation && place.namespace === namespace);
}
