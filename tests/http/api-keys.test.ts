// API keys: made, shown once, listed, rotated, revoked, and gone in every process within five seconds.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ApiKeys } from "@/lib/auth/api-keys";
import { refusal } from "./client";
import { person } from "./person";
import { startServer, type TestServer } from "./support";

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ settings: { CEREBELUM_TRUSTED_PROXIES: "127.0.0.1" } });
});
afterAll(() => server?.close());

const make = async (body: object = {}) => {
  const made = await server.call("POST", "api-keys", { name: "test", scopes: ["read"], ...body });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  return made.body;
};
const reads = (key: string) => server.call("GET", "workflows", undefined, { key });
const row = async (id: string) =>
  (await server.call("GET", "api-keys?limit=200")).body.items.find((key: { id: string }) => key.id === id);
const inMs = (ms: number) => new Date(server.instance.clock.now() + ms).toISOString();

describe("a key", () => {
  test("is made with what it may do, and its secret is in that answer alone", async () => {
    const expiresAt = inMs(3_600_000);
    const made = await make({ name: "ci", scopes: ["client", "deploy", "client"], expiresAt, workflows: ["a", "b"] });
    expect(made).toEqual({
      id: expect.stringMatching(/^key_/),
      name: "ci",
      prefix: made.secret.slice(0, 8),
      scopes: ["client", "deploy"],
      namespace: "default",
      secret: expect.stringMatching(/^cbk_[\w-]{43}$/),
      queues: null,
      workflows: ["a", "b"],
      createdAt: expect.any(String),
      createdBy: expect.stringMatching(/^key:key_/),
      expiresAt,
      lastUsedAt: null,
      revokedAt: null,
      rotatedFrom: null,
    });
    const listed = await server.call("GET", "api-keys");
    const { secret, ...rest } = made;
    expect(listed.body.items[0]).toEqual(rest);
    expect(JSON.stringify(listed.body)).not.toContain(secret);
    const stored = await server.instance.reads.query("select * from api_keys");
    const audited = await server.instance.reads.query("select * from audit_log");
    expect(stored.rows.length).toBeGreaterThan(1);
    expect(JSON.stringify([stored.rows, audited.rows], (_, v) => (typeof v === "bigint" ? `${v}` : v))).not.toContain(
      secret,
    );
  });

  test("works at once, and tells when it was used last", async () => {
    const made = await make();
    expect((await reads(made.secret)).status).toBe(200);
    expect((await row(made.id)).lastUsedAt).toEqual(expect.any(String));
    expect((await server.call("GET", "whoami", undefined, { key: made.secret })).body).toMatchObject({
      actor: `key:${made.id}`,
      organisation: "default",
      namespace: "default",
      permissions: ["read", "inbox"],
    });
  });

  test("cannot be made with what makes no sense", async () => {
    for (const body of [
      {},
      { name: "x" },
      { name: "x", scopes: [] },
      { name: " ", scopes: ["read"] },
      { name: "x", scopes: ["everything"] },
      { name: "x", scopes: ["read"], expiresAt: "soon" },
      { name: "x", scopes: ["read"], expiresAt: inMs(-1) },
      { name: "x", scopes: ["worker"], queues: [] },
      { name: "x", scopes: ["read"], secret: "mine" },
    ])
      expect(await server.call("POST", "api-keys", body), JSON.stringify(body)).toMatchObject(
        refusal(422, "INVALID_REQUEST"),
      );
    const elsewhere = await server.call("POST", "api-keys", { name: "x", scopes: ["read"], namespace: "nowhere" });
    expect(elsewhere).toMatchObject(refusal(404, "NAMESPACE_NOT_FOUND"));
  });

  test("is made for another namespace of the organisation, and lists there", async () => {
    expect((await server.call("POST", "namespaces", { name: "staging" })).status).toBe(201);
    const made = await make({ namespace: "staging" });
    expect(made.namespace).toBe("staging");
    const listed = await server.call("GET", "api-keys?namespace=staging");
    expect(listed.body.items.map((key: { id: string }) => key.id)).toEqual([made.id]);
    expect(await row(made.id)).toBeUndefined();
    const who = await server.call("GET", "whoami", undefined, { key: made.secret });
    expect(who.body.namespace).toBe("staging");
  });

  test("pages newest first", async () => {
    await Promise.all([make(), make(), make()]);
    const all = (await server.call("GET", "api-keys?limit=200")).body.items.map((key: { id: string }) => key.id);
    const found: string[] = [];
    for (let cursor: string | null = ""; cursor !== null; ) {
      const { body } = await server.call("GET", `api-keys?limit=2${cursor && `&cursor=${cursor}`}`);
      found.push(...body.items.map((key: { id: string }) => key.id));
      cursor = body.nextCursor;
    }
    expect(found).toEqual(all);
  });

  test("of another organisation is not there", async () => {
    const outsider = await person(server, null);
    const { rows } = await server.instance.reads.query<{ id: number }>(
      "insert into organisations (name) values ('others') returning id",
    );
    const organisation = rows[0]?.id ?? 0;
    await server.instance.reads.query("insert into namespaces (organisation_id, name) values ($1, 'default')", [
      organisation,
    ]);
    await server.instance.reads.query("insert into memberships values ($1, $2, 'owner')", [organisation, outsider.id]);
    const made = await make();
    for (const [method, path, body] of [
      ["POST", `api-keys/${made.id}/rotate`, {}],
      ["DELETE", `api-keys/${made.id}`, undefined],
      ["POST", "api-keys/key_0000000000000/rotate", {}],
      ["DELETE", "api-keys/nonsense", undefined],
    ] as const)
      expect(await outsider.call(method, path, body), path).toMatchObject(refusal(404, "API_KEY_NOT_FOUND"));
    expect((await outsider.call("GET", "api-keys")).body.items).toEqual([]);
    expect(await outsider.call("GET", "api-keys?namespace=staging")).toMatchObject(refusal(404, "NAMESPACE_NOT_FOUND"));
    expect((await reads(made.secret)).status).toBe(200);
  });

  test.each(["read", "client", "deploy", "worker"])("with the scope %s makes, sees and ends none", async (scope) => {
    const { secret: key, id } = await make({ scopes: [scope] });
    for (const [method, path, body] of [
      ["GET", "api-keys", undefined],
      ["POST", "api-keys", { name: "x", scopes: ["read"] }],
      ["POST", `api-keys/${id}/rotate`, {}],
      ["DELETE", `api-keys/${id}`, undefined],
    ] as const)
      expect(await server.call(method, path, body, { key }), path).toMatchObject(refusal(403, "FORBIDDEN"));
  });
});

describe("revoking a key", () => {
  test("ends it at once here, keeps its row, and may be repeated", async () => {
    const made = await make();
    expect((await reads(made.secret)).status).toBe(200);
    expect((await server.call("DELETE", `api-keys/${made.id}`)).status).toBe(204);
    expect(await reads(made.secret)).toMatchObject(refusal(401, "UNAUTHENTICATED"));
    const { revokedAt } = await row(made.id);
    expect(revokedAt).toEqual(expect.any(String));
    expect((await server.call("DELETE", `api-keys/${made.id}`)).status).toBe(204);
    expect((await row(made.id)).revokedAt).toBe(revokedAt);
    const { rows } = await server.instance.reads.query(
      "select 1 from audit_log where action = 'api_key.revoke' and outcome = 'done' and target = $1",
      [made.id],
    );
    expect(rows.length).toBe(1);
  });

  test("ends it within five seconds in a process that has just let it in", async () => {
    let now = server.instance.clock.now();
    const other = new ApiKeys(server.instance.reads, { now: () => now });
    const made = await make();
    expect(await other.check(made.secret)).toMatchObject({ ok: true });
    await server.call("DELETE", `api-keys/${made.id}`);
    // What it remembers is not asked anew: were it, nothing here would show that it forgets.
    expect(await other.check(made.secret)).toMatchObject({ ok: true });
    now += 5_000;
    expect(await other.check(made.secret)).toMatchObject({ ok: false, suspect: { actor: `key:${made.id}` } });
  });
});

describe("rotating a key", () => {
  test("makes one with the same rights, and both work until the overlap is over", async () => {
    const old = await make({ name: "worker", scopes: ["read"], workflows: ["orders"], expiresAt: inMs(86_400_000) });
    const before = server.instance.clock.now();
    const rotated = await server.call("POST", `api-keys/${old.id}/rotate`, {});
    expect(rotated.status).toBe(201);
    expect(rotated.body).toEqual({
      ...old,
      id: expect.stringMatching(/^key_/),
      secret: expect.stringMatching(/^cbk_/),
      prefix: rotated.body.secret.slice(0, 8),
      createdAt: expect.any(String),
      rotatedFrom: old.id,
    });
    expect(rotated.body.secret).not.toBe(old.secret);
    const ends = Date.parse((await row(old.id)).expiresAt);
    expect(ends).toBeGreaterThanOrEqual(before + 3_600_000);
    expect(ends).toBeLessThanOrEqual(server.instance.clock.now() + 3_600_000);
    for (const { secret } of [old, rotated.body]) expect((await reads(secret)).status).toBe(200);
    let now = ends - 1;
    const later = new ApiKeys(server.instance.reads, { now: () => now });
    expect(await later.check(old.secret)).toMatchObject({ ok: true });
    now += 1;
    expect(await later.check(old.secret)).toMatchObject({ ok: false });
    expect(await later.check(rotated.body.secret)).toMatchObject({ ok: true });
  });

  test("without an overlap ends the old one at once", async () => {
    const old = await make();
    expect((await reads(old.secret)).status).toBe(200);
    const { body } = await server.call("POST", `api-keys/${old.id}/rotate`, { overlapMs: 0 });
    expect((await reads(old.secret)).status).toBe(401);
    expect((await reads(body.secret)).status).toBe(200);
    // It has no end of its own.
    expect(body.expiresAt).toBeNull();
  });

  test("lets no key live longer than it was meant to", async () => {
    const expiresAt = inMs(60_000);
    const old = await make({ expiresAt });
    const { body } = await server.call("POST", `api-keys/${old.id}/rotate`, { overlapMs: 3_600_000 });
    expect([body.expiresAt, (await row(old.id)).expiresAt]).toEqual([expiresAt, expiresAt]);
  });

  test("is refused for a key that has ended, and done once where two ask for it together", async () => {
    const revoked = await make();
    await server.call("DELETE", `api-keys/${revoked.id}`);
    const closed = refusal(409, "API_KEY_CLOSED");
    expect(await server.call("POST", `api-keys/${revoked.id}/rotate`, {})).toMatchObject(closed);
    const expired = await make({ expiresAt: inMs(60_000) });
    await server.instance.reads.query("update api_keys set expires_at = now() - interval '1 s' where prefix = $1", [
      expired.prefix,
    ]);
    expect(await server.call("POST", `api-keys/${expired.id}/rotate`, {})).toMatchObject(closed);
    const old = await make();
    const answers = await Promise.all([1, 2].map(() => server.call("POST", `api-keys/${old.id}/rotate`, {})));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
    for (const overlapMs of [-1, 30 * 86_400_000 + 1, "1h"])
      expect((await server.call("POST", `api-keys/${old.id}/rotate`, { overlapMs })).status).toBe(422);
  });
});
