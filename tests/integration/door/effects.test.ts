// Each effect of an event ends as its row, and everything that is stored follows from the history.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Definition, Node } from "@/lib/contract/definition";
import { decodeId } from "@/lib/contract/ids";
import type { JsonValue } from "@/lib/contract/json";
import type { Task } from "@/lib/contract/workers";
import type { LeaseRequest, Submission } from "@/lib/engine/door/door";
import { createDatabase, type TestDatabase } from "../../support/postgres";
import { leaseRequest, startEngine, type TestEngine } from "./engine";

let database: TestDatabase;
let engine: TestEngine;
/** A poll that waits, or none. */
let parked: LeaseRequest[] = [];

beforeAll(async () => {
  database = await createDatabase();
  engine = await startEngine(database.connectionString, { parked: { claim: () => parked.splice(0) } });
});

afterAll(async () => {
  await engine.close();
  await database.drop();
});

let workflows = 0;

/** A workflow of its own whose tasks are named as it is; nodes run one after another unless edges are given. */
async function started(
  nodes: readonly ({ id: string } & Record<string, unknown>)[],
  options: Parameters<TestEngine["start"]>[1] & { edges?: Definition["edges"] } = {},
): Promise<{ id: bigint; worker: bigint; name: string }> {
  const name = `w${++workflows}`;
  const { edges = chained(nodes.map(({ id }) => id)), ...given } = options;
  const named = JSON.parse(JSON.stringify(nodes).replaceAll('"task":"work"', `"task":"${name}"`)) as Node[];
  const workflow = await engine.publish({ name, nodes: named, edges });
  const worker = await engine.register([name]);
  const outcome = await engine.start(workflow, given);
  return { id: outcome.executionId, worker, name };
}

const chained = (ids: readonly string[]) => ids.slice(1).map((to, i) => ({ from: ids[i] ?? "", to }));
const task = (id: string, more: Record<string, unknown> = {}) => ({
  id,
  type: "task",
  task: "work",
  input: null,
  ...more,
});
const once = { retry: { maxAttempts: 1 } };

async function rows<Row extends Record<string, unknown>>(text: string, id: bigint): Promise<Row[]> {
  return (await engine.pool.query(text, [id])).rows;
}

const tasksOf = (id: bigint) =>
  rows("select step, held, worker_id is not null as leased from tasks where execution_id = $1 order by id", id);

async function status(id: bigint): Promise<unknown> {
  return (await rows("select status from executions where id = $1", id))[0]?.status;
}

/** The decision of a person about the only approval that waits. */
async function decide(id: bigint, decision: "approved" | "rejected", data?: JsonValue) {
  const state = await engine.door.state({ namespaceId: 1, executionId: id });
  const ordinal = state?.root.steps.findIndex(({ wait }) => wait?.kind === "approval") ?? -1;
  const wait = state?.root.steps[ordinal]?.wait;
  if (wait?.kind !== "approval") throw new Error("nothing waits for a decision");
  const { approvalId } = wait;
  return engine.apply(id, {
    type: "decide-approval",
    step: { ordinal },
    approvalId,
    decision,
    comment: "seen",
    decidedBy: "user:ada",
    ...(data === undefined ? {} : { data }),
  });
}

async function answer(tasks: readonly Task[], outcome: (task: Task) => Parameters<TestEngine["answer"]>[1]) {
  for (const one of tasks) expect((await engine.door.apply(engine.answer(one, outcome(one)))).reply).toBe("accepted");
}

async function leased(worker: bigint, id: bigint, capacity = 100): Promise<Task[]> {
  const tasks = await engine.lease(worker, capacity);
  for (const { executionId } of tasks) expect(decodeId("execution", executionId)).toBe(id);
  return tasks;
}

describe("approvals", () => {
  const sign = {
    id: "sign",
    type: "approval",
    title: "=input.what",
    description: "Read it first",
    assignees: ["role:boss", "ada@example.org"],
    form: { type: "object", required: ["amount"] },
    timeout: "1h",
  };
  const approvals = (id: bigint) =>
    rows(
      `select a.status, a.title, a.data, a.decided_by, a.expires_at,
         array(select assignee || ' ' || g.status from approval_assignees g where approval_id = a.id order by 1) as waiting
       from approvals a where execution_id = $1 order by id`,
      id,
    );

  it("are there with who may decide and until when, and then with what was decided", async () => {
    const { id } = await started([sign], { input: { what: "Order 17" } });
    const pending = {
      status: "pending",
      title: "Order 17",
      data: null,
      decided_by: null,
      expires_at: new Date(engine.clock.ms + 3_600_000),
      waiting: ["ada@example.org pending", "role:boss pending"],
    };
    expect(await approvals(id)).toEqual([pending]);
    expect(await engine.differences(id)).toEqual([]);
    expect((await decide(id, "approved", { other: 1 })).reply).toBe("invalid-data");
    expect((await decide(id, "approved", { amount: 1 })).reply).toBe("accepted");
    const waiting = ["ada@example.org approved", "role:boss approved"];
    expect(await approvals(id)).toEqual([
      { ...pending, status: "approved", data: '{"amount":1}', decided_by: "user:ada", waiting },
    ]);
    expect(await status(id)).toBe("completed");
    expect(await engine.differences(id)).toEqual([]);
  });

  it("are expired by the wake that finds their time over, and cancelled with their execution", async () => {
    const [late, gone] = [
      await started([sign], { input: { what: "" } }),
      await started([sign], { input: { what: "" } }),
    ];
    await engine.apply(gone.id, { type: "cancel" });
    engine.clock.advance(3_600_000);
    await engine.apply(late.id, { type: "wake" });
    expect((await approvals(late.id)).map((row) => row.status)).toEqual(["expired"]);
    expect((await approvals(gone.id)).map((row) => row.status)).toEqual(["cancelled"]);
    for (const { id } of [late, gone]) expect(await engine.differences(id)).toEqual([]);
  });

  it("keep large data beside the history", async () => {
    const { id } = await started([sign], { input: { what: "" } });
    await decide(id, "rejected", { amount: "x".repeat(40_000) });
    const [row] = await rows<{ ref: string; stored: boolean }>(
      `select data_ref as ref, exists (select from payloads p where p.execution_id = a.execution_id
         and encode(hash, 'hex') = a.data_ref::json->>'hash') as stored from approvals a where execution_id = $1`,
      id,
    );
    expect(row).toMatchObject({ ref: expect.stringContaining("hash"), stored: true });
    expect(await engine.differences(id)).toEqual([]);
  });
});

describe("dead letters", () => {
  const letters = (id: bigint) =>
    rows(
      "select node, index, attempts, code, message, fingerprint, status from dead_letters where execution_id = $1 order by id",
      id,
    );

  it("are written for the step by which an execution fails, and retried with it", async () => {
    const { id, worker } = await started([task("charge", once)]);
    await answer(await leased(worker, id), () => ({ error: "card 4711 is refused" }));
    const letter = { node: "charge", index: null, attempts: 1, code: "HANDLER_ERROR", message: "card 4711 is refused" };
    expect(await letters(id)).toEqual([{ ...letter, fingerprint: expect.any(String), status: "open" }]);
    expect(await engine.differences(id)).toEqual([]);

    await engine.apply(id, { type: "retry" });
    await answer(await leased(worker, id), () => ({ error: "card 4712 is refused" }));
    const [first, second] = await letters(id);
    expect(first).toMatchObject({ ...letter, status: "retried" });
    expect(second).toMatchObject({ attempts: 2, message: "card 4712 is refused", status: "open" });
    expect(second?.fingerprint).toBe(first?.fingerprint);
    expect(await engine.differences(id)).toEqual([]);
  });

  it("name the innermost step and its item, once for a map", async () => {
    const { id, worker } = await started([
      { id: "each", type: "map", items: [1, 2, 3], body: { nodes: [task("charge", once)], edges: [] } },
    ]);
    await answer(
      (await leased(worker, id)).filter(({ index }) => index?.[0] === 1),
      () => ({ error: "no" }),
    );
    expect(await letters(id)).toMatchObject([
      { node: "each/charge", index: [1], code: "HANDLER_ERROR", status: "open" },
    ]);
    expect(await tasksOf(id)).toEqual([]);
    expect(await engine.differences(id)).toEqual([]);
  });
});

describe("tasks of a paused execution", () => {
  it("are held, and released to a poll that waits, in the flush that resumes it", async () => {
    const { id, worker } = await started([task("one", { timeout: { queue: "1m" } })]);
    await engine.apply(id, { type: "pause" });
    expect(await tasksOf(id)).toEqual([{ step: "0", held: true, leased: false }]);
    expect(await engine.differences(id)).toEqual([]);
    expect(await leased(worker, id)).toEqual([]);

    engine.clock.advance(90_000);
    const filled = new Promise<Task[]>((fill, fail) => {
      parked = [leaseRequest(worker, 5, null, fill, fail)];
    });
    const before = engine.flushes();
    await engine.apply(id, { type: "resume" });
    expect((await filled).map(({ node }) => node)).toEqual(["one"]);
    expect(engine.flushes() - before).toBe(1);
    const [row] = await rows<{ at: Date }>("select queue_deadline_at as at from tasks where execution_id = $1", id);
    expect(row?.at.getTime()).toBe(engine.clock.ms + 60_000);
    expect(await engine.differences(id)).toEqual([]);
  });

  it("go on where they are leased, and are held once that lease is given back", async () => {
    const { id, worker } = await started([task("one"), task("two")]);
    const tasks = await leased(worker, id);
    await engine.apply(id, { type: "pause" });
    await engine.pool.query("update tasks set worker_id = null where execution_id = $1", [id]);
    expect(await leased(worker, id)).toEqual([]);
    await answer(tasks, () => ({ output: 1 }));
    expect(await tasksOf(id)).toEqual([]);
    expect(await status(id)).toBe("paused");
    await engine.apply(id, { type: "resume" });
    expect((await leased(worker, id)).map(({ node }) => node)).toEqual(["two"]);
    expect(await engine.differences(id)).toEqual([]);
  });

  it("are never leased where the flush that dispatches them pauses it too", async () => {
    const { id, worker } = await started([task("one"), task("two")]);
    const [one] = await leased(worker, id);
    if (one === undefined) throw new Error("no task");
    const pause: Submission = { namespaceId: 1, executionId: id, actor: "user:test", command: { type: "pause" } };
    const filled = new Promise<Task[]>((fill, fail) => {
      engine.door
        .applyAll([engine.answer(one, { output: 1 }), pause], leaseRequest(worker, 5, null, fill, fail))
        .catch(fail);
    });
    expect(await filled).toEqual([]);
    expect(await tasksOf(id)).toEqual([{ step: "1", held: true, leased: false }]);
    expect(await engine.differences(id)).toEqual([]);
  });
});

describe("executions", () => {
  it("that start later are scheduled, and started by the wake that finds their time come", async () => {
    const startAt = engine.clock.ms + 60_000;
    const { id, worker } = await started([task("one")], { startAt });
    const row = "select status, start_at, started_at, next_wake_at from executions where id = $1";
    const at = new Date(startAt);
    expect(await rows(row, id)).toEqual([{ status: "scheduled", start_at: at, started_at: null, next_wake_at: at }]);
    expect(await engine.differences(id)).toEqual([]);
    expect(await leased(worker, id)).toEqual([]);
    engine.clock.advance(60_000);
    await engine.apply(id, { type: "wake" });
    expect(await rows(row, id)).toEqual([{ status: "running", start_at: at, started_at: at, next_wake_at: null }]);
    expect(await leased(worker, id)).toHaveLength(1);
    expect(await engine.differences(id)).toEqual([]);
  });

  it.each<Submission["command"]>([{ type: "cancel" }, { type: "terminate" }])(
    "that are closed by $type leave no task behind, in or out of maps, leased or not",
    async (command) => {
      const { id, worker } = await started(
        [
          task("a"),
          { id: "each", type: "map", items: [1, 2, 3], body: { nodes: [task("b")], edges: [] } },
          {
            id: "outer",
            type: "map",
            items: [1],
            body: { nodes: [{ id: "inner", type: "map", items: [1, 2], body: { task: "work" } }], edges: [] },
          },
        ],
        { edges: [] },
      );
      await leased(worker, id, 2);
      expect(await tasksOf(id)).toHaveLength(6);
      expect(await engine.differences(id)).toEqual([]);
      await engine.apply(id, command);
      expect(await tasksOf(id)).toEqual([]);
      expect(await engine.differences(id)).toEqual([]);
    },
  );

  it("that are terminated while they undo a step leave the task that undoes it behind neither", async () => {
    const { id, worker } = await started([task("book", { compensate: { task: "work" } }), task("pay", once)]);
    await answer(await leased(worker, id), () => ({ output: "booked" }));
    await answer(await leased(worker, id), () => ({ error: "no money" }));
    expect(await status(id)).toBe("compensating");
    expect(await tasksOf(id)).toEqual([{ step: "0_0", held: false, leased: false }]);
    expect(await engine.differences(id)).toEqual([]);
    expect(await leased(worker, id)).toMatchObject([{ node: "book", input: { output: "booked" } }]);
    await engine.apply(id, { type: "terminate" });
    expect(await tasksOf(id)).toEqual([]);
    expect(await engine.differences(id)).toEqual([]);
  });
});

it("gives tasks the key and limit that they share, and the worker that ran the last one", async () => {
  const { id, worker } = await started(
    [task("one"), task("two", { sticky: true, concurrencyKey: "=input.tenant", concurrencyLimit: 3 })],
    { input: { tenant: "t7" } },
  );
  const [one] = await leased(worker, id);
  if (one === undefined) throw new Error("no task");
  const submission = engine.answer(one, { output: 1 });
  const command = { ...submission.command, worker: `wrk_${one.taskId.slice(4)}` } as typeof submission.command;
  await engine.door.apply({ ...submission, command });
  const [row] = await rows(
    "select concurrency_key, concurrency_limit, sticky_worker_id, sticky_until from tasks where execution_id = $1",
    id,
  );
  expect(row).toEqual({
    concurrency_key: "t7",
    concurrency_limit: 3,
    sticky_worker_id: decodeId("task", one.taskId),
    sticky_until: new Date(engine.clock.ms + 5_000),
  });
  expect(await engine.differences(id)).toEqual([]);
});

describe("differences", () => {
  it.each([
    ["approvals", "update approvals set title = 'Other' where execution_id = $1", "approvals[apr_"],
    ["approvals", "delete from approvals where execution_id = $1", "approvals[apr_"],
    ["approvals", "delete from approval_assignees where namespace_id = 1 and $1::bigint > 0", "approvals[apr_"],
    ["tasks", "update tasks set held = true where execution_id = $1", "tasks[tsk_"],
    ["tasks", "update tasks set concurrency_limit = 9 where execution_id = $1", "tasks[tsk_"],
    ["tasks", "delete from tasks where execution_id = $1", "tasks"],
    ["executions", "update executions set start_at = now() where id = $1", "executions.start_at"],
    ["executions", "update executions set parent_execution_id = 1 where id = $1", "executions.parent_execution_id"],
    [
      "executions",
      "update executions set forked_from = null, started_at = null where id = $1",
      "executions.started_at",
    ],
    ["dead_letters", "update dead_letters set attempts = 7 where execution_id = $1", "dead_letters[0]"],
    ["dead_letters", "delete from dead_letters where execution_id = $1", "dead_letters[0]"],
  ])("are found in %s after %s", async (kind, tampering, where) => {
    const nodes = {
      approvals: [{ id: "sign", type: "approval", assignees: ["ada"] }],
      tasks: [task("one")],
      executions: [task("one")],
      dead_letters: [task("charge", once)],
    }[kind];
    const { id, worker } = await started(nodes ?? []);
    if (kind === "dead_letters") await answer(await leased(worker, id), () => ({ error: "no" }));
    expect(await engine.differences(id)).toEqual([]);
    await engine.pool.query(tampering, [id]);
    expect((await engine.differences(id)).map((one) => one.where)).toEqual([expect.stringContaining(where)]);
  });
});
