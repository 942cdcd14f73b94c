// A namespace as lines: everything in it, nothing of another, no secret, and a last line that says whether it is whole.
import { afterAll, beforeAll, expect, test } from "vitest";
import { readNamespaceSettings } from "@/lib/engine/limits/namespace-settings";
import { exportNamespace } from "@/lib/views/namespace-export";
import { refusal, type Wire } from "./client";
import { type Filled, fill } from "./filled-namespace";
import { addKey, addNamespace, addOrganisation, sql, type TestNamespace } from "./namespaces";
import { startServer, type TestServer } from "./support";

let server: TestServer;
let namespace: TestNamespace;
let filled: Filled;
let text: string;
let lines: Wire[];
beforeAll(async () => {
  server = await startServer();
  const other = await addNamespace(server, "not_exported");
  await fill(server, other, "othermark");
  namespace = await addNamespace(server, "exported");
  filled = await fill(server, namespace, "exportmark");
  const headers = { authorization: `Bearer ${namespace.key}` };
  const answer = await fetch(`${server.url}/api/v1/namespaces/exported/export`, { headers });
  expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "application/x-ndjson"]);
  text = await answer.text();
  lines = text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}, 60_000);
afterAll(() => server?.close());

const of = (type: string) => lines.filter((line) => line.type === type);

test("begins with what it is, and ends with how many lines of each type there were", () => {
  expect(lines[0]).toMatchObject({ type: "export", format: 1, namespace: "exported" });
  const { type, counts } = lines.at(-1);
  expect(type).toBe("end");
  const counted: Record<string, number> = {};
  for (const line of lines.slice(0, -1)) counted[line.type] = (counted[line.type] ?? 0) + 1;
  expect(counts).toEqual(counted);
  for (const kind of ["settings", "workflowVersion", "schedule", "queueLimits", "apiKey", "alertDestination"])
    expect(counts, kind).toHaveProperty(kind);
});

test("has every execution with its whole history and all its large values", async () => {
  const executions = await sql<{ sequence: number }>(
    server,
    "select sequence from executions where namespace_id = $1 order by id",
    [namespace.id],
  );
  expect(of("execution").map(({ sequence }) => sequence)).toEqual(executions.map(({ sequence }) => sequence));
  for (const { id, sequence } of of("execution")) {
    const events = of("event").filter(({ execution }) => execution === id);
    expect(events.map((event) => event.sequence)).toEqual(Array.from({ length: sequence }, (_, i) => i + 1));
  }
  const [started] = of("event").filter(({ execution }) => execution === filled.failed);
  const { hash } = started.data.inputRef;
  const [value] = of("value").filter((line) => line.execution === filled.failed && line.hash === hash);
  expect(value.value).toMatchObject({ mark: "exportmark", LARGE: expect.any(String) });
  expect(of("execution").find(({ id }) => id === filled.child)).toMatchObject({ parent: filled.parent });
  expect(of("execution").find(({ id }) => id === filled.fork)).toMatchObject({ forkedFrom: filled.failed });
});

test("has approvals, dead letters, logs and signatures", () => {
  expect(
    of("approval")
      .map(({ status }) => status)
      .sort(),
  ).toEqual(["approved", "cancelled", "pending"]);
  expect(of("deadLetter")).toMatchObject([{ executionId: filled.failed, error: { message: "exportmark" } }]);
  expect(of("log").map((line) => line.text)).toEqual(["exportmark 1", "exportmark 2"]);
  expect(of("signature").length).toBeGreaterThan(0);
});

test("has nothing of another namespace, and no secret", async () => {
  expect(text).not.toContain("othermark");
  expect(text).not.toContain(namespace.key);
  const secrets = await sql<{ hash: string; sealed: string }>(
    server,
    `select encode(secret_hash, 'hex') as hash, encode(secret_hash, 'base64') as sealed from api_keys where namespace_id = $1`,
    [namespace.id],
  );
  for (const { hash, sealed } of secrets) {
    expect(text).not.toContain(hash);
    expect(text).not.toContain(sealed);
  }
  expect(text).not.toContain('"sealed"');
});

test("one that is cut off has no last line", async () => {
  const reading = new AbortController();
  const settings = await readNamespaceSettings(server.instance.reads, namespace.id);
  const exported = { id: namespace.id, name: "exported", settings, now: 0 };
  const got: string[] = [];
  for await (const line of exportNamespace(server.instance.reads, exported, reading.signal)) {
    got.push(JSON.parse(line).type);
    if (got.length === 5) reading.abort();
  }
  expect(got).toHaveLength(5);
  expect(got).not.toContain("end");
});

test("is for whoever administers the organisation's namespaces alone, and is written down", async () => {
  const key = await addKey(server, namespace.id, ["read", "client", "deploy", "worker"]);
  const path = "namespaces/exported/export";
  expect(await server.call("GET", path, undefined, { key })).toMatchObject(refusal(403, "FORBIDDEN"));
  const other = await addNamespace(server, "outside", await addOrganisation(server, "outside"));
  expect(await server.call("GET", path, undefined, { key: other.key })).toMatchObject(
    refusal(404, "NAMESPACE_NOT_FOUND"),
  );
  const entries = await sql(
    server,
    "select from audit_log where action = 'namespace.export' and target = 'exported' and outcome = 'done'",
  );
  expect(entries).toHaveLength(1);
});
