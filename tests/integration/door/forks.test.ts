// Executions that begin with a copy of another's history, and go on by themselves.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Definition, Node } from "@/lib/contract/definition";
import { decodeId } from "@/lib/contract/ids";
import type { JsonValue } from "@/lib/contract/json";
import { type ForkApplied, type ForkSubmission, MAX_FORK_EVENTS } from "@/lib/engine/door/door";
import { createDatabase, type TestDatabase } from "../../support/postgres";
import { chain, NAMESPACE, OneFault, type Published, startEngine, type TestEngine } from "./engine";

let database: TestDatabase;
let engine: TestEngine;
const faults = new OneFault();

beforeAll(async () => {
  database = await createDatabase();
  engine = await startEngine(database.connectionString, { faults });
});

afterAll(async () => {
  await engine.close();
  await database.drop();
});

let workflows = 0;
const unique = () => `forked${++workflows}`;

type Fork = Partial<Omit<ForkSubmission, "command">> & { command?: Partial<ForkSubmission["command"]> };

function fork(
  source: bigint,
  at: number,
  { version, hash }: Published,
  { command, ...more }: Fork = {},
): Promise<ForkApplied> {
  return engine.door.fork({
    namespaceId: NAMESPACE,
    actor: "user:test",
    source,
    at,
    command: { type: "fork", version, hash, ...command },
    idempotencyKey: null,
    requestHash: null,
    ...more,
  });
}

function forked(applied: ForkApplied): bigint {
  if (applied.outcome !== "started") throw new Error(`not forked: ${JSON.stringify(applied.outcome)}`);
  return applied.executionId;
}

async function events(id: bigint): Promise<{ sequence: number; type: string; command: number; data: string }[]> {
  const { rows } = await engine.pool.query(
    "select sequence, type, command, at, actor, data from events where execution_id = $1 order by sequence",
    [id],
  );
  return rows;
}

async function count(table: "events" | "executions"): Promise<number> {
  return (await engine.pool.query(`select count(*)::int as n from ${table}`)).rows[0].n;
}

/** A chain of three whose first two steps completed and whose last one waits. */
async function half(
  input: JsonValue = null,
  output: JsonValue = 1,
): Promise<{ id: bigint; workflow: Published; worker: bigint }> {
  const name = unique();
  const workflow = await engine.publish(chain(name, 3));
  const worker = await engine.register([name]);
  const { executionId: id } = await engine.start(workflow, { input, key: name });
  for (let step = 0; step < 2; step++) await complete(worker, output);
  return { id, workflow, worker };
}

async function complete(worker: bigint, output: JsonValue, of?: bigint): Promise<string> {
  const tasks = await engine.lease(worker, 10);
  const task = tasks.find(({ executionId }) => of === undefined || decodeId("execution", executionId) === of);
  if (task === undefined) throw new Error("no task");
  expect((await engine.door.apply(engine.answer(task, { output }))).reply).toBe("accepted");
  return task.node;
}

/** Folded from rows alone, by a process that has never heard of it. */
async function foldedElsewhere(id: bigint) {
  const other = await startEngine(database.connectionString, { slot: 9, clock: engine.clock });
  const state = await other.door.state({ namespaceId: NAMESPACE, executionId: id });
  await other.close();
  return { ...state, graph: state?.graph.definition, graphs: null };
}

describe("a fork", () => {
  it("has the history up to the end of the command that wrote the event, and goes on with tasks of its own", async () => {
    const { id, workflow, worker } = await half();
    const before = await events(id);
    // The completion of the first step, whose command also scheduled the second.
    const copy = forked(await fork(id, 3, workflow));
    const history = await events(copy);
    expect(history.slice(0, 4)).toEqual(before.slice(0, 4));
    expect(history.slice(4).map(({ type, command }) => [type, command])).toEqual([
      ["ExecutionForked", 5],
      ["StepScheduled", 5],
    ]);
    expect(await events(id)).toEqual(before);
    const { rows } = await engine.pool.query(
      "select key, forked_from, sequence, status from executions where id = $1",
      [copy],
    );
    expect(rows).toEqual([{ key: null, forked_from: id, sequence: 6, status: "running" }]);
    expect(await engine.differences(copy)).toEqual([]);
    expect(await complete(worker, 2, copy)).toBe("s2");
    expect(await complete(worker, 2, copy)).toBe("s3");
    const state = await engine.door.state({ namespaceId: NAMESPACE, executionId: copy });
    expect(state).toMatchObject({ status: "completed", key: null });
    expect(await foldedElsewhere(copy)).toEqual({ ...state, graph: state?.graph.definition, graphs: null });
    for (const one of [id, copy]) expect(await engine.differences(one)).toEqual([]);
  });

  it("of the end is one of all of it", async () => {
    const { id, workflow } = await half();
    const copy = forked(await fork(id, 9_999, workflow));
    expect((await events(copy)).map(({ type }) => type).slice(-3)).toEqual([
      "StepScheduled",
      "ExecutionForked",
      "StepScheduled",
    ]);
    expect((await events(copy)).length).toBe((await events(id)).length + 2);
  });

  it("of the command that closed its source begins before that", async () => {
    const { id, workflow, worker } = await half();
    await complete(worker, 3, id);
    const closed = await events(id);
    const copy = forked(await fork(id, closed.length, workflow));
    expect((await events(copy)).length).toBe(closed.length - 2 + 2);
    expect(await complete(worker, 4, copy)).toBe("s3");
    expect(await engine.differences(copy)).toEqual([]);
  });

  it("takes the large values along that its events refer to", async () => {
    const large = "x".repeat(40_000);
    const { id, workflow, worker } = await half(large, large);
    const copy = forked(await fork(id, 3, workflow));
    const { rows } = await engine.pool.query("select count(*)::int as n from payloads where execution_id = $1", [copy]);
    expect(rows).toEqual([{ n: 1 }]);
    await engine.pool.query("delete from payloads where execution_id = $1", [id]);
    const other = await startEngine(database.connectionString, { slot: 10, clock: engine.clock });
    const tasks = await other.lease(worker, 10);
    expect(tasks.find(({ executionId }) => decodeId("execution", executionId) === copy)?.context.input).toBe(large);
    await other.close();
    expect(await engine.differences(copy)).toEqual([]);
  });

  it("sees a large value of its source while it is decided", async () => {
    const name = unique();
    const nodes = [
      { id: "first", type: "task", task: name, input: null },
      { id: "second", type: "transform", value: "=size(input.text)" },
    ] as Node[];
    const workflow = await engine.publish({ name, nodes, edges: [{ from: "first", to: "second" }] });
    await engine.register([name]);
    const { executionId: id } = await engine.start(workflow, { input: { text: "x".repeat(40_000) } });
    const worker = await engine.register([name]);
    await complete(worker, 1);
    // Copied with the step completed, it computes the rest at once.
    const later = await engine.publish({
      name,
      nodes: [...nodes, { id: "third", type: "task", task: name, input: "=size(input.text)" } as Node],
      edges: [
        { from: "first", to: "second" },
        { from: "second", to: "third" },
      ],
    });
    const copy = forked(await fork(id, 2, later));
    expect(await complete(worker, 1, copy)).toBe("first");
    const third = await engine.lease(worker, 10);
    expect(third.map(({ node, input }) => [node, input])).toEqual([["third", 40_000]]);
    expect(await engine.differences(copy)).toEqual([]);
  });

  it("may go on with another version, and is folded with both", async () => {
    const { id, workflow, worker } = await half();
    const { name } = workflow;
    const longer: Definition = chain(name, 5);
    const second = await engine.publish(longer);
    const copy = forked(await fork(id, 3, second));
    for (const node of ["s2", "s3", "s4", "s5"]) expect(await complete(worker, 1, copy)).toBe(node);
    const state = await engine.door.state({ namespaceId: NAMESPACE, executionId: copy });
    expect(state).toMatchObject({ status: "completed", version: 2 });
    expect(await foldedElsewhere(copy)).toEqual({ ...state, graph: longer, graphs: null });
    expect(await engine.differences(copy)).toEqual([]);

    const again = forked(await fork(copy, 8, workflow));
    expect(await engine.differences(again)).toEqual([]);
    expect((await events(again)).filter(({ type }) => type === "ExecutionForked")).toHaveLength(2);
    expect(await foldedElsewhere(again)).toMatchObject({ version: 1, sequence: (await events(again)).length });
  });

  it("may give completed steps other outputs", async () => {
    const { id, workflow, worker } = await half();
    const copy = forked(await fork(id, 3, workflow, { command: { overrides: { s1: { output: "other" } } } }));
    const state = await engine.door.state({ namespaceId: NAMESPACE, executionId: copy });
    expect(state?.root.steps[0]?.output).toEqual({ json: "other" });
    expect(await complete(worker, 1, copy)).toBe("s2");
    expect(await engine.differences(copy)).toEqual([]);
  });

  it("asks people anew, and leaves what its source asked as it is", async () => {
    const name = unique();
    const workflow = await engine.publish({
      name,
      nodes: [{ id: "sign", type: "approval", assignees: ["ada"] } as Node],
      edges: [],
    });
    const { executionId: id } = await engine.start(workflow);
    const copy = forked(await fork(id, 1, workflow));
    const { rows } = await engine.pool.query(
      "select id, execution_id, status from approvals where execution_id = any($1::bigint[]) order by id",
      [[id, copy]],
    );
    expect(rows.map(({ execution_id, status }) => [execution_id, status])).toEqual([
      [id, "pending"],
      [copy, "pending"],
    ]);
    for (const one of [id, copy]) expect(await engine.differences(one)).toEqual([]);
  });

  it("of a child tells no parent", async () => {
    const name = unique();
    await engine.publish(chain(name, 1));
    const workflow: Published = await engine.publish({
      name: unique(),
      nodes: [{ id: "only", type: "workflow", workflow: name } as Node],
      edges: [],
    });
    const worker = await engine.register([name]);
    const { executionId: parent } = await engine.start(workflow);
    await engine.deliver(parent);
    const { rows } = await engine.pool.query("select id, workflow_id from executions where parent_execution_id = $1", [
      parent,
    ]);
    const child = rows[0].id as bigint;
    const { rows: versions } = await engine.pool.query(
      "select encode(hash, 'hex') as hash from workflow_versions where workflow_id = $1",
      [rows[0].workflow_id],
    );
    const copy = forked(
      await fork(child, 1, { name, workflowId: rows[0].workflow_id, version: 1, hash: versions[0].hash }),
    );
    await complete(worker, 1, copy);
    const { rows: sent } = await engine.pool.query("select 1 from messages where source_execution_id = $1", [copy]);
    expect(sent).toEqual([]);
    const { rows: kept } = await engine.pool.query(
      "select parent_execution_id as parent from executions where id = $1",
      [copy],
    );
    expect(kept).toEqual([{ parent: null }]);
  });

  it("asked for twice with one idempotency key is one", async () => {
    const { id, workflow } = await half();
    const request = { idempotencyKey: unique(), requestHash: "aa".repeat(32) };
    const copy = forked(await fork(id, 3, workflow, request));
    expect(await fork(id, 3, workflow, request)).toEqual({ outcome: "exists", executionId: copy, sameRequest: true });
    expect(await fork(id, 4, workflow, { ...request, requestHash: "bb".repeat(32) })).toMatchObject({
      sameRequest: false,
    });
  });

  it("survives that the flush that copies dies in the middle", async () => {
    const { id, workflow } = await half();
    const before = await count("executions");
    faults.arm("after-copies", "kill");
    await expect(fork(id, 3, workflow)).rejects.toThrow();
    expect(await count("executions")).toBe(before);
    forked(await fork(id, 3, workflow));
  });

  it("of a long history is snapshotted and folded from there, with the version that it went on with", async () => {
    const name = unique();
    const map: Node = {
      id: "each",
      type: "map",
      items: "=input",
      body: { nodes: [{ id: "x", type: "transform", value: "=item" }], edges: [] },
    } as Node;
    const first = { id: "first", type: "task", task: name, input: null } as Node;
    const last = { id: "last", type: "task", task: name, input: null } as Node;
    const edges = [
      { from: "first", to: "each" },
      { from: "each", to: "last" },
    ];
    const workflow = await engine.publish({ name, nodes: [first, map, last], edges });
    const worker = await engine.register([name]);
    const { executionId: id } = await engine.start(workflow, { input: Array.from({ length: 600 }, (_, i) => i) });
    await complete(worker, 1);
    const second = await engine.publish({ name, nodes: [first, map, last], edges, output: "=steps.first.output" });
    const copy = forked(await fork(id, 9_999, second));
    await complete(worker, 2, copy);
    await engine.door.close();
    const { rows } = await engine.pool.query("select max(sequence) as at from snapshots where execution_id = $1", [
      copy,
    ]);
    expect(rows[0].at).toBe((await events(copy)).length);
    const state = await engine.door.state({ namespaceId: NAMESPACE, executionId: copy });
    expect(state).toMatchObject({ status: "completed", version: 2, output: { json: 1 } });
    expect(await foldedElsewhere(copy)).toEqual({ ...state, graph: state?.graph.definition, graphs: null });
    expect(await engine.differences(copy)).toEqual([]);
  });
});

describe("no fork is made, and nothing written,", () => {
  it.each<[string, (half: { id: bigint; workflow: Published }) => Promise<ForkApplied>]>([
    ["not-found", ({ id, workflow }) => fork(id, 3, workflow, { namespaceId: 2 })],
    ["not-found", ({ id, workflow }) => fork(id + 1n, 3, workflow)],
    ["not-found", ({ id, workflow }) => fork(id, 0, workflow)],
    [
      "version-mismatch",
      ({ id, workflow }) => fork(id, 3, workflow, { command: { overrides: { s3: { output: 1 } } } }),
    ],
    [
      "version-mismatch",
      async ({ id, workflow: { name } }) => {
        const other = chain(name, 2);
        return fork(id, 3, await engine.publish({ ...other, nodes: other.nodes.slice(1), edges: [] }));
      },
    ],
  ])("where it is refused as %s", async (reply, forkOf) => {
    const source = await half();
    const before = [await count("executions"), await count("events")];
    expect(await forkOf(source)).toMatchObject({ outcome: "refused", reply });
    expect([await count("executions"), await count("events")]).toEqual(before);
  });

  it("of an execution whose first command closed it", async () => {
    const workflow = await engine.publish({
      name: unique(),
      nodes: [{ id: "a", type: "transform", value: 1 } as Node],
      edges: [],
    });
    const { executionId: id } = await engine.start(workflow);
    expect(await fork(id, 1, workflow)).toMatchObject({ outcome: "refused", reply: "closed" });
  });

  it("of a history too long to be copied at once", async () => {
    const { id, workflow } = await half();
    const last = MAX_FORK_EVENTS + 1;
    await engine.pool.query(
      "insert into events select execution_id, at, $2, namespace_id, $2, type, actor, data from events where execution_id = $1 and sequence = 3",
      [id, last],
    );
    expect(await fork(id, last, workflow)).toMatchObject({ outcome: "refused", reply: "too-large" });
    forked(await fork(id, 3, workflow));
  });

  it("of a history that does not fold", async () => {
    const { id, workflow } = await half();
    await engine.pool.query(
      `update events set data = '{"node":"nowhere","iteration":1}' where execution_id = $1 and sequence = 2`,
      [id],
    );
    expect(await fork(id, 3, workflow)).toMatchObject({ outcome: "refused", reply: "quarantined" });
  });
});
