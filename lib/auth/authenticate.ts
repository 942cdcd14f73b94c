/** From a request's credential to who is calling: an API key, or a signed-in person's session cookie. */

import type { Queryable } from "@/db/client";
import { namespaceByName } from "@/db/queries/namespaces";
import { firstRow } from "@/db/queries/query";
import type { ApiKeys } from "@/lib/auth/api-keys";
import type { People } from "@/lib/auth/people";
import { grantedBy, PERSON_SCOPES } from "@/lib/auth/permissions";
import type { Principal } from "@/lib/auth/principal";
import { done, type Outcome, refused } from "@/lib/engine/outcome";
import type { WireRequest } from "@/lib/http/wire";

export interface Credentials {
  keys: ApiKeys;
  people: People;
  reads: Queryable;
}

const PERSON_PERMISSIONS = grantedBy(PERSON_SCOPES);

/** An `Authorization` header is taken at its word: a wrong key is never rescued by a cookie. */
export async function authenticate(request: WireRequest, credentials: Credentials): Promise<Outcome<Principal>> {
  const authorization = request.header("authorization");
  if (authorization !== undefined) {
    const secret = /^Bearer +([^ ]+)$/i.exec(authorization)?.[1];
    const principal = secret === undefined ? null : await credentials.keys.check(secret);
    return principal === null ? refused("UNAUTHENTICATED", "The API key is not valid.") : done(principal);
  }
  const cookie = request.header("cookie");
  if (cookie === undefined) return refused("UNAUTHENTICATED", "Send an API key as a bearer token, or sign in.");
  const user = await credentials.people.currentUser(new Headers({ cookie }));
  if (user === null) return refused("UNAUTHENTICATED", "The session is over; sign in again.");
  if (!isRead(request) && !isSameOrigin(request)) return refused("CROSS_ORIGIN");
  const name = request.header("x-cerebelum-namespace") ?? user.namespace;
  const namespace = await firstRow(credentials.reads, namespaceByName(name));
  if (namespace === null) return refused("NOT_FOUND", "There is no such namespace.");
  const names = [user.id, user.email, ...PERSON_SCOPES];
  return done({ namespaceId: namespace.id, actor: `user:${user.id}`, permissions: PERSON_PERMISSIONS, names });
}

function isRead(request: WireRequest): boolean {
  return request.method === "GET" || request.method === "HEAD";
}

/**
 * Whether a browser sent this from a page of this very site. Only browsers send cookies on their own, and they all
 * say where a change comes from; a request that says nothing is refused.
 */
function isSameOrigin(request: WireRequest): boolean {
  const site = request.header("sec-fetch-site");
  if (site !== undefined && site !== "same-origin") return false;
  const origin = request.header("origin");
  if (origin === undefined) return site === "same-origin";
  return URL.canParse(origin) && new URL(origin).host === request.header("host");
}
