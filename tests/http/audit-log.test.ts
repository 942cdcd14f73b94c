// Who did what, and who tried what: everything that changes something is written down, and so is what was refused.
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ROUTES } from "@/lib/http/routes";
import { addKey, addNamespace, addOrganisation, sql } from "./namespaces";
import { admin, person, type SignedIn } from "./person";
import { API_KEY, type CallOptions, startServer, type TestAnswer, type TestServer, twoSteps } from "./support";

let server: TestServer;
let owner: SignedIn;
let member: SignedIn;
let viewer: SignedIn;
let workflow: string;
beforeAll(async () => {
  server = await startServer();
  [owner, member, viewer] = await Promise.all([admin(server), person(server, "member"), person(server, "viewer")]);
  const definition = twoSteps();
  workflow = definition.name;
  await server.call("POST", "workflows", { definition });
});
afterAll(() => server?.close());

const log = async (query: Record<string, string>): Promise<TestAnswer["body"][]> =>
  (await server.call("GET", `audit-log?${new URLSearchParams(query)}`)).body.items;
/** Refusals are written behind the answer. */
const told = async (query: Record<string, string>) => {
  await expect.poll(async () => (await log(query)).length).toBeGreaterThan(0);
  return (await log(query))[0];
};
const started = async (): Promise<string> =>
  (await server.call("POST", "executions", { workflow, input: { name: "Ada" } })).body.id;
/** An export as it comes. */
const exported = (query: string) =>
  fetch(`${server.url}/api/v1/audit-log/export?${query}`, { headers: { authorization: `Bearer ${API_KEY}` } });
const as = (key: string): CallOptions => ({ key });
/** A target that no other test has. */
const nowhere = () => `key:${randomBytes(6).toString("hex")}`;

/** What changes something for nobody but the caller, or is told by histories, tasks and workers themselves. */
const WITHOUT_ENTRY = [
  "POST /api/v1/executions",
  "POST /api/v1/executions/batch",
  "POST /api/v1/executions/{execution}/verify",
  "POST /api/v1/workflows/validate",
  "PUT /api/v1/me/namespace",
];
const OF_WORKERS = /^\/api\/v1\/(?:workers|tasks)(?:\/|$)/;

test("every route that changes something has a name in the audit log, but those that are named here", () => {
  const silent = ROUTES.filter(
    ({ method, path, audit }) => method !== "GET" && audit === undefined && !OF_WORKERS.test(path),
  ).map(({ method, path }) => `${method} ${path}`);
  expect(silent.sort()).toEqual(WITHOUT_ENTRY);
});

describe("what was done", () => {
  test("is there before its caller hears of it, with who, what, from where and with what", async () => {
    const id = await started();
    const { headers } = await server.call(
      "POST",
      `executions/${id}/pause`,
      {},
      { headers: { "user-agent": "a test" } },
    );
    const [entry] = await log({ target: id });
    expect(entry).toEqual({
      id: expect.stringMatching(/^aud_/),
      at: expect.any(String),
      actor: expect.stringMatching(/^key:key_/),
      action: "execution.pause",
      target: id,
      outcome: "done",
      code: null,
      credential: entry.actor,
      address: "127.0.0.1",
      userAgent: "a test",
      requestId: headers.get("x-request-id"),
      namespace: "default",
      count: 1,
      details: null,
    });
  });

  test.each<[string, string, (id: string) => [string, string, unknown], object]>([
    ["a signal", "execution.signal", (id) => ["POST", `executions/${id}/signals/go`, {}], { signal: "go" }],
    [
      "an operation",
      "execution.bulk",
      (id) => ["POST", "executions/bulk", { action: "cancel", ids: [id] }],
      { action: "cancel" },
    ],
    ["a limit", "queue.limit", () => ["PUT", "queues/slow/limits", { paused: true }], { paused: true }],
  ])("says what was changed: %s", async (_, action, call, details) => {
    const { status } = await server.call(...call(await started()));
    expect(status).toBeLessThan(300);
    const [entry] = await log({ action });
    expect(entry).toMatchObject({ action, outcome: "done", details });
  });

  test("names what was published, and is silent about what was there", async () => {
    const definition = twoSteps();
    await server.call("POST", "workflows", { definition });
    await server.call("POST", "workflows", { definition });
    expect(await log({ target: definition.name })).toMatchObject([
      { action: "workflow.publish", details: { version: 1 } },
    ]);
    await server.call("DELETE", `workflows/${definition.name}`);
    await server.call("POST", "workflows", { definition });
    const [revived] = await log({ target: definition.name });
    expect(revived).toMatchObject({ action: "workflow.publish", details: { version: 1, revived: true } });
  });

  test("is not called done where it cannot be written down", async () => {
    const id = await started();
    await sql(server, "alter table audit_log rename to audit_log_elsewhere");
    const refused = await server.call("POST", `executions/${id}/pause`, {});
    await sql(server, "alter table audit_log_elsewhere rename to audit_log");
    expect(refused).toMatchObject({ status: 503, body: { code: "OUTCOME_UNKNOWN" } });
    expect(refused.body.detail).toMatch(/audit log/);
    expect((await server.call("GET", `executions/${id}/events`)).body.items).toContainEqual(
      expect.objectContaining({ type: "ExecutionPaused", actor: expect.stringMatching(/^key:/) }),
    );
  });

  test.each(["update audit_log set actor = 'x'", "delete from audit_log", "truncate audit_log"])(
    "stays as it was written: %s",
    async (statement) => {
      const before = (await log({})).length;
      expect(before).toBeGreaterThan(0);
      await expect(sql(server, statement)).rejects.toThrow("the audit log is append-only");
      expect((await log({})).length).toBe(before);
    },
  );
});

describe("who tried what", () => {
  const rotated = async () => {
    const { body } = await server.call("POST", "api-keys", { name: "old", scopes: ["client"] });
    await server.call("POST", `api-keys/${body.id}/rotate`, { overlapMs: 0 });
    return body;
  };
  const revoked = async () => {
    const { body } = await server.call("POST", "api-keys", { name: "gone", scopes: ["client"] });
    await server.call("DELETE", `api-keys/${body.id}`);
    return body;
  };
  const expired = async () => {
    const { body } = await server.call("POST", "api-keys", { name: "late", scopes: ["client"] });
    await sql(server, "update api_keys set expires_at = now() - interval '1 second' where name = 'late'");
    return body;
  };

  test.each([
    ["a stolen key that was rotated", rotated],
    ["a revoked key", revoked],
    ["an expired key", expired],
  ])("%s is refused, and known by its id", async (_, make) => {
    const { id: key, secret } = await make();
    const id = await started();
    expect(await server.call("POST", `executions/${id}/cancel`, {}, as(secret))).toMatchObject({ status: 401 });
    expect(await told({ target: id, outcome: "refused" })).toMatchObject({
      action: "execution.cancel",
      code: "UNAUTHENTICATED",
      actor: `key:${key}`,
      credential: `key:${key}`,
      address: "127.0.0.1",
    });
    expect((await server.call("GET", `executions/${id}`)).body.status).not.toBe("cancelled");
  });

  test("a key that nobody made is refused, and known by its address", async () => {
    const target = nowhere();
    expect(await server.call("POST", `executions/${target}/fork`, { at: 1 }, as("cbk_guessed"))).toMatchObject({
      status: 401,
    });
    expect(await told({ target })).toMatchObject({ actor: "unknown", credential: null, address: "127.0.0.1" });
  });

  test("a key of another organisation finds nothing, and its own organisation is told", async () => {
    const id = await started();
    const foreign = await addNamespace(server, "default", await addOrganisation(server, "elsewhere"));
    const foreignAdmin = await addKey(server, foreign.id, ["admin"]);
    expect(await server.call("POST", `executions/${id}/terminate`, {}, as(foreignAdmin))).toMatchObject({
      status: 404,
      body: { code: "EXECUTION_NOT_FOUND" },
    });
    const theirs = async () =>
      (await server.call("GET", `audit-log?target=${id}`, undefined, as(foreignAdmin))).body.items;
    await expect.poll(async () => (await theirs()).length).toBe(1);
    expect(await theirs()).toMatchObject([
      {
        action: "execution.terminate",
        code: "EXECUTION_NOT_FOUND",
        credential: expect.stringMatching(/^key:key_/),
        address: "127.0.0.1",
      },
    ]);
    expect(await log({ target: id, outcome: "refused" })).toEqual([]);
  });

  test("a viewer's session may control nothing", async () => {
    const id = await started();
    expect(await viewer.call("POST", `executions/${id}/cancel`, {})).toMatchObject({ status: 403 });
    expect(await told({ target: id, outcome: "refused" })).toMatchObject({
      code: "FORBIDDEN",
      actor: `user:${viewer.id}`,
      credential: expect.stringMatching(/^session:/),
      address: "127.0.0.1",
    });
  });

  test("a forged header leads into no other organisation's namespace, and hides no address", async () => {
    await addNamespace(server, "default", await addOrganisation(server, "coveted"));
    const target = nowhere();
    const forged = { "x-cerebelum-namespace": "coveted/default", "x-forwarded-for": "203.0.113.9" };
    expect(await member.call("POST", `executions/${target}/cancel`, {}, forged)).toMatchObject({ status: 404 });
    expect(await told({ target })).toMatchObject({
      code: "NOT_FOUND",
      actor: `user:${member.id}`,
      address: "127.0.0.1",
    });
  });

  test("a form that another site sends is refused", async () => {
    const id = await started();
    const crossed = await member.call("POST", `executions/${id}/cancel`, {}, { origin: "https://evil.example" });
    expect(crossed).toMatchObject({ status: 403, body: { code: "CROSS_ORIGIN" } });
    expect(await told({ target: id, outcome: "refused" })).toMatchObject({
      code: "CROSS_ORIGIN",
      actor: `user:${member.id}`,
    });
  });

  test("a decision that another one made already is refused", async () => {
    const asks = { name: "asks", nodes: [{ id: "sign", type: "approval", title: "Sign" }], edges: [] };
    await server.call("POST", "workflows", { definition: asks });
    const { body } = await server.call("POST", "executions", { workflow: "asks" });
    const [approval] = (await server.call("GET", `approvals?execution=${body.id}`)).body.items;
    const [first, second] = [member, owner];
    const decide = (by: SignedIn) => by.call("POST", `approvals/${approval.id}/decide`, { decision: "approved" });
    expect((await decide(first)).status).toBe(200);
    expect(await decide(second)).toMatchObject({ status: 409, body: { code: "ALREADY_DECIDED" } });
    await expect.poll(async () => (await log({ target: approval.id })).length).toBe(2);
    expect(await log({ target: approval.id })).toMatchObject([
      { outcome: "refused", code: "ALREADY_DECIDED", actor: `user:${second.id}` },
      { outcome: "done", actor: `user:${first.id}`, details: { decision: "approved" } },
    ]);
  });

  test("an invitation that was used is refused, and its token is written nowhere", async () => {
    const { body } = await owner.call("POST", "invitations", { email: viewer.email, role: "member" });
    const token = new URL(body.link).searchParams.get("token") ?? new URL(body.link).hash.replace(/^#(token=)?/, "");
    expect(token.length).toBeGreaterThan(20);
    expect((await viewer.call("POST", "invitations/accept", { token })).status).toBeLessThan(300);
    expect(await viewer.call("POST", "invitations/accept", { token })).toMatchObject({ status: 409 });
    expect(await told({ actor: `user:${viewer.id}`, action: "invitation.accept", outcome: "refused" })).toMatchObject({
      code: "INVITATION_CLOSED",
    });
    expect(JSON.stringify(await log({ limit: "200" }))).not.toContain(token);
  });

  test("a flood of one kind is one entry a minute, with how often it came", async () => {
    const target = nowhere();
    const tries = Array.from({ length: 50 }, () => server.call("GET", `executions/${target}/steps`));
    for (const { status } of await Promise.all(tries)) expect(status).toBe(404);
    const action = "GET /api/v1/executions/{execution}/steps";
    await told({ action });
    server.instance.audit.writeRefusals();
    await expect.poll(async () => (await log({ action })).length).toBe(2);
    expect(await log({ action })).toMatchObject([{ count: 49 }, { count: 1, target }]);
  });

  test("a flood of more kinds than are told apart is counted together", async () => {
    server.instance.audit.writeRefusals();
    const { audit } = server.instance;
    const from = (i: number) => ({
      organisationId: 1,
      namespaceId: null,
      actor: "unknown",
      credential: null,
      address: `2001:db8::${i}`,
      userAgent: "\0 \ud800",
      requestId: null,
    });
    for (let i = 0; i < 520; i++) audit.refused(from(i), { action: "flood.test", target: "\0" }, "UNAUTHENTICATED");
    audit.writeRefusals();
    expect(await told({ action: "call.refused" })).toMatchObject({ count: 20, actor: "unknown", address: null });
    const rows = await sql<{ count: string }>(
      server,
      "select count(*)::text from audit_log where action = 'flood.test'",
    );
    expect(rows).toEqual([{ count: "500" }]);
  });
});

describe("the list", () => {
  test("is for whoever administers, and holds what their own organisation did", async () => {
    for (const scopes of [["read"], ["client"], ["deploy"], ["worker"]])
      expect((await server.call("GET", "audit-log", undefined, as(await addKey(server, 1, scopes)))).status).toBe(403);
    expect((await member.call("GET", "audit-log")).status).toBe(403);
    const organisation = await addOrganisation(server, "quiet");
    const other = await addKey(server, (await addNamespace(server, "default", organisation)).id, ["admin"]);
    expect((await server.call("GET", "audit-log", undefined, as(other))).body).toEqual({ items: [], nextCursor: null });
  });

  test("is walked page by page, newest first, and filtered by all that is given", async () => {
    const id = await started();
    for (const verb of ["pause", "resume", "pause"]) await server.call("POST", `executions/${id}/${verb}`, {});
    const first = (await server.call("GET", `audit-log?target=${id}&limit=2`)).body;
    const second = (await server.call("GET", `audit-log?target=${id}&limit=2&cursor=${first.nextCursor}`)).body;
    expect([...first.items, ...second.items].map(({ action }) => action)).toEqual([
      "execution.pause",
      "execution.resume",
      "execution.pause",
    ]);
    expect(second.nextCursor).toBeNull();
    const [newest, , oldest] = [...first.items, ...second.items];
    const found = async (query: Record<string, string>) => (await log({ target: id, ...query })).length;
    expect(await found({ action: "execution." })).toBe(3);
    expect(await found({ action: "execution" })).toBe(0);
    expect(await found({ action: "execution.resume" })).toBe(1);
    expect(await found({ actor: newest.actor, outcome: "done", namespace: "default" })).toBe(3);
    expect(await found({ namespace: "other" })).toBe(0);
    expect(await found({ outcome: "refused" })).toBe(0);
    expect(await found({ to: oldest.at })).toBe(0);
    expect(await found({ from: oldest.at })).toBe(3);
    for (const query of ["from=yesterday", "outcome=maybe", "who=me", "cursor=x"])
      expect((await server.call("GET", `audit-log?${query}`)).status, query).toBe(422);
  });

  test("is exported as lines and as a table, and that is written down, too", async () => {
    const id = await started();
    await server.call("POST", `executions/${id}/pause`, {}, { headers: { "user-agent": '=cmd|"x",1' } });
    const lines = await exported(`target=${id}`);
    expect(lines.headers.get("content-type")).toBe("application/x-ndjson");
    expect(JSON.parse(await lines.text())).toEqual((await log({ target: id }))[0]);
    const table = await exported(`target=${id}&format=csv`);
    const [head, row, end] = (await table.text()).split("\r\n");
    expect(head).toMatch(/^id,at,actor,action,target,/);
    expect(row).toContain(`,execution.pause,${id},done,,key:`);
    expect(row).toContain(`"'=cmd|""x"",1"`);
    expect(end).toBe("");
    expect(await log({ action: "audit_log.export" })).toHaveLength(2);
  });

  test("is exported whole, however long it is", async () => {
    await sql(
      server,
      `insert into audit_log (id, organisation_id, at, actor, action, outcome)
       select n, 1, now(), 'engine', 'many.made', 'done' from generate_series(1, 1234) n`,
    );
    const body = await (await exported("action=many.made")).text();
    const entries = body
      .trim()
      .split("\n")
      .map((line: string) => JSON.parse(line));
    expect(new Set(entries.map(({ id }: { id: string }) => id)).size).toBe(1234);
  });
});

test("a signing key is rotated by an owner of the operator's organisation, and nobody else", async () => {
  const keys = async () => (await server.call("GET", "signing-keys")).body.items;
  const [before] = await keys();
  expect(before).toMatchObject({ algorithm: "Ed25519", retiredAt: null, id: before.fingerprint.slice(0, 32) });
  expect((await server.call("POST", "signing-keys/rotate", undefined, as(API_KEY))).status).toBe(403);
  const tenants = await addOrganisation(server, "tenants");
  await addNamespace(server, "default", tenants);
  const theirs = await person(server, "owner", tenants);
  expect((await theirs.call("POST", "signing-keys/rotate")).status).toBe(403);
  const rotated = await owner.call("POST", "signing-keys/rotate");
  expect(rotated.status).toBe(201);
  expect(await keys()).toMatchObject([
    { id: rotated.body.id, retiredAt: null },
    { id: before.id, retiredAt: expect.any(String) },
  ]);
  expect((await log({ action: "signing_key.rotate", outcome: "done" }))[0]).toMatchObject({ target: rotated.body.id });
});
