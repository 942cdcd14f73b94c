// Publishing and starting: the same again is the same, however many ask at once, and bad input gets its documented answer.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cancelExecution } from "@/lib/engine/cancel-execution";
import { publishWorkflow } from "@/lib/engine/publish-workflow";
import type { Services } from "@/lib/engine/services";
import { startBatch } from "@/lib/engine/start-batch";
import { startExecution } from "@/lib/engine/start-execution";
import { validateWorkflow } from "@/lib/engine/validate-workflow";
import { createDatabase, type TestDatabase } from "../../support/postgres";
import { CALLER, openServices, publish, start, task, transforms, until, value } from "./engine";

let database: TestDatabase;
let services: Services;
let other: Services;
beforeAll(async () => {
  database = await createDatabase();
  services = await openServices(database.connectionString, "off");
  other = await openServices(database.connectionString, "off");
});
afterAll(async () => {
  await services.close();
  await other.close();
  await database.drop();
});

describe("publishing", () => {
  test("counts versions up, and answers the same content with the version it already has", async () => {
    const first = value(await publishWorkflow(services, CALLER, task("versions")));
    const second = value(await publishWorkflow(services, CALLER, { ...task("versions"), description: "new" }));
    const again = value(
      await publishWorkflow(services, CALLER, Object.fromEntries(Object.entries(task("versions")).reverse())),
    );
    expect(first).toMatchObject({ existed: false, published: { name: "versions", version: 1 } });
    expect(second).toMatchObject({ existed: false, published: { version: 2 } });
    expect(again).toMatchObject({ existed: true, published: { version: 1, hash: first.published.hash } });
  });

  test("by many at once gives each content one version, without gaps", async () => {
    const contents = ["a", "b", "c", "d"];
    const published = await Promise.all(
      Array.from({ length: 24 }, (_, i) => {
        const on = i % 2 === 0 ? services : other;
        return publishWorkflow(on, CALLER, { ...task("raced"), description: contents[i % 4] });
      }),
    );
    const versions = published.map((outcome) => value(outcome));
    expect(versions.filter(({ existed }) => !existed)).toHaveLength(4);
    expect(new Set(versions.map(({ published }) => published.version))).toEqual(new Set([1, 2, 3, 4]));
    expect(new Set(versions.map(({ published: { version, hash } }) => `${version} ${hash}`)).size).toBe(4);
  });

  test("refuses with everything that is wrong at once", async () => {
    const outcome = await publishWorkflow(services, CALLER, { name: "bad name", nodes: [], edges: [], extra: 1 });
    expect(outcome).toMatchObject({ ok: false, code: "INVALID_DEFINITION" });
    const paths = outcome.ok ? [] : (outcome.errors ?? []).map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(["/name", "/nodes", "/extra"]));
    expect(await publishWorkflow(services, CALLER, { format: 99 })).toMatchObject({
      ok: false,
      code: "FORMAT_TOO_NEW",
    });
    expect(await publishWorkflow(services, CALLER, { ...task("x"), description: "\0" })).toMatchObject({
      ok: false,
      code: "INVALID_TEXT",
    });
  });

  test.each([
    ["a type that is none", { type: "strin" }],
    ["a pattern that is none", { properties: { a: { pattern: "(" } } }],
    ["a reference to nowhere", { properties: { a: { $ref: "#/$defs/b" } } }],
    ["a reference to itself", { properties: { a: { $ref: "#/properties/a" } } }],
    [
      "alternatives that multiply",
      {
        $ref: "#/$defs/s0",
        $defs: Object.fromEntries(
          Array.from({ length: 40 }, (_, i) => [
            `s${i}`,
            i === 39 ? true : { allOf: [{ $ref: `#/$defs/s${i + 1}` }, { $ref: `#/$defs/s${i + 1}` }] },
          ]),
        ),
      },
    ],
  ])("refuses an input schema with %s", (_, inputSchema) => {
    const { valid, errors } = validateWorkflow({ ...task("schema"), inputSchema });
    expect(valid).toBe(false);
    expect(errors).toMatchObject([{ code: "INPUT_SCHEMA", path: "/inputSchema" }]);
  });

  test("takes an input schema that describes a tree", () => {
    const tree = { type: "object", properties: { children: { type: "array", items: { $ref: "#" } } } };
    expect(validateWorkflow({ ...task("schema"), inputSchema: tree })).toMatchObject({ valid: true, errors: [] });
  });
});

describe("starting", () => {
  test("uses the version just published here at once, and elsewhere within seconds", async () => {
    await publish(services, transforms("fresh"));
    await start(services, { workflow: "fresh" });
    await start(other, { workflow: "fresh" });
    await publish(services, transforms("fresh", 2));
    expect(value(await startExecution(services, CALLER, { workflow: "fresh" })).started.version).toBe(2);
    await until("the other process uses it", async () => {
      const { started } = value(await startExecution(other, CALLER, { workflow: "fresh" }));
      return started.version === 2;
    });
    expect(value(await startExecution(services, CALLER, { workflow: "fresh", version: 1 })).started.version).toBe(1);
  });

  test("fifty times at once with one key is one execution, over two processes", async () => {
    await publish(services, task("keyed"));
    const request = { workflow: "keyed", key: "order-1", input: { a: 1, b: 2 } };
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, (_, i) => startExecution(i % 2 === 0 ? services : other, CALLER, request)),
    );
    const started = outcomes.map((outcome) => value(outcome));
    expect(new Set(started.map(({ started }) => started.id)).size).toBe(1);
    expect(started.filter(({ existed }) => !existed)).toHaveLength(1);
    const { rows } = await services.db.query("select from executions where key = 'order-1'");
    expect(rows).toHaveLength(1);
  });

  test("the same again, also written in another order, is answered with the first; another request is a conflict", async () => {
    await publish(services, task("again"));
    const first = value(await startExecution(services, CALLER, { workflow: "again", input: { a: 1, b: 2 } }, "idem-1"));
    const again = value(await startExecution(other, CALLER, { input: { b: 2, a: 1 }, workflow: "again" }, "idem-1"));
    expect(again).toEqual({ started: first.started, existed: true });
    const conflict = await startExecution(services, CALLER, { workflow: "again", input: { a: 2 } }, "idem-1");
    expect(conflict).toMatchObject({ ok: false, code: "IDEMPOTENCY_CONFLICT" });
  });

  test("a repeat is answered even where it would be refused today", async () => {
    await publish(services, task("narrowed"));
    const request = { workflow: "narrowed", input: "anything", key: "narrow-1" };
    const first = value(await startExecution(services, CALLER, request));
    await publish(services, { ...task("narrowed"), inputSchema: { type: "number" } });
    expect(value(await startExecution(services, CALLER, request))).toEqual({ started: first.started, existed: true });
    expect(await startExecution(services, CALLER, { ...request, key: "narrow-2" })).toMatchObject({
      ok: false,
      code: "INVALID_INPUT",
      errors: [{ path: "/input", code: "TYPE" }],
    });
  });

  test("says what is wrong with an input, by where it is", async () => {
    const inputSchema = { type: "object", required: ["id"], properties: { id: { type: "integer" } } };
    await publish(services, { ...task("checked"), inputSchema });
    const outcome = await startExecution(services, CALLER, { workflow: "checked", input: { id: "x" } });
    expect(outcome).toMatchObject({ ok: false, code: "INVALID_INPUT" });
    expect(outcome.ok ? [] : outcome.errors).toEqual(
      expect.arrayContaining([expect.objectContaining({ path: "/input/id" })]),
    );
    value(await startExecution(services, CALLER, { workflow: "checked", input: { id: 1 } }));
  });

  test("refuses what is unknown, too large or cannot be stored", async () => {
    await publish(services, task("limits"));
    const refusal = (request: object) => startExecution(services, CALLER, { workflow: "limits", ...request });
    expect(await refusal({ workflow: "nobody" })).toMatchObject({ ok: false, code: "WORKFLOW_NOT_FOUND" });
    expect(await refusal({ version: 9 })).toMatchObject({ ok: false, code: "WORKFLOW_NOT_FOUND" });
    expect(await refusal({ input: "x".repeat(1024 * 1024) })).toMatchObject({ ok: false, code: "PAYLOAD_TOO_LARGE" });
    expect(await refusal({ input: { a: "\0" } })).toMatchObject({ ok: false, code: "INVALID_TEXT" });
    expect(await refusal({ key: "\ud800" })).toMatchObject({ ok: false, code: "INVALID_TEXT" });
  });

  test("another namespace sees neither the workflow nor the execution", async () => {
    await publish(services, task("private"));
    const { id } = await start(services, { workflow: "private", key: "mine" });
    const stranger = { namespaceId: 2, actor: "key:stranger" };
    expect(await startExecution(services, stranger, { workflow: "private" })).toMatchObject({
      ok: false,
      code: "WORKFLOW_NOT_FOUND",
    });
    for (const ref of [id, "key:mine"])
      expect(await cancelExecution(services, stranger, ref, {})).toMatchObject({
        ok: false,
        code: "EXECUTION_NOT_FOUND",
      });
  });

  test("a batch starts what it can, in order, and names what is wrong with the rest", async () => {
    await publish(services, task("batched"));
    const results = await startBatch(services, CALLER, [
      { workflow: "batched", key: "b-1" },
      { workflow: "batched", input: "\ud800" },
      { workflow: "nobody" },
      { workflow: "batched", colour: "red" },
      "nonsense",
      { workflow: "batched", key: "b-1" },
      { workflow: "batched", key: "b-1", input: 2 },
    ]);
    expect(results).toMatchObject([
      { id: expect.stringMatching(/^exe_/) },
      { error: { code: "INVALID_TEXT" } },
      { error: { code: "WORKFLOW_NOT_FOUND" } },
      { error: { code: "INVALID_REQUEST", errors: [{ path: "/colour", code: "UNKNOWN_FIELD" }] } },
      { error: { code: "INVALID_REQUEST" } },
      results[0],
      { error: { code: "IDEMPOTENCY_CONFLICT" } },
    ]);
  });

  test("a batch of hundreds is written by few flushes", async () => {
    await publish(services, task("many"));
    const before = await flushesOf("many");
    const results = await startBatch(
      services,
      CALLER,
      Array.from({ length: 500 }, () => ({ workflow: "many" })),
    );
    expect(results.every((result) => "id" in result)).toBe(true);
    // One count row a flush and status: the only trace that tells one flush from another.
    expect((await flushesOf("many")) - before).toBeLessThanOrEqual(2);
  });

  async function flushesOf(workflow: string): Promise<number> {
    const { rows } = await services.db.query<{ count: number }>(
      `select count(*)::int as count from execution_counts c join workflows w on w.id = c.workflow_id
       where w.name = $1 and c.delta > 0`,
      [workflow],
    );
    return rows[0]?.count ?? 0;
  }
});

describe("cancelling", () => {
  test("closes an execution once, by id or key", async () => {
    await publish(services, task("cancelled"));
    const { id } = await start(services, { workflow: "cancelled", key: "to-cancel" });
    const cancelled = await cancelExecution(services, CALLER, "key:to-cancel", { reason: "no longer wanted" });
    expect(cancelled).toEqual({ ok: true, value: { id, status: "cancelled" } });
    expect(await cancelExecution(other, CALLER, id, {})).toMatchObject({ ok: false, code: "EXECUTION_CLOSED" });
    expect(await cancelExecution(services, CALLER, "exe_0000000000000", {})).toMatchObject({
      ok: false,
      code: "EXECUTION_NOT_FOUND",
    });
  });
});
