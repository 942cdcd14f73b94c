// Organisations, invitations and who one is: made, joined, renamed, chosen among, and never seen from outside.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hashSecret } from "@/lib/auth/api-keys";
import { refusal } from "./client";
import { type MailServer, startMailServer } from "./people-support";
import { admin, person, type SignedIn } from "./person";
import { startServer, type TestServer } from "./support";

let server: TestServer;
let mails: MailServer;
let owner: SignedIn;
beforeAll(async () => {
  mails = await startMailServer();
  const settings = { CEREBELUM_TRUSTED_PROXIES: "127.0.0.1", CEREBELUM_SMTP_URL: mails.url };
  server = await startServer({ settings });
  owner = await admin(server);
});
afterAll(async () => {
  await server?.close();
  await mails?.close();
});

let names = 0;
const newName = () => `org-${++names}`;
const invited = async (email: string, role: string, more: object = {}) => {
  const made = await owner.call("POST", "invitations", { email, role, ...more });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  return made.body;
};

describe("an organisation", () => {
  test("is made by an owner of the first one, who owns it and finds the namespace default in it", async () => {
    const name = newName();
    const made = await owner.call("POST", "organisations", { name, namespaces: ["staging"] });
    expect([made.status, made.body]).toEqual([201, { name, createdAt: expect.any(String) }]);
    const mine = (await owner.call("GET", "organisations")).body.items;
    expect(mine).toContainEqual({ name, createdAt: made.body.createdAt, role: "owner" });
    const there = { "x-cerebelum-namespace": `${name}/staging` };
    expect((await owner.call("GET", "organisation", undefined, there)).body.name).toBe(name);
    const namespaces = (await owner.call("GET", "namespaces", undefined, there)).body.items;
    expect(namespaces.map((namespace: { name: string }) => namespace.name)).toEqual(["default", "staging"]);
    expect((await owner.call("GET", "executions", undefined, there)).body.items).toEqual([]);
    const entry = await server.instance.reads.query(
      `select a.target from audit_log a join organisations o on o.id = a.organisation_id
       where o.name = $1 and a.action = 'organisation.create'`,
      [name],
    );
    expect(entry.rows).toEqual([{ target: name }]);
  });

  test("has a name of its own", async () => {
    const name = newName();
    expect((await owner.call("POST", "organisations", { name })).status).toBe(201);
    expect(await owner.call("POST", "organisations", { name })).toMatchObject(refusal(409, "NAME_TAKEN"));
    const there = { "x-cerebelum-namespace": `${name}/default` };
    const rename = (to: string) => owner.call("PATCH", "organisation", { name: to }, there);
    expect(await rename("default")).toMatchObject(refusal(409, "NAME_TAKEN"));
    expect((await rename(name)).status).toBe(200);
    for (const wrong of ["", "Big", "a_b", "a b", "-a", "a-", "a/b", "x".repeat(64)]) {
      expect((await owner.call("POST", "organisations", { name: wrong })).status, wrong).toBe(422);
      expect((await rename(wrong)).status, wrong).toBe(422);
    }
    const next = newName();
    const renamed = await rename(next);
    expect([renamed.status, renamed.body.name]).toEqual([200, next]);
    expect((await owner.call("GET", "organisation", undefined, there)).status).toBe(404);
  });

  test("is made by nobody else, unless anybody may sign up", async () => {
    const member = await person(server, "admin");
    expect((await member.call("GET", "me")).body.mayCreateOrganisations).toBe(false);
    expect(await member.call("POST", "organisations", { name: newName() })).toMatchObject(refusal(403, "FORBIDDEN"));
    const key = await server.call("POST", "organisations", { name: newName() });
    expect(key).toMatchObject(refusal(403, "FORBIDDEN"));
    const open = await startServer({
      settings: { CEREBELUM_TRUSTED_PROXIES: "127.0.0.1", CEREBELUM_SIGN_UP: "open" },
    });
    try {
      const stranger = await person(open, null);
      expect((await stranger.call("GET", "me")).body).toMatchObject({
        organisation: null,
        permissions: [],
        mayCreateOrganisations: true,
      });
      expect((await stranger.call("GET", "executions")).status).toBe(404);
      expect((await stranger.call("POST", "organisations", { name: "mine" })).status).toBe(201);
      expect((await stranger.call("GET", "executions")).status).toBe(200);
      expect((await stranger.call("GET", "organisations")).body.items).toMatchObject([{ name: "mine", role: "owner" }]);
    } finally {
      await open.close();
    }
  });

  test("that one does not belong to is not there", async () => {
    const name = newName();
    await owner.call("POST", "organisations", { name });
    const member = await person(server, "admin");
    const there = { "x-cerebelum-namespace": `${name}/default` };
    for (const path of ["executions", "organisation", "members", "namespaces", "api-keys", "invitations"])
      expect((await member.call("GET", path, undefined, there)).status, path).toBe(404);
    expect((await member.call("GET", "organisations")).body.items).toMatchObject([{ name: "default" }]);
  });
});

describe("an invitation", () => {
  test("lets the invited person in, once", async () => {
    const guest = await person(server, null);
    const made = await invited(guest.email.toUpperCase(), "member");
    expect(made).toMatchObject({ email: guest.email, role: "member", status: "open", invitedBy: `user:${owner.id}` });
    expect(new URL(made.link).searchParams.get("token")).toBe(made.token);
    expect((await mails.next(guest.email)).link.href).toBe(made.link);
    const listed = (await owner.call("GET", "invitations")).body.items;
    const { token, link: _link, ...shown } = made;
    expect(listed).toContainEqual(shown);
    expect(JSON.stringify(listed)).not.toContain(token);

    const accepted = await guest.call("POST", "invitations/accept", { token });
    expect([accepted.status, accepted.body]).toEqual([200, { organisation: "default", role: "member" }]);
    expect((await guest.call("GET", "me")).body).toMatchObject({ organisation: "default", role: "member" });
    const again = await guest.call("POST", "invitations/accept", { token });
    expect(again).toMatchObject(refusal(409, "INVITATION_CLOSED"));
    expect((await owner.call("DELETE", `invitations/${made.id}`)).status).toBe(409);
    const stored = await server.instance.reads.query("select * from invitations");
    expect(JSON.stringify(stored.rows, (_, v) => (typeof v === "bigint" ? `${v}` : v))).not.toContain(token);
  });

  test("is accepted by one call alone, however many come", async () => {
    const guest = await person(server, null);
    const { token } = await invited(guest.email, "viewer");
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => guest.call("POST", "invitations/accept", { token })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409]);
  });

  test("lets nobody else in", async () => {
    const guest = await person(server, null);
    const { token } = await invited("somebody-else@example.com", "admin");
    expect(await guest.call("POST", "invitations/accept", { token })).toMatchObject(refusal(403, "FORBIDDEN"));
    expect((await guest.call("GET", "me")).body.organisation).toBeNull();
    expect(await guest.call("POST", "invitations/accept", { token: "made up" })).toMatchObject(
      refusal(404, "INVITATION_NOT_FOUND"),
    );
    expect((await server.call("POST", "invitations/accept", { token })).status).toBe(403);
  });

  test("is over once it is revoked or its time is up", async () => {
    const guest = await person(server, null);
    const revoked = await invited(guest.email, "member");
    expect((await owner.call("DELETE", `invitations/${revoked.id}`)).status).toBe(204);
    expect((await owner.call("DELETE", `invitations/${revoked.id}`)).status).toBe(204);
    const late = await invited(guest.email, "member", { expiresInMs: 60_000 });
    await server.instance.reads.query(
      "update invitations set expires_at = now() - interval '1 s' where token_hash = $1",
      [hashSecret(late.token)],
    );
    for (const { token } of [revoked, late])
      expect(await guest.call("POST", "invitations/accept", { token })).toMatchObject(
        refusal(409, "INVITATION_CLOSED"),
      );
    const states = (await owner.call("GET", "invitations?limit=2")).body.items;
    expect(states.map(({ status }: { status: string }) => status)).toEqual(["expired", "revoked"]);
  });

  test("holds for seven days unless it says otherwise, and makes owners only by an owner", async () => {
    const made = await invited("later@example.com", "owner");
    expect(Date.parse(made.expiresAt) - Date.parse(made.createdAt)).toBe(7 * 86_400_000);
    const administrator = await person(server, "admin");
    const invite = (body: object) => administrator.call("POST", "invitations", { email: "x@example.com", ...body });
    expect(await invite({ role: "owner" })).toMatchObject(refusal(403, "FORBIDDEN"));
    expect((await invite({ role: "admin" })).status).toBe(201);
    for (const body of [{ role: "king" }, { role: "member", expiresInMs: 1 }, { role: "member", email: "nobody" }])
      expect((await invite(body)).status).toBe(422);
  });

  test("of another organisation is not there", async () => {
    const { id } = await invited("someone@example.com", "member");
    const name = newName();
    await owner.call("POST", "organisations", { name });
    const there = { "x-cerebelum-namespace": `${name}/default` };
    expect(await owner.call("DELETE", `invitations/${id}`, undefined, there)).toMatchObject(
      refusal(404, "INVITATION_NOT_FOUND"),
    );
    expect((await owner.call("GET", "invitations", undefined, there)).body.items).toEqual([]);
  });

  test("keeps the role of whoever belongs there already", async () => {
    const { token } = await invited(owner.email, "viewer");
    expect((await owner.call("POST", "invitations/accept", { token })).status).toBe(200);
    expect((await owner.call("GET", "me")).body.role).toBe("owner");
  });
});

describe("a signed-in person", () => {
  test("hears who they are, what they may do and where they may work", async () => {
    const viewer = await person(server, "viewer");
    expect((await viewer.call("GET", "me")).body).toEqual({
      id: viewer.id,
      email: viewer.email,
      name: expect.any(String),
      organisation: "default",
      namespace: "default",
      role: "viewer",
      permissions: ["read", "inbox"],
      organisations: [{ name: "default", role: "viewer", namespaces: expect.arrayContaining(["default"]) }],
      signUp: "invitation",
      mayCreateOrganisations: false,
    });
    expect((await viewer.call("GET", "whoami")).body).toMatchObject({
      actor: `user:${viewer.id}`,
      organisation: "default",
      permissions: ["read", "inbox"],
    });
    expect((await server.call("GET", "me")).status).toBe(403);
  });

  test("chooses where they work from now on", async () => {
    const name = newName();
    await owner.call("POST", "organisations", { name, namespaces: ["staging"] });
    const choose = (namespace: string) => owner.call("PUT", "me/namespace", { namespace });
    expect((await choose(`${name}/staging`)).body).toMatchObject({ organisation: name, namespace: "staging" });
    expect((await owner.call("GET", "organisation")).body.name).toBe(name);
    expect((await choose("default")).body).toMatchObject({ organisation: name, namespace: "default" });
    expect(await choose("nowhere")).toMatchObject(refusal(404, "NAMESPACE_NOT_FOUND"));
    expect(await choose("others/default")).toMatchObject(refusal(404, "NAMESPACE_NOT_FOUND"));
    expect((await choose("default/default")).body).toMatchObject({ organisation: "default" });
  });
});
