// What no caller can bring the server to do: read on past a request, take long, tell of itself, or keep a secret in its log.
import { once } from "node:events";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createNodeServer } from "@/lib/http/node-server";
import { openLog } from "@/lib/log";
import { ADMIN, API_KEY } from "../support";
import { type OpenApi, operationsOf } from "./operations";
import { openWorld, type Sent, type World } from "./world";

let world: World;
const lines: string[] = [];
beforeAll(async () => {
  const log = openLog("debug", { write: (line) => lines.push(line) });
  world = await openWorld({ log });
});
afterAll(() => world?.close());

const authorization = { authorization: `Bearer ${API_KEY}` };
const call = (method: string, path: string, more: Partial<Sent> = {}) =>
  world.send({ method, path, headers: authorization, ...more });

/** All that comes back over one connection until the server closes it. */
async function raw(text: string): Promise<string> {
  const { port, hostname } = new URL(world.url);
  const socket = connect(Number(port), hostname);
  const chunks: Buffer[] = [];
  socket.on("data", (chunk) => chunks.push(chunk));
  socket.on("error", () => {});
  socket.write(text);
  await once(socket, "close");
  return Buffer.concat(chunks).toString("latin1");
}

const head = (line: string, ...headers: string[]) =>
  [line, "host: x", `authorization: Bearer ${API_KEY}`, ...headers, "", ""].join("\r\n");
const CLOSE = "connection: close";
const hidden = head("POST /api/v1/workers HTTP/1.1", "content-length: 0", CLOSE);

describe("a request on the wire", () => {
  test.each([
    ["both lengths", "content-length: 4", "transfer-encoding: chunked"],
    ["two lengths", "content-length: 4", "content-length: 5"],
    ["a length that is no number", "content-length: 4x"],
    ["an unknown coding", "transfer-encoding: xchunked"],
    ["a coding twice", "transfer-encoding: chunked, chunked"],
    ["a blank before the colon", "content-length : 4"],
    ["a header that goes on in the next line", "x-a: b\r\n c: d", "content-length: 4\r\n 5"],
    ["a carriage return in a value", "x-a: b\rc"],
  ])("with %s is refused, and what follows it is not read as another one", async (_, ...headers) => {
    const answers = await raw(head("POST /api/v1/workflows/validate HTTP/1.1", ...headers) + hidden);
    expect(answers).toMatch(/^HTTP\/1\.1 400 /);
    expect(answers.match(/HTTP\/1\.1 /g)).toHaveLength(1);
  });

  test("with more headers than fit is refused", async () => {
    expect(await raw(head("GET /api/v1/workflows HTTP/1.1", `x-a: ${"a".repeat(40_000)}`))).toMatch(/^HTTP\/1\.1 431 /);
  });

  test("that takes long to arrive is given up, head and body", () => {
    const server = createNodeServer(world.instance, null, new AbortController().signal);
    expect(server.headersTimeout).toBe(15_000);
    expect(server.requestTimeout).toBe(120_000);
    // Nothing else ends a connection that sends a byte now and then.
    expect(server.headersTimeout).toBeLessThan(server.requestTimeout);
  });

  test.each(["TRACE", "OPTIONS", "PROPFIND"])(
    "with the method %s is told which there are, and hears nothing back",
    async (method) => {
      const answer = await raw(head(`${method} /api/v1/workflows HTTP/1.1`, CLOSE));
      expect(answer).toMatch(/^HTTP\/1\.1 405 /);
      expect(answer).not.toContain(API_KEY);
      expect(answer).not.toMatch(/access-control-/i);
    },
  );

  test.each(["*", "http://other.example/api/v1/workflows", "//other.example/api/v1/workflows"])(
    "for %s is none of ours",
    async (target) => {
      expect(await raw(head(`GET ${target} HTTP/1.1`, CLOSE))).toMatch(/^HTTP\/1\.1 404 /);
    },
  );

  test("is what its method says, whatever its headers or its query would have it be", async () => {
    const headers = { ...authorization, "x-http-method-override": "DELETE", "x-method-override": "DELETE" };
    const { status } = await call("GET", "/api/v1/workflows", { headers });
    expect(status).toBe(200);
    expect((await call("GET", "/api/v1/workflows?_method=DELETE")).status).toBe(422);
  });
});

describe("a path", () => {
  test.each([
    "/api/v1/../../etc/passwd",
    "/api/v1/workflows/..%2f..%2f..%2fetc%2fpasswd",
    "/api/v1/workflows/%2e%2e%2f%2e%2e%2fpackage.json",
    "/api/v1/workflows/..%5c..%5cpackage.json",
    "/api/v1//workflows",
    "/api/v1/workflows/%00",
    "/api/v1/workflows/%ff",
  ])("%s leads to no file", async (path) => {
    const answer = await raw(head(`GET ${path} HTTP/1.1`, CLOSE));
    expect(answer).toMatch(/^HTTP\/1\.1 404 /);
    expect(answer).not.toMatch(/root:|"dependencies"/);
  });

  test("with a line break in it puts no header into the answer", async () => {
    const answer = await raw(head("GET /api/v1/workflows/a%0d%0aset-cookie:%20b=c HTTP/1.1", CLOSE));
    expect(answer.split("\r\n\r\n")[0]).not.toMatch(/set-cookie/i);
  });

  test.each(["__proto__", "constructor", "prototype", "toString", "hasOwnProperty"])(
    "and a query that name %s find what every other name finds",
    async (name) => {
      expect((await call("GET", `/api/v1/workflows/${name}`)).status).toBe(404);
      expect((await call("GET", `/api/v1/workflows?${name}=1`)).status).toBe(422);
      expect((await call("GET", `/api/v1/${name}`)).status).toBe(404);
      const headers = { ...authorization, "x-cerebelum-namespace": name };
      expect((await call("GET", "/api/v1/workflows", { headers })).status).toBe(200);
    },
  );
});

describe("a piece of SQL", () => {
  const pieces = ["' or '1'='1", "x'; drop table executions; --", "1) or (1=1", "\\'", "$1", "%", "_"];

  test("in every parameter of every query is a word like any other", async () => {
    const document: OpenApi = (await call("GET", "/api/v1/openapi.json")).body;
    const reads = operationsOf(document).filter(({ method, described }) => method === "GET" && described !== "public");
    for (const { path, query, name } of reads)
      for (const piece of pieces) {
        const word = encodeURIComponent(piece);
        expect((await call("GET", path.replace(/\{\w+\}/g, word))).status, `${name} ${piece}`).toBeLessThan(500);
        for (const parameter of query) {
          const asked = `${path.replace(/\{\w+\}/g, "none")}?${parameter.name}=${word}`;
          const { status, body } = await call("GET", asked);
          expect(status, asked).toBeLessThan(500);
          // A page may begin at any name, and the audit log has what was tried just now.
          if (parameter.name !== "cursor" && !path.includes("/audit-log")) expect(body?.items ?? [], asked).toEqual([]);
        }
      }
    expect((await call("GET", "/api/v1/executions")).status).toBe(200);
  });
});

test.each(["__proto__", "constructor", "prototype"])("a body's member %s changes nothing for others", async (name) => {
  const body = JSON.parse(`{"definition":{"name":"a","nodes":[],"edges":[],"${name}":{"polluted":true}}}`);
  expect((await call("POST", "/api/v1/workflows", { body })).status).toBe(422);
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
});

describe("an answer", () => {
  test("of every operation, right or wrong, may be kept by no cache, read as nothing else, framed by nobody", async () => {
    const document: OpenApi = (await call("GET", "/api/v1/openapi.json")).body;
    for (const { method, path, name } of operationsOf(document)) {
      for (const headers of [authorization, {}] as Record<string, string>[]) {
        const response = await fetch(`${world.url}${path.replace(/\{\w+\}/g, "unknown")}?walked=1`, {
          method,
          headers,
        });
        await response.body?.cancel();
        expect(response.headers.get("cache-control"), name).toMatch(/no-store/);
        expect(response.headers.get("x-content-type-options"), name).toBe("nosniff");
        expect(response.headers.get("x-frame-options"), name).toBe("DENY");
        expect(response.headers.get("x-powered-by") ?? response.headers.get("server"), name).toBeNull();
        expect(response.headers.get("access-control-allow-origin"), name).toBeNull();
      }
    }
  });

  test("to another site's page lets it read nothing", async () => {
    const headers = { ...authorization, origin: "https://evil.example", "access-control-request-method": "POST" };
    for (const method of ["GET", "OPTIONS"]) {
      const response = await fetch(`${world.url}/api/v1/workflows`, { method, headers });
      expect([...response.headers.keys()].filter((name) => name.startsWith("access-control-"))).toEqual([]);
    }
  });
});

test("an Idempotency-Key that no header should carry is refused", async () => {
  const body = { workflow: "none" };
  for (const key of ["\u00e9", "a".repeat(257), ""]) {
    const headers = { ...authorization, "idempotency-key": key };
    expect((await call("POST", "/api/v1/executions", { headers, body })).status, key).toBe(422);
  }
});

describe("what goes wrong inside", () => {
  // No word that a time or an id could hold by chance.
  const canary = "canary-in-the-mine";

  test("is answered without a word of SQL, code or data, and logged without payloads and secrets", async () => {
    const definition = { name: "logged", nodes: [{ id: "a", type: "task", task: "a" }], edges: [] };
    await call("POST", "/api/v1/workflows", { body: { definition } });
    const input = { text: canary, password: canary, deep: { token: canary } };
    const headers = { ...authorization, "idempotency-key": canary };
    const { body: started } = await call("POST", "/api/v1/executions", {
      headers,
      body: { workflow: "logged", input },
    });
    const registration = { queues: ["default"], tasks: ["a"], language: "x", sdkVersion: "1", capacity: 1 };
    const { workerId } = (await call("POST", "/api/v1/workers", { body: registration })).body;
    const poll = (body: object) => call("POST", `/api/v1/workers/${workerId}/poll`, { body });
    const [task] = (await poll({ capacity: 1, waitMs: 5_000 })).body.tasks;
    const results = [
      { taskId: task.taskId, leaseToken: task.leaseToken, status: "completed", output: { text: canary } },
    ];
    expect((await poll({ capacity: 0, results })).body.acks).toMatchObject([{ status: "accepted" }]);
    expect((await call("GET", `/api/v1/executions/${started.id}`)).text).toContain(canary);
    await signIn(ADMIN.password);
    await signIn(`wrong ${canary}`);
    await call("GET", "/api/v1/workflows", { headers: { authorization: `Bearer ${canary}`, cookie: `a=${canary}` } });
    await call("POST", "/api/v1/workflows", { body: `{"${canary}"` });

    await world.instance.reads.query("alter table schedules rename to gone");
    const timing = { cron: "0 0 1 1 *", timezone: "UTC" };
    const body = { name: "broken", workflow: "logged", input: { text: canary }, ...timing };
    const broken = await call("POST", "/api/v1/schedules", { body });
    await world.instance.reads.query("alter table gone rename to schedules");
    expect(broken.body).toEqual({
      type: "urn:cerebelum:problem:internal",
      title: expect.any(String),
      status: 500,
      code: "INTERNAL",
      requestId: expect.stringMatching(/^req_/),
    });

    const log = lines.join("");
    expect(log).toContain(broken.body.requestId);
    for (const secret of [canary, API_KEY, ADMIN.password, task.leaseToken]) expect(log).not.toContain(secret);
  });

  async function signIn(password: string): Promise<void> {
    await fetch(`${world.url}/api/auth/sign-in/email`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: world.url },
      body: JSON.stringify({ email: ADMIN.email, password }),
    }).then((response) => response.text());
  }
});
