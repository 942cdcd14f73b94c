// What the log says of calls and of errors, and what it must never say.
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readConfig } from "@/lib/config";
import { openInstance } from "@/lib/http/instance";
import { createNodeServer } from "@/lib/http/node-server";
import { openLog } from "@/lib/log";
import { createDatabase, type TestDatabase } from "../support/postgres";
import { ADMIN, API_KEY } from "./support";

// biome-ignore lint/suspicious/noExplicitAny: entries of the log as they are
const lines: any[] = [];
const log = openLog("debug", { write: (line) => void lines.push(JSON.parse(line)) });
let database: TestDatabase;
let instance: Awaited<ReturnType<typeof openInstance>>["instance"];
let url: string;
let close: () => void;

beforeAll(async () => {
  database = await createDatabase();
  const config = readConfig({
    DATABASE_URL: database.connectionString,
    CEREBELUM_ADMIN_EMAIL: ADMIN.email,
    CEREBELUM_ADMIN_PASSWORD: ADMIN.password,
    CEREBELUM_API_KEY: API_KEY,
  });
  ({ instance } = await openInstance(config, log));
  const server = createNodeServer(instance, null, new AbortController().signal);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  close = () => {
    server.close();
    server.closeAllConnections();
  };
});
afterAll(async () => {
  close();
  await instance.close();
  await database.drop();
});

async function call(method: string, path: string, body?: object, headers: Record<string, string> = {}) {
  lines.length = 0;
  const response = await fetch(url + path, {
    method,
    headers: { authorization: `Bearer ${API_KEY}`, "content-type": "application/json", ...headers },
    body: body && JSON.stringify(body),
  });
  await response.text();
  const requestId = response.headers.get("x-request-id");
  return { status: response.status, requestId, line: lines.find((line) => line.requestId === requestId) };
}

describe("a call", () => {
  it("is logged by route, status and caller, and nothing that it carried", async () => {
    const { status, requestId, line } = await call(
      "POST",
      "/api/v1/executions/key%3Asecret-key/signals/secret-signal?secret=query",
      { payload: "secret payload" },
      { "x-request-id": "secret-of-the-client", "x-secret-header": "secret header" },
    );
    expect(status).toBeGreaterThanOrEqual(400);
    expect(line).toEqual({
      level: 20,
      time: expect.any(Number),
      requestId,
      method: "POST",
      route: "/api/v1/executions/{execution}/signals/{signal}",
      status,
      durationMs: expect.any(Number),
      actor: expect.stringMatching(/^key:key_/),
      credential: expect.stringMatching(/^key:key_/),
      code: expect.any(String),
      msg: "a call was answered",
    });
    expect(JSON.stringify(lines)).not.toMatch(/secret/);
  });

  it("has the request id of its answer in the audit log too, and never one that the client sent", async () => {
    const { requestId } = await call(
      "POST",
      "/api/v1/workflows",
      { definition: { name: "logged", nodes: [{ id: "a", type: "task", task: "a" }], edges: [] } },
      { "x-request-id": "req_of_the_client" },
    );
    expect(requestId).toMatch(/^req_[0-9a-z]{18,}$/);
    const { rows } = await instance.reads.query("select request_id from audit_log where action like 'workflow%'");
    expect(rows).toEqual([{ request_id: requestId }]);
  });

  it("without a valid key is logged without a caller", async () => {
    const { line } = await call("GET", "/api/v1/workflows", undefined, { authorization: "Bearer nobodys-key" });
    expect(line).toMatchObject({ level: 20, status: 401, code: "UNAUTHENTICATED" });
    expect(line).not.toHaveProperty("actor");
    expect(JSON.stringify(lines)).not.toContain("nobodys-key");
  });

  it("that waits on purpose is not told as slow", async () => {
    await call("POST", "/api/v1/executions", { workflow: "logged", key: "waits" });
    const { line } = await call("GET", "/api/v1/executions/key:waits/result?waitMs=1050");
    expect(line).toMatchObject({ level: 20, status: 202 });
    expect(line.durationMs).toBeGreaterThan(1_000);
  });
});

describe("an error", () => {
  async function logged(work: () => unknown): Promise<string> {
    lines.length = 0;
    try {
      await work();
    } catch (error) {
      log.error({ error }, "it failed");
    }
    const [line] = lines;
    expect(line).toMatchObject({
      level: 50,
      error: { name: expect.any(String), stack: expect.stringContaining("at ") },
    });
    return JSON.stringify(line);
  }

  it("of the database is told by its code, without what it could not read", async () => {
    const text = await logged(() => instance.reads.query("select $1::text::int", ["secret value"]));
    expect(text).toContain("22P02");
    expect(text).not.toContain("secret value");
  });

  it("of a constraint names it, without the values", async () => {
    const text = await logged(async () => {
      await instance.reads.query("create table logged_once (name text primary key)");
      const insert = () => instance.reads.query("insert into logged_once values ($1)", ["secret value"]);
      await insert();
      await insert();
    });
    expect(text).toContain("logged_once_pkey");
    expect(text).not.toContain("secret value");
  });

  it("of a text that is no JSON is told without the text", async () => {
    expect(await logged(() => JSON.parse("secret value"))).not.toContain("secret value");
  });

  it("whose entry carries what it should not loses that", () => {
    lines.length = 0;
    log.info(
      { input: { card: "secret" }, call: { headers: "secret", payload: "secret" }, token: "secret" },
      "careless",
    );
    expect(JSON.stringify(lines)).not.toContain("secret");
    expect(lines).toMatchObject([{ input: "[redacted]", call: { headers: "[redacted]", payload: "[redacted]" } }]);
  });

  it("that keeps a call from being answered is told at error, with the code that the caller gets", async () => {
    await instance.services.db.query("alter table workflows rename to workflows_gone");
    const { status, line } = await call("GET", "/api/v1/workflows");
    await instance.services.db.query("alter table workflows_gone rename to workflows");
    expect(status).toBe(500);
    expect(line).toMatchObject({ level: 50, code: "INTERNAL", error: { code: "42P01" }, msg: "a call failed" });
  });
});
