// Messages between executions: each takes its effect once, in order, and whoever cannot be started is told of by its parent.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Definition, Node } from "@/lib/contract/definition";
import { decodeId } from "@/lib/contract/ids";
import type { JsonValue } from "@/lib/contract/json";
import { createDatabase, type TestDatabase } from "../../support/postgres";
import { OneFault, type Published, startEngine, type TestEngine } from "./engine";

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
const unique = (word: string) => `${word}${++workflows}`;

function publish(name: string, node: Partial<Node> & { type: string }, more: Partial<Definition> = {}) {
  return engine.publish({ name, nodes: [{ id: "only", ...node } as Node], edges: [], ...more });
}

/** A child that asks for one task, and a parent that starts it. */
async function family(node: Record<string, unknown> = {}, child: Partial<Definition> = {}) {
  const name = unique("child");
  const published = await publish(name, { type: "task", task: name }, child);
  const parent = await publish(unique("parent"), { type: "workflow", workflow: name, ...node });
  const worker = await engine.register([name]);
  return { child: published, parent, worker };
}

async function begun(parent: Published, input: JsonValue = null): Promise<bigint> {
  return (await engine.start(parent, { input })).executionId;
}

async function messagesOf(id: bigint): Promise<string[]> {
  const { rows } = await engine.pool.query(
    "select kind from messages where source_execution_id = $1 order by source_sequence, position",
    [id],
  );
  return rows.map(({ kind }) => kind);
}

async function childrenOf(id: bigint): Promise<{ id: bigint; status: string; types: string[] }[]> {
  const { rows } = await engine.pool.query(
    `select id, status, array(select type from events where execution_id = e.id order by sequence) as types
     from executions e where namespace_id = 1 and parent_execution_id = $1 order by id`,
    [id],
  );
  return rows;
}

async function childOf(id: bigint): Promise<bigint> {
  const [child] = await childrenOf(id);
  if (child === undefined) throw new Error("no child");
  return child.id;
}

async function stateOf(id: bigint) {
  const state = await engine.door.state({ namespaceId: 1, executionId: id });
  if (state === null) throw new Error("no such execution");
  return state;
}

/** The child's id, as its parent's history names it before it is there. */
async function namedChild(parent: bigint): Promise<bigint> {
  const [step] = (await stateOf(parent)).root.steps;
  if (step?.wait?.kind !== "child") throw new Error("waits for no child");
  return decodeId("execution", step.wait.executionId) ?? 0n;
}

async function types(id: bigint): Promise<string[]> {
  const { rows } = await engine.pool.query("select type from events where execution_id = $1 order by sequence", [id]);
  return rows.map(({ type }) => type);
}

async function complete(worker: bigint, output: JsonValue): Promise<void> {
  const [task] = await engine.lease(worker, 1);
  if (task === undefined) throw new Error("no task");
  await engine.door.apply(engine.answer(task, { output }));
}

describe("a child", () => {
  it("is started under the id that its parent's history names, and tells its parent how it ended", async () => {
    const { parent, worker } = await family({ input: { from: "=input" } });
    const id = await begun(parent, 7);
    const named = await namedChild(id);
    expect(await messagesOf(id)).toEqual(["start-child"]);
    await engine.deliver(id);
    expect(await messagesOf(id)).toEqual([]);
    expect(await childrenOf(id)).toEqual([
      { id: named, status: "running", types: ["ExecutionStarted", "StepScheduled"] },
    ]);
    expect(await stateOf(named)).toMatchObject({ input: { json: { from: 7 } }, parent: { node: "only", depth: 1 } });

    await complete(worker, { done: true });
    expect(await messagesOf(named)).toEqual(["tell-parent"]);
    await engine.deliver(named);
    expect(await messagesOf(named)).toEqual([]);
    expect(await types(id)).toEqual([
      "ExecutionStarted",
      "ChildStarted",
      "ChildClosed",
      "StepCompleted",
      "ExecutionCompleted",
    ]);
    expect(await stateOf(id)).toMatchObject({ output: { json: { only: { only: { done: true } } } } });
    for (const one of [id, named]) expect(await engine.differences(one)).toEqual([]);
  });

  it("and its parent exchange values too large for an event", async () => {
    const { parent, worker } = await family({ input: "=input" });
    const large = "x".repeat(40_000);
    const id = await begun(parent, large);
    await engine.deliver(id);
    const child = await childOf(id);
    const [task] = await engine.lease(worker, 1);
    expect(task?.context.input).toBe(large);
    await engine.door.apply(engine.answer(task ?? never(), { output: `${large}y` }));
    await engine.deliver(child);
    expect((await stateOf(id)).status).toBe("completed");
    for (const one of [id, child]) expect(await engine.differences(one)).toEqual([]);
  });

  it("is started once, and its parent told once, however often and by how many they are delivered", async () => {
    const { parent, worker } = await family();
    const id = await begun(parent);
    await Promise.allSettled([engine.deliver(id), engine.deliver(id), engine.deliver(id)]);
    await engine.deliver(id);
    const children = await childrenOf(id);
    expect(children.map((child) => child.types)).toEqual([["ExecutionStarted", "StepScheduled"]]);
    await complete(worker, 1);
    const child = await childOf(id);
    await Promise.allSettled([engine.deliver(child), engine.deliver(child)]);
    await engine.deliver(child);
    expect((await types(id)).filter((type) => type === "ChildClosed")).toHaveLength(1);
  });

  it("is cancelled with its parent, once", async () => {
    const { parent } = await family();
    const id = await begun(parent);
    await engine.deliver(id);
    await engine.apply(id, { type: "cancel", reason: "enough" });
    expect(await messagesOf(id)).toEqual(["cancel-child"]);
    await Promise.allSettled([engine.deliver(id), engine.deliver(id)]);
    await engine.deliver(id);
    const [child] = await childrenOf(id);
    expect(child?.status).toBe("cancelled");
    expect(child?.types.filter((type) => type === "ExecutionCancelRequested")).toHaveLength(1);
    expect(await messagesOf(id)).toEqual([]);
  });

  it("is started before it is cancelled, where both are still to be delivered", async () => {
    const { parent } = await family();
    const id = await begun(parent);
    await engine.apply(id, { type: "cancel" });
    expect(await messagesOf(id)).toEqual(["start-child", "cancel-child"]);
    await engine.deliver(id);
    expect((await childrenOf(id)).map(({ status }) => status)).toEqual(["cancelled"]);
    expect(await messagesOf(id)).toEqual([]);
  });

  it("goes on without its parent where that abandons it", async () => {
    const { parent } = await family({ onCancel: "abandon" });
    const id = await begun(parent);
    await engine.deliver(id);
    await engine.apply(id, { type: "cancel" });
    expect(await messagesOf(id)).toEqual([]);
    expect((await childrenOf(id)).map(({ status }) => status)).toEqual(["running"]);
  });

  it("is started by a parent that does not wait, and tells it nothing", async () => {
    const { parent, worker } = await family({ wait: false });
    const id = await begun(parent);
    expect((await stateOf(id)).status).toBe("completed");
    await engine.deliver(id);
    await complete(worker, 1);
    expect(await messagesOf(await childOf(id))).toEqual([]);
  });

  it("is started although its workflow was archived after that was decided", async () => {
    const { parent, child } = await family();
    const id = await begun(parent);
    await engine.pool.query("update workflows set archived_at = now() where id = $1", [child.workflowId]);
    engine.clock.advance(2_000);
    await engine.deliver(id);
    expect(await childrenOf(id)).toHaveLength(1);
  });
});

describe("a child that cannot be started", () => {
  it("because its input breaks its schema fails its parent's step, which says why", async () => {
    const { parent } = await family(
      { input: { n: "one" } },
      { inputSchema: { properties: { n: { type: "number" } } } },
    );
    const id = await begun(parent);
    const child = await namedChild(id);
    await engine.deliver(id);
    expect(await messagesOf(id)).not.toContain("start-child");
    expect(await childrenOf(id)).toEqual([]);
    const { status, error } = await stateOf(id);
    expect(status).toBe("failed");
    expect(error).toMatchObject({
      code: "CHILD_FAILED",
      details: { status: "failed", error: { code: "INVALID_INPUT" } },
    });
    expect(await engine.door.state({ namespaceId: 1, executionId: child })).toBeNull();
    expect(await engine.differences(id)).toEqual([]);
  });

  it("because its version is gone fails its parent's step", async () => {
    const { parent, child } = await family();
    const id = await begun(parent);
    await engine.pool.query("update workflow_versions set version = 99 where workflow_id = $1", [child.workflowId]);
    const fresh = await startEngine(database.connectionString, { slot: 4, clock: engine.clock });
    await fresh.deliver(id);
    await fresh.close();
    await engine.apply(id, { type: "wake" });
    expect((await stateOf(id)).error).toMatchObject({ details: { error: { code: "WORKFLOW_NOT_FOUND" } } });
  });

  it("is not missed by the cancel that was to follow its start", async () => {
    const { parent } = await family({ input: 1 }, { inputSchema: { type: "string" } });
    const id = await begun(parent);
    await engine.apply(id, { type: "cancel" });
    await engine.deliver(id);
    expect(await messagesOf(id)).toEqual([]);
    expect(await childrenOf(id)).toEqual([]);
  });
});

describe("the version that a child gets", () => {
  const value = (text: string) => ({ type: "transform", value: text }) as Partial<Node> & { type: string };
  const childIn = async (id: bigint) => {
    const { rows } = await engine.pool.query(
      "select data::json->>'version' as version, data::json->>'hash' as hash from events where execution_id = $1 and type = 'ChildStarted'",
      [id],
    );
    return rows[0];
  };

  it("is the latest when its step begins, where its parent names none", async () => {
    const name = unique("versions");
    await publish(name, value("one"));
    const parent = await publish(unique("parent"), { type: "workflow", workflow: name } as never);
    const second = await publish(name, value("two"));
    const id = await begun(parent);
    await publish(name, value("three"));
    expect(await childIn(id)).toEqual({ version: "2", hash: second.hash });
    await engine.deliver(id);
    expect(await stateOf(await childOf(id))).toMatchObject({ version: 2, output: { json: { only: "two" } } });
  });

  it("is the one that its parent names", async () => {
    const name = unique("versions");
    const first = await publish(name, value("one"));
    await publish(name, value("two"));
    const parent = await publish(unique("parent"), { type: "workflow", workflow: name, version: 1 } as never);
    expect(await childIn(await begun(parent))).toEqual({ version: "1", hash: first.hash });
  });

  it.each(["unknown", "archived"])("is none of a workflow that is %s: its step fails", async (what) => {
    const name = unique("versions");
    if (what === "archived") {
      const { workflowId } = await publish(name, value("one"));
      await engine.pool.query("update workflows set archived_at = now() where id = $1", [workflowId]);
      engine.clock.advance(2_000);
    }
    const parent = await publish(unique("parent"), { type: "workflow", workflow: name } as never);
    const id = await begun(parent);
    expect(await stateOf(id)).toMatchObject({ status: "failed", error: { node: "only" } });
    expect(await messagesOf(id)).toEqual([]);
    expect(await engine.differences(id)).toEqual([]);
  });
});

describe("messages", () => {
  it("of one execution may be more than are read at once", async () => {
    const name = unique("leaf");
    await publish(name, { type: "transform", value: "=input" } as never);
    const parent = await publish(unique("fan"), {
      type: "map",
      items: "=input",
      body: {
        nodes: [{ id: "start", type: "workflow", workflow: name, input: "=item" }],
        edges: [],
        output: "=steps.start.output.only",
      },
    } as never);
    const id = await begun(
      parent,
      Array.from({ length: 250 }, (_, i) => i),
    );
    expect(await messagesOf(id)).toHaveLength(250);
    await engine.deliver(id);
    await Promise.all((await childrenOf(id)).map((child) => engine.deliver(child.id)));
    const { output } = await stateOf(id);
    expect(output).toEqual({ json: { only: Array.from({ length: 250 }, (_, i) => i) } });
    expect(await engine.differences(id)).toEqual([]);
  });

  it("for an execution in quarantine stay until that is lifted", async () => {
    const { parent, worker } = await family();
    const id = await begun(parent);
    await engine.deliver(id);
    await complete(worker, 1);
    const child = await childOf(id);
    await engine.pool.query("update executions set status = 'quarantined' where id = $1", [id]);
    const fresh = await startEngine(database.connectionString, { slot: 5, clock: engine.clock });
    await fresh.deliver(child);
    expect(await messagesOf(child)).toEqual(["tell-parent"]);
    await fresh.pool.query("update executions set status = 'waiting' where id = $1", [id]);
    await fresh.close();
    const after = await startEngine(database.connectionString, { slot: 6, clock: engine.clock });
    await after.deliver(child);
    await after.close();
    expect(await messagesOf(child)).toEqual([]);
    expect((await types(id)).at(-1)).toBe("ExecutionCompleted");
  });

  it("for an execution that is no more are dropped", async () => {
    const { parent, worker } = await family();
    const id = await begun(parent);
    await engine.deliver(id);
    await complete(worker, 1);
    const child = await childOf(id);
    const fresh = await startEngine(database.connectionString, { slot: 7, clock: engine.clock });
    await fresh.pool.query("delete from executions where id = $1", [id]);
    await fresh.deliver(child);
    await fresh.close();
    expect(await messagesOf(child)).toEqual([]);
  });

  it.each(["deliver:before", "deliver:after"])("survive a delivery that dies at %s", async (point) => {
    const { parent } = await family();
    const id = await begun(parent);
    faults.stopAt(point);
    await expect(engine.deliver(id)).rejects.toThrow("stopped");
    await engine.deliver(id);
    expect((await childrenOf(id)).map((child) => child.types)).toEqual([["ExecutionStarted", "StepScheduled"]]);
    expect(await messagesOf(id)).toEqual([]);
  });

  it.each(["after-messages", "after-taking"])("survive a flush that is killed %s", async (point) => {
    const { parent } = await family();
    const id = await begun(parent);
    faults.arm(point, "kill");
    await expect(engine.deliver(id)).rejects.toThrow();
    expect(await messagesOf(id)).toEqual(["start-child"]);
    expect(await childrenOf(id)).toEqual([]);
    await engine.deliver(id);
    expect(await childrenOf(id)).toHaveLength(1);
    expect(await messagesOf(id)).toEqual([]);
  });
});

function never(): never {
  throw new Error("no task");
}
