/** Who is signed in, asked once a request; and the way to the sign-in page for whoever is not. */
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { cache } from "react";
import type { User } from "@/lib/auth/principal";
import { currentUser } from "@/lib/auth/session";

export const signedInUser = cache(async (): Promise<User | null> => currentUser(await headers()));

/** @param path where to come back to after signing in */
export async function requireUser(path: string): Promise<User> {
  return (await signedInUser()) ?? redirect(`/sign-in?next=${encodeURIComponent(path)}`);
}

export type Search = Record<string, string | string[] | undefined>;

/** A path and what stands behind its question mark. */
export function pathWith(path: string, search: Search): string {
  const given = Object.entries(search).flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : []));
  return given.length > 0 ? `${path}?${new URLSearchParams(given)}` : path;
}
