/** Who is signed in, asked once a request; and the way to the sign-in page for whoever is not. */
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { cache } from "react";
import type { Person, User } from "@/lib/auth/principal";
import { currentPerson, placesOf, userAt } from "@/lib/auth/session";

export const signedInPerson = cache(async (): Promise<Person | null> => currentPerson(await headers()));

/** All namespaces that the person may work in, the active one first. */
export const signedInPlaces = cache(async () => {
  const person = await signedInPerson();
  return person === null ? [] : placesOf(person);
});

/** The person in their active namespace; null also for one who belongs to no organisation. */
export const signedInUser = cache(async (): Promise<User | null> => {
  const person = await signedInPerson();
  return person && userAt(person, (await signedInPlaces())[0]);
});

/** @param path where to come back to after signing in */
export async function requireUser(path: string): Promise<User> {
  const user = await signedInUser();
  if (user !== null) return user;
  return redirect((await signedInPerson()) === null ? `/sign-in?next=${encodeURIComponent(path)}` : "/welcome");
}

export type Search = Record<string, string | string[] | undefined>;

/** A path and what stands behind its question mark. */
export function pathWith(path: string, search: Search): string {
  const given = Object.entries(search).flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : []));
  return given.length > 0 ? `${path}?${new URLSearchParams(given)}` : path;
}
