// Snapshots of long histories: seldom enough to cost no more than the history, and right.
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Node } from "@/lib/contract/definition";
import type { Task } from "@/lib/contract/workers";
import { createDatabase, type TestDatabase } from "../../support/postgres";
import { NAMESPACE, startEngine, type TestEngine } from "./engine";

let database: TestDatabase;
let engine: TestEngine;

beforeAll(async () => {
  database = await createDatabase();
  engine = await startEngine(database.connectionString);
});

afterAll(async () => {
  await engine.close();
  await database.drop();
});

async function sizes(id: bigint): Promise<{ events: number; history: number; snapshots: number; written: number }> {
  const { rows } = await engine.pool.query(
    `select (select count(*)::int from events where execution_id = $1) as events,
       (select sum(length(data))::int from events where execution_id = $1) as history,
       (select coalesce(sum(length(state)), 0)::int from snapshots where execution_id = $1) as snapshots,
       (select count(*)::int from snapshots where execution_id = $1) as written`,
    [id],
  );
  return rows[0];
}

async function foldedElsewhere(id: bigint) {
  const other = await startEngine(database.connectionString, { slot: 2, clock: engine.clock });
  const state = await other.door.state({ namespaceId: NAMESPACE, executionId: id });
  await other.close();
  return { ...state, graph: null };
}

it("are taken on the way where the history outgrows its state, and fold to the same", async () => {
  const nodes = [{ id: "turn", type: "task", task: "turning" } as Node];
  const edges = [{ from: "turn", to: "turn", loop: { maxIterations: 250 } }];
  const workflow = await engine.publish({ name: "turning", nodes, edges });
  const worker = await engine.register(["turning"]);
  const { executionId: id } = await engine.start(workflow);
  const output = "x".repeat(200);
  for (let tasks = await engine.lease(worker, 1); tasks[0] !== undefined; tasks = await engine.lease(worker, 1)) {
    await engine.door.apply(engine.answer(tasks[0], { output }));
    if ((await sizes(id)).events >= 600) break;
  }
  await engine.door.close();
  const { written, history, snapshots } = await sizes(id);
  expect(written).toBe(1);
  expect(snapshots).toBeLessThanOrEqual(history);
  const state = await engine.door.state({ namespaceId: NAMESPACE, executionId: id });
  expect(await foldedElsewhere(id)).toEqual({ ...state, graph: null });
  expect(await engine.differences(id)).toEqual([]);
});

it("wait until the history has grown by as much as they take, however often it has grown by 500 events", async () => {
  const body = { nodes: [{ id: "x", type: "task", task: "wide" }], edges: [] };
  const workflow = await engine.publish({
    name: "wide",
    nodes: [{ id: "each", type: "map", items: "=input", concurrency: 700, body } as Node],
    edges: [],
  });
  const worker = await engine.register(["wide"]);
  const { executionId: id } = await engine.start(workflow, { input: Array.from({ length: 700 }, (_, i) => i) });
  for (let tasks: Task[] = await engine.lease(worker, 100); tasks.length > 0; tasks = await engine.lease(worker, 100)) {
    const { history, snapshots } = await sizes(id);
    expect(snapshots).toBeLessThanOrEqual(history);
    await Promise.all(tasks.map((task) => engine.door.apply(engine.answer(task, { output: null }))));
  }
  await engine.door.close();
  const { events, written } = await sizes(id);
  expect(events).toBeGreaterThan(1_400);
  expect(written).toBe(1);
  expect(await engine.differences(id)).toEqual([]);
});

it("are not taken of short histories, nor again of a closed one that commands still reach", async () => {
  const name = "short";
  const workflow = await engine.publish({ name, nodes: [{ id: "a", type: "transform", value: 1 } as Node], edges: [] });
  const { executionId: id } = await engine.start(workflow);
  await engine.apply(id, { type: "cancel" });
  await engine.door.close();
  expect((await sizes(id)).written).toBe(0);

  const wide = await engine.publish({
    name: "closed",
    nodes: [
      {
        id: "each",
        type: "map",
        items: "=input",
        body: { nodes: [{ id: "x", type: "transform", value: 1 }], edges: [] },
      } as Node,
    ],
    edges: [],
  });
  const { executionId: long } = await engine.start(wide, { input: Array.from({ length: 600 }, (_, i) => i) });
  await engine.apply(long, { type: "cancel" });
  await engine.door.close();
  expect((await sizes(long)).written).toBe(1);
});
