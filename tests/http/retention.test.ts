// What is older than its namespace keeps it goes whole, what refers to it stays readable, and what came alive again stays.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { decodeId } from "@/lib/contract/ids";
import { removeExpired } from "@/lib/engine/retention/retention";
import { ROUTES } from "@/lib/http/routes";
import { refusal, TestClient } from "./client";
import { type Filled, fill, mentions, rowsOf, tables } from "./filled-namespace";
import { addNamespace, sql, type TestNamespace } from "./namespaces";
import { startServer, type TestServer } from "./support";

let server: TestServer;
let gone: { namespace: TestNamespace; filled: Filled };
let kept: { namespace: TestNamespace; filled: Filled };
beforeAll(async () => {
  server = await startServer();
  const [one, other] = [await addNamespace(server, "forgets"), await addNamespace(server, "keeps")];
  gone = { namespace: one, filled: await fill(server, one, "forgetting") };
  kept = { namespace: other, filled: await fill(server, other, "keeping") };
}, 60_000);
afterAll(() => server?.close());

const HOUR = 3_600_000;
const never = new AbortController().signal;

/** @param aheadMs how much later it is than it is */
function remove(aheadMs = 2 * HOUR, db = server.instance.reads): Promise<number> {
  const clock = { now: () => server.instance.clock.now() + aheadMs };
  return removeExpired({ db, clock, signal: never, pause: async () => {} });
}

async function keep(namespace: TestNamespace, retention: object) {
  const path = `namespaces/${namespace.name}/settings`;
  expect((await server.call("PUT", path, { retention })).status).toBe(200);
}

const as =
  ({ key }: TestNamespace): TestServer["call"] =>
  (method, path, body, options) =>
    server.call(method, path, body, { key, ...options });

/** As the tables have it, in decimal. */
const keyOf = (id: string) => String(decodeId("execution", id));

describe("an execution that is older than it is kept", () => {
  test("goes whole, and nothing else does", async () => {
    const { namespace, filled } = gone;
    const before = await rowsOf(server, kept.namespace.id);
    const id = keyOf(filled.failed);
    const had = await mentions(server, [id]);
    // What the scan cannot find before proves nothing after.
    for (const name of ["events", "payloads", "snapshots", "step_logs", "dead_letters", "history_signatures"])
      expect(had, name).toHaveProperty(name);
    await keep(namespace, { failed: "1h" });
    expect(await remove(HOUR / 2)).toBe(0);
    expect(await remove()).toBe(1);
    const { executions, ...rest } = await mentions(server, [id]);
    // The fork still says where its history comes from.
    expect([executions, rest]).toEqual([1, {}]);
    expect((await as(namespace)("GET", `executions/${filled.failed}`)).status).toBe(404);
    expect(await rowsOf(server, kept.namespace.id)).toEqual(before);
  });

  test("leaves counts that are true", async () => {
    const { namespace, filled } = gone;
    await keep(namespace, { failed: 0, completed: 0, terminated: 0 });
    expect(await remove()).toBeGreaterThan(3);
    const rows = (of: string) =>
      sql<{ status: string; n: number }>(server, `select status::text, n from (${of}) x where n <> 0 order by 1`, [
        namespace.id,
      ]);
    const counted = await rows(
      "select status, sum(delta)::int as n from execution_counts where namespace_id = $1 group by 1",
    );
    expect(counted).toEqual(
      await rows("select status, count(*)::int as n from executions where namespace_id = $1 group by 1"),
    );
    for (const id of [filled.asleep, filled.asking, filled.working])
      expect((await as(namespace)("GET", `executions/${id}`)).status).toBe(200);
  });

  test("takes its alarms along", async () => {
    const { namespace } = gone;
    const client = new TestClient(() => ({ ...server, call: as(namespace) }));
    const { workflow } = await client.publish({ nodes: [{ id: "rest", type: "sleep", duration: "30d" }] });
    const id = await client.start(workflow);
    const jobs = () => sql(server, "select from graphile_worker.jobs where key = $1", [`wake:${keyOf(id)}`]);
    expect(await jobs()).toHaveLength(1);
    await client.post(id, "terminate");
    expect(await remove()).toBe(1);
    expect(await jobs()).toHaveLength(0);
  });

  test("every table that names executions is thought of", async () => {
    const [source] = await sql<{ text: string }>(
      server,
      "select pg_get_functiondef('remove_executions'::regproc) as text",
    );
    const about = /^(?:source_)?execution_id$/;
    const naming = (await tables(server)).filter(({ columns }) => columns.some((column) => about.test(column)));
    expect(naming.length).toBeGreaterThan(10);
    const forgotten = naming.filter(({ name }) => !new RegExp(`DELETE FROM ${name}\\b`).test(source?.text ?? ""));
    expect(forgotten).toEqual([]);
  });
});

describe("what refers to one that is gone", () => {
  let ids: string[];
  let namespace: TestNamespace;
  beforeAll(async () => {
    ({ namespace } = kept);
    const { parent, failed, child, fork } = kept.filled;
    ids = [child, fork];
    // Only these two: their child and fork stay.
    await sql(server, "update executions set closed_at = now() - interval '1 year' where id = any ($1)", [
      [keyOf(parent), keyOf(failed)],
    ]);
    await keep(namespace, { completed: "30d", failed: "30d" });
    expect(await remove(0)).toBe(2);
  });

  const gets = ROUTES.filter(({ method, path }) => method === "GET" && path.startsWith("/api/v1/executions/{"));

  test.each(gets.map(({ path }) => path))("GET %s answers", async (path) => {
    for (const id of ids) {
      const asked = path.replace("{execution}", id).replace("{hash}", "0".repeat(64));
      const query = asked.endsWith("/state") ? "?at=1" : "";
      const answer = await as(namespace)("GET", asked + query);
      expect(answer.status, JSON.stringify(answer.body)).toBe(path.includes("{hash}") ? 404 : 200);
    }
  });

  test("lists, schedules, approvals and dead letters are read as before", async () => {
    for (const path of ["executions", "approvals", "dead-letters", "dead-letters/groups", "schedules", "workers"])
      expect((await as(namespace)("GET", path)).status, path).toBe(200);
    const { parent } = kept.filled;
    expect((await as(namespace)("GET", `executions?parent=${parent}`)).body.items).toHaveLength(1);
  });

  test("the fork still proves its own history", async () => {
    const verified = await as(namespace)("POST", `executions/${kept.filled.fork}/verify`);
    expect(verified).toMatchObject({ status: 200, body: { consistent: true } });
  });
});

describe("an execution that comes alive again", () => {
  let client: TestClient;
  let namespace: TestNamespace;
  beforeAll(async () => {
    namespace = await addNamespace(server, "revives");
    client = new TestClient(() => ({ ...server, call: as(namespace) }));
    await keep(namespace, { failed: 0 });
  });

  test("stays while the row is being written, and after it was", async () => {
    const { workflow } = await client.publish({ nodes: [{ id: "bad", type: "fail", code: "BAD", message: "it is" }] });
    const id = keyOf(await client.start(workflow));
    const writing = await server.instance.reads.connect();
    try {
      await writing.query("begin");
      await writing.query("update executions set closed_at = null, status = 'running' where id = $1", [id]);
      expect(await remove()).toBe(0);
      await writing.query("commit");
    } finally {
      writing.release();
    }
    expect(await remove()).toBe(0);
    // A control: closed again, it goes.
    await sql(server, "update executions set closed_at = now(), status = 'failed' where id = $1", [id]);
    expect(await remove()).toBe(1);
  });

  test("raced by the removal, each is either whole or gone", async () => {
    const { workflow } = await client.publish({ nodes: [{ id: "bad", type: "fail", code: "BAD", message: "it is" }] });
    const ids = await Promise.all(Array.from({ length: 40 }, () => client.start(workflow)));
    const retried = Promise.all(ids.map((id) => client.post(id, "retry")));
    const removed = await remove();
    const answers = await retried;
    const later = await remove();
    expect(removed + later).toBe(40);
    for (const { status } of answers) expect(status).toBeOneOf([202, 404]);
    for (const id of ids)
      expect(await client.call("GET", `executions/${id}`)).toMatchObject(refusal(404, "EXECUTION_NOT_FOUND"));
    expect(await mentions(server, ids.map(keyOf))).toEqual({});
  });

  test("one whose parent has not heard of its end stays until it has", async () => {
    const { workflow } = await client.publish({ nodes: [{ id: "bad", type: "fail", code: "BAD", message: "it is" }] });
    const id = keyOf(await client.start(workflow));
    await sql(
      server,
      `insert into messages (source_execution_id, source_sequence, position, namespace_id, kind, target_execution_id, payload, created_at)
       values ($1, 99, 0, $2, 'tell-parent', $1, '{}', now())`,
      [id, namespace.id],
    );
    expect(await remove()).toBe(0);
    await sql(server, "delete from messages where source_execution_id = $1", [id]);
    expect(await remove()).toBe(1);
  });

  test("two that remove at once remove each once", async () => {
    const { workflow } = await client.publish({ nodes: [{ id: "bad", type: "fail", code: "BAD", message: "it is" }] });
    await Promise.all(Array.from({ length: 20 }, () => client.start(workflow)));
    const [one, two] = await Promise.all([remove(), remove()]);
    expect(one + two + (await remove())).toBe(20);
  });
});
