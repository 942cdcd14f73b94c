// Who may call what: keys and their scopes, people and their sessions, namespaces that do not see each other.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addApiKey } from "@/db/queries/api-keys";
import { hashSecret, newApiKeySecret } from "@/lib/auth/api-keys";
import type { Scope } from "@/lib/contract/permissions";
import { ADMIN, startServer, type TestServer, twoSteps } from "./support";

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.close());

async function keyWith(scopes: Scope[], namespaceId = 1, expiresAt: Date | null = null): Promise<string> {
  const secret = newApiKeySecret();
  const { instance } = server;
  const id = instance.services.keys.next();
  await instance.reads.query(
    addApiKey({ id, namespaceId, name: "test", prefix: "cbk_test", hash: hashSecret(secret), scopes }),
  );
  if (expiresAt !== null)
    await instance.reads.query("update api_keys set expires_at = $1 where id = $2", [expiresAt, id]);
  return secret;
}

const signIn = (password = ADMIN.password, headers: Record<string, string> = {}) =>
  fetch(`${server.url}/api/auth/sign-in/email`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: server.url, ...headers },
    body: JSON.stringify({ email: ADMIN.email, password }),
  });

async function session(): Promise<string> {
  const response = await signIn();
  expect(response.status).toBe(200);
  return response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(";")[0])
    .join("; ");
}

describe("a key", () => {
  test("is needed, and must be one", async () => {
    for (const headers of [
      {},
      { authorization: "Bearer wrong" },
      { authorization: "Basic abc" },
      { authorization: "Bearer" },
    ] as Record<string, string>[]) {
      const answer = await server.call("GET", "executions", undefined, { key: null, headers });
      expect([answer.status, answer.body.code]).toEqual([401, "UNAUTHENTICATED"]);
      expect(answer.headers.get("www-authenticate")).toBe("Bearer");
    }
  });

  test("that has expired is none", async () => {
    const key = await keyWith(["admin"], 1, new Date(Date.now() - 1000));
    expect((await server.call("GET", "executions", undefined, { key })).status).toBe(401);
  });

  type CallOf = () => readonly [method: string, path: string, body: unknown];
  const calls: Record<"read" | "execute" | "publish" | "work", CallOf> = {
    read: () => ["GET", "executions", undefined],
    execute: () => ["POST", "executions/batch", { executions: [{}] }],
    publish: () => ["POST", "workflows/validate", { definition: twoSteps() }],
    work: () => ["POST", "workers", { queues: ["q"], tasks: ["t"], language: "x", sdkVersion: "1", capacity: 1 }],
  };
  const allowed: Record<Scope, (keyof typeof calls)[]> = {
    read: ["read"],
    client: ["read", "execute"],
    deploy: ["read", "publish"],
    worker: ["work"],
    admin: ["read", "execute", "publish", "work"],
  };

  test.each(Object.keys(allowed) as Scope[])("with the scope %s may do that and no more", async (scope) => {
    const key = await keyWith([scope]);
    for (const [kind, make] of Object.entries(calls)) {
      const [method, path, body] = make();
      const { status } = await server.call(method, path, body, { key });
      const may = (allowed[scope] as string[]).includes(kind);
      expect(status < 300, `${scope} ${kind}: ${status}`).toBe(may);
      if (!may) expect(status).toBe(403);
    }
  });

  test("of another namespace sees nothing and is told nothing", async () => {
    const { rows } = await server.instance.reads.query<{ id: number }>(
      "insert into namespaces (name) values ('elsewhere') returning id",
    );
    const key = await keyWith(["admin"], rows[0]?.id);
    const definition = twoSteps();
    await server.call("POST", "workflows", { definition });
    const { body } = await server.call("POST", "executions", {
      workflow: definition.name,
      input: { name: "x" },
      key: "mine",
    });
    const worker = await server.call("POST", "workers", calls.work()[2]);
    for (const [method, path, sent] of [
      ["GET", `workflows/${definition.name}`],
      ["GET", `workflows/${definition.name}/versions/1`],
      ["GET", `executions/${body.id}`],
      ["GET", "executions/key:mine"],
      ["GET", `executions/${body.id}/events`],
      ["GET", `executions/${body.id}/events/stream`],
      ["GET", `executions/${body.id}/steps`],
      ["GET", `executions/${body.id}/state`],
      ["GET", `executions/${body.id}/result`],
      ["POST", `executions/${body.id}/verify`],
      ["POST", `executions/${body.id}/cancel`, {}],
      ["POST", "executions", { workflow: definition.name }],
      ["POST", `workers/${worker.body.workerId}/poll`, { capacity: 1 }],
      ["POST", `workers/${worker.body.workerId}/heartbeat`, { running: [] }],
      ["DELETE", `workers/${worker.body.workerId}`],
    ] as const) {
      expect((await server.call(method, path, sent, { key })).status, `${method} ${path}`).toBe(404);
    }
    for (const path of ["executions", "workflows", "workers", "queues"]) {
      expect((await server.call("GET", path, undefined, { key })).body.items, path).toEqual([]);
    }
  });
});

describe("a person", () => {
  test("signs in, reads and changes from the page itself, and signs out", async () => {
    const cookie = await session();
    const options = (headers: Record<string, string>) => ({ key: null, headers: { cookie, ...headers } });
    expect((await server.call("GET", "executions", undefined, options({}))).status).toBe(200);
    const definition = twoSteps();
    const publish = (headers: Record<string, string>) =>
      server.call("POST", "workflows", { definition }, options(headers));
    expect((await publish({ origin: server.url })).status).toBe(201);
    expect((await publish({ "sec-fetch-site": "same-origin" })).status).toBe(200);
    const { body } = await server.call("GET", `workflows/${definition.name}`);
    expect(body.publishedBy).toMatch(/^user:/);

    const out = await fetch(`${server.url}/api/auth/sign-out`, {
      method: "POST",
      headers: { cookie, origin: server.url, "content-type": "application/json" },
      body: "{}",
    });
    expect(out.status).toBe(200);
    expect((await server.call("GET", "executions", undefined, options({}))).status).toBe(401);
  });

  test("gets a cookie that scripts cannot read, and over TLS one that never leaves it", async () => {
    const cookieOver = async (origin: string) =>
      (await signIn(ADMIN.password, { origin })).headers.getSetCookie().join();
    expect(await cookieOver(server.url)).toMatch(/^cerebelum\.session_token=.*HttpOnly.*SameSite=Lax$/);
    expect(await cookieOver(server.url.replace("http:", "https:"))).toMatch(/HttpOnly.*; Secure$/);
  });

  test("is refused a change that another site asks for", async () => {
    const cookie = await session();
    for (const headers of [
      {},
      { origin: "https://evil.example" },
      { origin: "null" },
      { "sec-fetch-site": "cross-site", origin: server.url },
      { "sec-fetch-site": "same-site" },
    ] as Record<string, string>[]) {
      const answer = await server.call(
        "POST",
        "workflows/validate",
        { definition: {} },
        { key: null, headers: { cookie, ...headers } },
      );
      expect([answer.status, answer.body.code], JSON.stringify(headers)).toEqual([403, "CROSS_ORIGIN"]);
    }
  });

  test("chooses among the namespaces that there are", async () => {
    const cookie = await session();
    const list = (namespace: string) =>
      server.call("GET", "executions", undefined, {
        key: null,
        headers: { cookie, "x-cerebelum-namespace": namespace },
      });
    expect((await list("default")).status).toBe(200);
    expect((await list("nowhere")).status).toBe(404);
  });

  test("cannot sign up", async () => {
    const response = await fetch(`${server.url}/api/auth/sign-up/email`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: server.url },
      body: JSON.stringify({ email: "new@example.com", password: "a long enough password", name: "New" }),
    });
    expect(response.status).toBeGreaterThanOrEqual(400);
    const { rows } = await server.instance.reads.query("select 1 from users");
    expect(rows.length).toBe(1);
  });
});
