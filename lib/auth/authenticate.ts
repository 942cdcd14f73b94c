/** From a request's credential to who is calling: an API key, or a signed-in person's session cookie. */

import type { Queryable } from "@/db/client";
import type { ApiKeys } from "@/lib/auth/api-keys";
import type { People } from "@/lib/auth/people";
import type { Person, Principal, Suspect } from "@/lib/auth/principal";
import { userIn } from "@/lib/auth/where-people-work";
import type { Config } from "@/lib/config";
import { grantedByRole } from "@/lib/contract/permissions";
import { done, type Outcome, type Refusal, refused } from "@/lib/engine/outcome";
import type { WireRequest } from "@/lib/http/wire";

export interface Credentials {
  config: Pick<Config, "publicUrl">;
  keys: ApiKeys;
  people: People;
  reads: Queryable;
}

export type Authenticated = { ok: true; value: Principal } | { ok: false; refusal: Refusal; suspect: Suspect | null };

/**
 * An `Authorization` header is taken at its word: a wrong key is never rescued by a cookie.
 * @param anywhere a person need not belong to an organisation: their `organisationId` and `namespaceId` may be 0
 */
export async function authenticate(
  request: WireRequest,
  credentials: Credentials,
  { anywhere = false }: { anywhere?: boolean } = {},
): Promise<Authenticated> {
  const authorization = request.header("authorization");
  if (authorization !== undefined) {
    const secret = /^Bearer +([^ ]+)$/i.exec(authorization)?.[1];
    if (secret === undefined) return unknown("The API key is not valid.");
    const checked = await credentials.keys.check(secret);
    if (checked.ok) return checked;
    return { ok: false, refusal: refused("UNAUTHENTICATED", "The API key is not valid."), suspect: checked.suspect };
  }
  const cookie = request.header("cookie");
  if (cookie === undefined) return unknown("Send an API key as a bearer token, or sign in.");
  const person = await credentials.people.currentPerson(new Headers({ cookie }));
  if (person === null) return unknown("The session is over; sign in again.");
  const principal = await principalOf(credentials.reads, person, request.header("x-cerebelum-namespace"), anywhere);
  if (!principal.ok) return { ok: false, refusal: principal, suspect: await suspectOf(credentials.reads, person) };
  if (isRead(request) || isSameOrigin(request, credentials.config)) return principal;
  return { ok: false, refusal: refused("CROSS_ORIGIN"), suspect: principal.value };
}

async function principalOf(
  reads: Queryable,
  person: Person,
  asked: string | undefined,
  anywhere: boolean,
): Promise<Outcome<Principal>> {
  const user = await userIn(reads, person, asked);
  const known = { actor: `user:${person.id}` as const, credential: `session:${person.sessionId}` };
  if (user !== null) {
    const names = [person.id, person.email, user.role];
    const { organisationId, namespaceId } = user;
    return done({ ...known, organisationId, namespaceId, permissions: grantedByRole(user.role), names });
  }
  if (!anywhere) return refused("NOT_FOUND", "There is no such namespace.");
  return done({
    ...known,
    organisationId: 0,
    namespaceId: 0,
    permissions: new Set(),
    names: [person.id, person.email],
  });
}

function unknown(detail: string): Authenticated {
  return { ok: false, refusal: refused("UNAUTHENTICATED", detail), suspect: null };
}

/** Told to the organisation that they work in, not to the one that they named. */
async function suspectOf(reads: Queryable, person: Person): Promise<Suspect> {
  const user = await userIn(reads, person);
  return {
    organisationId: user?.organisationId ?? 0,
    namespaceId: null,
    actor: `user:${person.id}`,
    credential: `session:${person.sessionId}`,
  };
}

function isRead(request: WireRequest): boolean {
  return request.method === "GET" || request.method === "HEAD";
}

/**
 * Whether a browser sent this from a page of this very site. Only browsers send cookies on their own, and they all
 * say where a change comes from; a request that says nothing is refused.
 */
function isSameOrigin(request: WireRequest, { publicUrl }: Pick<Config, "publicUrl">): boolean {
  const site = request.header("sec-fetch-site");
  if (site !== undefined && site !== "same-origin") return false;
  const origin = request.header("origin");
  if (origin === undefined) return site === "same-origin";
  if (publicUrl !== null) return origin === publicUrl;
  return URL.canParse(origin) && new URL(origin).host === request.header("host");
}
