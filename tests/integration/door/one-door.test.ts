// The one door on a real database: what is committed, what is refused, and what happens when others are in the way.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encodeKey } from "@/lib/contract/ids";
import { someoneWaitsForALock } from "../../support/locks";
import { createDatabase, type TestDatabase } from "../../support/postgres";
import { chain, settled, startEngine, type TestEngine } from "./engine";

let database: TestDatabase;
let engine: TestEngine;
let other: TestEngine;

beforeAll(async () => {
  database = await createDatabase();
  engine = await startEngine(database.connectionString, { slot: 1 });
  other = await startEngine(database.connectionString, { slot: 2, clock: engine.clock });
});

afterAll(async () => {
  await Promise.all([engine.close(), other.close()]);
  await database.drop();
});

async function events(id: bigint): Promise<{ sequence: number; type: string; command: number }[]> {
  const { rows } = await engine.pool.query(
    "select sequence, type, command from events where execution_id = $1 order by 1",
    [id],
  );
  return rows;
}

async function started(on: TestEngine, ...args: Parameters<TestEngine["start"]>): Promise<bigint> {
  const outcome = await on.start(...args);
  if (outcome.outcome !== "started") throw new Error("expected a new execution");
  return outcome.executionId;
}

describe("the one door", () => {
  it("runs a chain to its end, each step's result, successor and lease in one round trip", async () => {
    const workflow = await engine.publish(chain("one_by_one", 3));
    const worker = await engine.register(["one_by_one"]);
    const id = await started(engine, workflow);
    let tasks = await engine.lease(worker, 1);
    const before = engine.flushes();
    for (let step = 1; step <= 3; step++) {
      expect(tasks.map((task) => task.node)).toEqual([`s${step}`]);
      const [task] = tasks;
      if (task === undefined) throw new Error("no task");
      const next = await new Promise<{ reply: string; tasks: typeof tasks }>((resolve, fail) => {
        const answered = engine.door.applyAll([engine.answer(task, { output: step })], {
          workerId: worker,
          namespaceId: 1,
          requestId: null,
          capacity: 1,
          fill: (filled) => answered.then(([result]) => resolve({ reply: settled(result).reply, tasks: filled })),
          fail,
        });
      });
      expect(next.reply).toBe("accepted");
      tasks = next.tasks;
    }
    expect(engine.flushes() - before).toBe(3);
    expect((await events(id)).map(({ type }) => type)).toEqual([
      "ExecutionStarted",
      "StepScheduled",
      "StepCompleted",
      "StepScheduled",
      "StepCompleted",
      "StepScheduled",
      "StepCompleted",
      "ExecutionCompleted",
    ]);
    const { rows } = await engine.pool.query(
      "select status, sequence, closed_at, next_wake_at from executions where id = $1",
      [id],
    );
    expect(rows).toEqual([
      { status: "completed", sequence: 8, closed_at: new Date(engine.clock.ms), next_wake_at: null },
    ]);
  });

  it("writes many executions' events in one flush", async () => {
    const workflow = await engine.publish(chain("many", 1));
    const before = engine.flushes();
    await Promise.all(Array.from({ length: 100 }, () => engine.start(workflow)));
    expect(engine.flushes() - before).toBe(1);
  });

  it("gives the first execution for the same key and tells a different request apart", async () => {
    const workflow = await engine.publish(chain("keyed", 1));
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, (_, i) => (i % 2 ? engine : other).start(workflow, { key: "order-1", input: 1 })),
    );
    const ids = new Set(outcomes.map(({ executionId }) => executionId));
    expect(ids.size).toBe(1);
    expect(outcomes.filter(({ outcome }) => outcome === "started")).toHaveLength(1);
    expect(await engine.start(workflow, { key: "order-1", input: 2 })).toMatchObject({
      outcome: "exists",
      sameRequest: false,
    });
    const { rows } = await engine.pool.query("select count(*)::int as n from executions where key = 'order-1'");
    expect(rows).toEqual([{ n: 1 }]);
  });

  it("says duplicate to the same result and stale to another lease's, and changes nothing", async () => {
    const workflow = await engine.publish(chain("repeated", 2));
    const worker = await engine.register(["repeated"]);
    const id = await started(engine, workflow);
    const task = (await engine.lease(worker, 100)).find((leased) => leased.executionId.endsWith(encodeKey(id)));
    if (task === undefined) throw new Error("no task");
    const submission = engine.answer(task, { output: 1 });
    expect((await engine.door.apply(submission)).reply).toBe("accepted");
    const length = (await events(id)).length;
    expect((await engine.door.apply(submission)).reply).toBe("duplicate");
    expect((await events(id)).length).toBe(length);
    const forged = { ...submission, command: { ...submission.command, lease: "otherlease" } } as typeof submission;
    expect((await engine.door.apply(forged)).reply).toBe("stale");
  });

  it("rejects a result whose lease went to another worker, by the row and not by its memory", async () => {
    const workflow = await engine.publish(chain("taken", 1));
    const worker = await engine.register(["taken"]);
    const id = await started(engine, workflow);
    const task = (await engine.lease(worker, 100)).find((leased) => leased.executionId.endsWith(encodeKey(id)));
    if (task === undefined) throw new Error("no task");
    await engine.pool.query("update tasks set lease_token = lease_token # 1 where execution_id = $1", [id]);
    expect((await engine.door.apply(engine.answer(task, { output: 1 }))).reply).toBe("stale");
    expect((await events(id)).map(({ type }) => type)).toEqual(["ExecutionStarted", "StepScheduled", "ResultRejected"]);
  });

  it("decides again on what another process wrote meanwhile", async () => {
    const workflow = await engine.publish(chain("two_processes", 3));
    const worker = await engine.register(["two_processes"]);
    const id = await started(engine, workflow);
    for (const turn of [other, engine, other]) {
      const task = (await turn.lease(worker, 100)).find((leased) => leased.executionId.endsWith(encodeKey(id)));
      if (task === undefined) throw new Error("no task");
      expect((await turn.door.apply(turn.answer(task, { output: null }))).reply).toBe("accepted");
    }
    const history = await events(id);
    expect(history.map(({ sequence }) => sequence)).toEqual(history.map((_, i) => i + 1));
    expect(history.at(-1)?.type).toBe("ExecutionCompleted");
  });

  it("answers under a lock once others have got in between three times", async () => {
    const workflow = await engine.publish(chain("contended", 1));
    const id = await started(engine, workflow);
    const blocker = await engine.pool.connect();
    await blocker.query("begin");
    await blocker.query("select 1 from executions where id = $1 for update", [id]);
    const answer = engine.door.apply({ namespaceId: 1, executionId: id, actor: "engine", command: { type: "cancel" } });
    await someoneWaitsForALock(engine.pool, "for update");
    await blocker.query("commit");
    blocker.release();
    expect((await answer).reply).toBe("accepted");
  });

  it("answers not-found for another namespace's execution", async () => {
    const workflow = await engine.publish(chain("foreign", 1));
    const id = await started(engine, workflow);
    const cancel = { executionId: id, actor: "key:x", command: { type: "cancel" as const } };
    expect((await engine.door.apply({ namespaceId: 2, ...cancel })).reply).toBe("not-found");
    expect(await engine.door.state({ namespaceId: 2, executionId: id })).toBeNull();
    expect((await events(id)).at(-1)?.type).toBe("StepScheduled");
  });

  it("folds a state equal to the one it held", async () => {
    const workflow = await engine.publish(chain("folded", 2));
    const id = await started(engine, workflow);
    const held = await engine.door.state({ namespaceId: 1, executionId: id });
    const folded = await other.door.state({ namespaceId: 1, executionId: id });
    expect({ ...folded, graph: null }).toEqual({ ...held, graph: null });
  });
});
