// Faults between any two statements of the one door: what was acknowledged is there, what was not can be sent again.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Task } from "@/lib/contract/workers";
import { OutcomeUnknown, type Submission } from "@/lib/engine/door/door";
import { createDatabase, type TestDatabase } from "../../support/postgres";
import { chain, NAMESPACE, OneFault, startEngine, type TestEngine } from "./engine";

const POINTS = ["after-guards", "after-tokens", "after-events", "after-executions", "after-drops", "after-dispatches"];

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

async function leasedTask(name: string): Promise<{ task: Task; id: bigint; worker: bigint }> {
  const workflow = await engine.publish(chain(name, 2));
  const worker = await engine.register([name]);
  const outcome = await engine.start(workflow);
  const [task] = await engine.lease(worker, 1);
  if (task === undefined) throw new Error("no task");
  return { task, id: outcome.executionId, worker };
}

async function history(id: bigint): Promise<string[]> {
  const { rows } = await engine.pool.query<{ type: string; sequence: number }>(
    "select type, sequence from events where execution_id = $1 order by sequence",
    [id],
  );
  expect(rows.map(({ sequence }) => sequence)).toEqual(rows.map((_, i) => i + 1));
  return rows.map(({ type }) => type);
}

const AFTER_FIRST_STEP = ["ExecutionStarted", "StepScheduled", "StepCompleted", "StepScheduled"];

describe.each(POINTS)("a fault %s", (point) => {
  it("that kills the transaction leaves nothing behind, and the same result is accepted when sent again", async () => {
    const { task, id } = await leasedTask(`kill-${point}`);
    faults.arm(point, "kill");
    await expect(engine.door.apply(engine.answer(task, { output: 1 }))).rejects.toThrow(OutcomeUnknown);
    expect(await history(id)).toEqual(["ExecutionStarted", "StepScheduled"]);
    expect((await engine.door.apply(engine.answer(task, { output: 1 }))).reply).toBe("accepted");
    expect(await history(id)).toEqual(AFTER_FIRST_STEP);
    const { rows } = await engine.pool.query("select count(*)::int as n from tasks where execution_id = $1", [id]);
    expect(rows).toEqual([{ n: 1 }]);
  });

  it("that fails the transaction for no reason of the executions' is got over without anybody noticing", async () => {
    const first = await leasedTask(`fail-a-${point}`);
    const second = await leasedTask(`fail-b-${point}`);
    faults.arm(point, "fail");
    const answers = await engine.door.applyAll([
      engine.answer(first.task, { output: 1 }),
      engine.answer(second.task, { output: 2 }),
    ]);
    expect(answers.map((answer) => answer.status)).toEqual(["fulfilled", "fulfilled"]);
    for (const { id } of [first, second]) expect(await history(id)).toEqual(AFTER_FIRST_STEP);
  });
});

describe("a flush that is killed", () => {
  const stored = async (id: bigint) => {
    const { rows } = await engine.pool.query(
      `select (select status from executions where id = $1) as status, (select held from tasks where execution_id = $1) as held,
         array(select status::text from approvals where execution_id = $1) as approvals,
         array(select status::text from dead_letters where execution_id = $1) as letters`,
      [id],
    );
    return rows[0];
  };

  async function asked(name: string): Promise<bigint> {
    const nodes = [{ id: "sign", type: "approval" as const }];
    return (await engine.start(await engine.publish({ name, nodes, edges: [] }))).executionId;
  }

  async function failed(name: string): Promise<bigint> {
    const definition = chain(name, 1);
    const nodes = definition.nodes.map((node) => ({ ...node, retry: { maxAttempts: 1 } })) as typeof definition.nodes;
    const worker = await engine.register([name]);
    const { executionId } = await engine.start(await engine.publish({ ...definition, nodes }));
    const [task] = await engine.lease(worker, 1);
    if (task !== undefined) await engine.door.apply(engine.answer(task, { error: "no" }));
    return executionId;
  }

  it.each<[string, string, (name: string) => Promise<bigint>, Submission["command"], object, object]>([
    [
      "after-holds",
      "a pause",
      async (name) => (await leasedTask(name)).id,
      { type: "pause" },
      { held: false },
      { held: true },
    ],
    [
      "after-decisions",
      "a cancelled approval",
      asked,
      { type: "cancel" },
      { approvals: ["pending"] },
      { approvals: ["cancelled"] },
    ],
    ["after-retried", "a retry", failed, { type: "retry" }, { letters: ["open"] }, { letters: ["retried"] }],
  ])("%s leaves nothing of %s, which may be asked for again", async (point, _, begin, command, before, after) => {
    const id = await begin(`killed-${point}`);
    expect(await stored(id)).toMatchObject(before);
    const sequence = (await history(id)).length;
    faults.arm(point, "kill");
    await expect(engine.apply(id, command)).rejects.toThrow(OutcomeUnknown);
    expect(await history(id)).toHaveLength(sequence);
    expect(await stored(id)).toMatchObject(before);
    expect((await engine.apply(id, command)).reply).toBe("accepted");
    expect(await stored(id)).toMatchObject(after);
    expect(await engine.differences(id)).toEqual([]);
  });
});

it("finds the one start that SQL refuses among good ones, and starts the others", async () => {
  const workflow = await engine.publish(chain("poisoned", 1));
  const start = (priority: number) =>
    engine.door.start({
      namespaceId: NAMESPACE,
      actor: "key:test",
      workflowId: workflow.workflowId,
      version: 1,
      command: { type: "start", workflow: "poisoned", version: 1, hash: workflow.hash, input: null, priority },
      idempotencyKey: null,
      requestHash: null,
    });
  const outcomes = await Promise.allSettled([0, 1, 99_999, 2, 3].map(start));
  expect(outcomes.map(({ status }) => status)).toEqual([
    "fulfilled",
    "fulfilled",
    "rejected",
    "fulfilled",
    "fulfilled",
  ]);
});

it("puts an execution whose history does not fold in quarantine, and tells every caller since", async () => {
  const { task, id } = await leasedTask("broken");
  const fresh = await startEngine(database.connectionString, { slot: 3, clock: engine.clock });
  await fresh.pool.query(
    'update events set data = \'{"node":"nowhere","iteration":1}\' where execution_id = $1 and sequence = 2',
    [id],
  );
  await expect(fresh.door.apply(fresh.answer(task, { output: 1 }))).rejects.toThrow();
  expect((await fresh.door.apply(fresh.answer(task, { output: 1 }))).reply).toBe("quarantined");
  const { rows } = await fresh.pool.query("select status from executions where id = $1", [id]);
  expect(rows).toEqual([{ status: "quarantined" }]);
  expect(fresh.troubles).toHaveLength(1);
  await fresh.close();
});

it("leaves an execution alone whose history has an event type of a newer build", async () => {
  const { task, id } = await leasedTask("newer");
  const fresh = await startEngine(database.connectionString, { slot: 4, clock: engine.clock });
  await fresh.pool.query("update events set type = 'StepTeleported' where execution_id = $1 and sequence = 2", [id]);
  expect((await fresh.door.apply(fresh.answer(task, { output: 1 }))).reply).toBe("quarantined");
  const { rows } = await fresh.pool.query("select status, sequence from executions where id = $1", [id]);
  expect(rows).toEqual([{ status: "running", sequence: 2 }]);
  await fresh.close();
});
