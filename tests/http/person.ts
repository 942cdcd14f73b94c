// People who are signed in, each with a role in an organisation, over HTTP alone.
import { expect } from "vitest";
import { addMembership } from "@/db/queries/memberships";
import type { Role } from "@/lib/contract/permissions";
import { ADMIN, type TestAnswer, type TestServer } from "./support";

export interface SignedIn {
  id: string;
  email: string;
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<TestAnswer>;
}

const PASSWORD = "a long enough password";
let people = 0;

/** The first administrator: owner of the first organisation. */
export function admin(server: TestServer): Promise<SignedIn> {
  return signIn(server, ADMIN.email, ADMIN.password);
}

/** @param role in the first organisation; null: they belong to none */
export async function person(server: TestServer, role: Role | null, organisationId = 1): Promise<SignedIn> {
  people += 1;
  const email = `person-${people}@example.com`;
  const id = await server.instance.people.add({ email, name: `Person ${people}`, password: PASSWORD });
  if (role !== null) await server.instance.reads.query(addMembership(organisationId, id, role));
  return signIn(server, email, PASSWORD);
}

async function signIn(server: TestServer, email: string, password: string): Promise<SignedIn> {
  const response = await fetch(`${server.url}/api/auth/sign-in/email`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      origin: server.url,
      "x-forwarded-for": `10.9.0.${people}`,
    },
    body: JSON.stringify({ email, password }),
  });
  expect(response.status, email).toBe(200);
  const cookie = response.headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ");
  const call: SignedIn["call"] = (method, path, body, headers) =>
    server.call(method, path, body, { key: null, headers: { cookie, origin: server.url, ...headers } });
  const me = await call("GET", "me");
  expect(me.status, JSON.stringify(me.body)).toBe(200);
  return { id: me.body.id, email, call };
}
