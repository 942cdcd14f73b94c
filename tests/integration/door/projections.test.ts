// What a flush writes beside events, by the SQL function alone: only for executions whose guard held, and all or nothing.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openPool, type Pool, type PoolClient } from "@/db/client";
import { type FlushAnswer, type FlushRows, flush } from "@/db/stores/flush";
import { firstKeyAt } from "@/lib/contract/ids";
import { createDatabase, type TestDatabase } from "../../support/postgres";

const NOW = "2026-01-05T12:00:00.000Z";
const LATER = "2026-01-05T12:00:07.000Z";
const NONE: FlushRows = {
  starts: null,
  advances: null,
  guards: null,
  events: null,
  values: null,
  dispatches: null,
  drops: null,
  counts: null,
  wakes: null,
  projections: null,
  leases: null,
  notify: null,
  fault: null,
};

let database: TestDatabase;
let pool: Pool;
let client: PoolClient;
let lastKey = firstKeyAt(Date.parse(NOW));

beforeAll(async () => {
  database = await createDatabase();
  pool = openPool(database.connectionString, { max: 2, name: "test" });
  client = await pool.connect();
  await pool.query("select ensure_event_partitions($1, 1)", [NOW]);
});

afterAll(async () => {
  client.release();
  await pool.end();
  await database.drop();
});

type Json = { [member: string]: unknown };

/** Rows as the door writes them: bigints are JSON numbers. */
const json = (value: unknown): string =>
  JSON.stringify(value, (_, member) => (typeof member === "bigint" ? `#${member}#` : member)).replace(
    /"#(\d+)#"/g,
    "$1",
  );

function write(rows: { [Member in keyof FlushRows]?: unknown }, now = NOW): Promise<FlushAnswer> {
  const texts = Object.entries(rows).map(([member, value]) => [member, json(value)]);
  return flush(client, now, 10_000, { ...NONE, ...Object.fromEntries(texts) });
}

const key = () => ++lastKey;

async function started(more: Json = {}): Promise<bigint> {
  const row = start(more);
  await write({ starts: [row] });
  return row.id;
}

const start = (more: Json = {}) => {
  return { id: key(), ns: 1, wf: 1, v: 1, seq: 1, st: "running", head: "00", started: NOW, ...more };
};

/** `expect` is the sequence that the row is thought to have; the one that it does have is 1. */
const advance = (id: bigint, expected = 1) => ({
  id,
  expect: expected,
  seq: 2,
  st: "running",
  head: "01",
  setwake: false,
});

const dispatch = (e: bigint, more: Json = {}) => {
  return { e, t: key(), n: 1, p: 0, q: "default", k: "work", r: "0", am: null, hm: null, qm: null, ...more };
};

async function all<Row extends Json>(text: string, ...values: unknown[]): Promise<Row[]> {
  return (await pool.query(text, values)).rows;
}

describe("tasks", () => {
  it("carry their limit and the worker they prefer, for five seconds", async () => {
    const id = await started();
    await write({
      advances: [advance(id)],
      dispatches: [dispatch(id, { ck: "tenant-7", cl: 3, sw: 42 }), dispatch(id)],
    });
    expect(
      await all(
        `select concurrency_key, concurrency_limit, sticky_worker_id, sticky_until, held from tasks
         where execution_id = $1 order by id`,
        id,
      ),
    ).toEqual([
      {
        concurrency_key: "tenant-7",
        concurrency_limit: 3,
        sticky_worker_id: 42n,
        sticky_until: new Date("2026-01-05T12:00:05.000Z"),
        held: false,
      },
      { concurrency_key: null, concurrency_limit: null, sticky_worker_id: null, sticky_until: null, held: false },
    ]);
  });

  it("are held as their execution is paused, and released with their queue deadline moved by the pause", async () => {
    const id = await started();
    const worker = key();
    await pool.query("insert into workers values ($1, 1, 'w', '{q}', '{held}', 'node', '0', 9, '{}', $2, $2)", [
      worker,
      NOW,
    ]);
    const lease = [{ i: 0, w: worker, q: null, c: 5 }];
    const task = dispatch(id, { q: "q", k: "held", qm: 60_000 });
    await write({ advances: [advance(id)], dispatches: [task] });
    await write({ advances: [{ ...advance(id, 2), seq: 3 }], projections: { holds: [{ e: id, h: true, ms: 0 }] } });
    expect((await write({ leases: lease })).leases).toEqual([[]]);
    const released = await write(
      {
        advances: [{ ...advance(id, 3), seq: 4 }],
        projections: { holds: [{ e: id, h: false, ms: 7_000 }] },
        leases: lease,
      },
      LATER,
    );
    expect(released.leases[0]?.map(({ t }) => t)).toEqual([String(task.t)]);
    expect(await all("select held, queue_deadline_at as at from tasks where execution_id = $1", id)).toEqual([
      { held: false, at: new Date("2026-01-05T12:01:07.000Z") },
    ]);
  });

  it("are not leased by the flush that dispatches them where their execution was paused in it", async () => {
    const id = await started();
    const worker = key();
    await pool.query("insert into workers values ($1, 1, 'w', '{q}', '{both}', 'node', '0', 9, '{}', $2, $2)", [
      worker,
      NOW,
    ]);
    const { leases } = await write({
      advances: [advance(id)],
      dispatches: [dispatch(id, { q: "q", k: "both", h: true })],
      leases: [{ i: 0, w: worker, q: null, c: 5 }],
    });
    expect(leases).toEqual([[]]);
    expect(await all("select held from tasks where execution_id = $1", id)).toEqual([{ held: true }]);
  });

  it("are gone once their execution is cleared", async () => {
    const [id, other] = [await started(), await started()];
    await write({ advances: [advance(id), advance(other)], dispatches: [dispatch(id), dispatch(id), dispatch(other)] });
    await write({ advances: [{ ...advance(id, 2), seq: 3 }], projections: { clears: [{ e: id }] } });
    expect(await all("select execution_id from tasks where execution_id = any($1::bigint[])", [id, other])).toEqual([
      { execution_id: other },
    ]);
  });
});

describe("approvals", () => {
  const asked = (e: bigint, more: Json = {}) => {
    return {
      a: key(),
      e,
      n: 1,
      r: "2-3",
      o: "each/sign",
      ix: [3],
      it: 2,
      as: ["role:boss", "Ada", "ada"],
      al: ["role:boss", "ada"],
      at: NOW,
      ...more,
    };
  };

  it("are kept with their assignees, and with what was decided", async () => {
    const id = await started();
    const approval = asked(id, { ti: "Sign", de: "Please", fo: { type: "object" }, ex: LATER });
    await write({ advances: [advance(id)], projections: { approvals: [approval] } });
    const assignees = "select assignee, status from approval_assignees where approval_id = $1 order by 1";
    expect(await all(assignees, approval.a)).toEqual([
      { assignee: "ada", status: "pending" },
      { assignee: "role:boss", status: "pending" },
    ]);
    const closed = { a: approval.a, e: id, st: "approved", da: { ok: true }, co: "fine", by: "user:ada", at: LATER };
    await write({ advances: [{ ...advance(id, 2), seq: 3 }], projections: { closed: [closed] } });
    expect(await all("select * from approvals where id = $1", approval.a)).toEqual([
      {
        id: approval.a,
        namespace_id: 1,
        execution_id: id,
        step: "2-3",
        node: "each/sign",
        index: [3],
        iteration: 2,
        status: "approved",
        title: "Sign",
        description: "Please",
        assignees: ["role:boss", "Ada", "ada"],
        form: '{"type":"object"}',
        data: '{"ok":true}',
        data_ref: null,
        requested_at: new Date(NOW),
        expires_at: new Date(LATER),
        decided_at: new Date(LATER),
        decided_by: "user:ada",
        comment: "fine",
      },
    ]);
    expect(await all(assignees, approval.a)).toEqual([
      { assignee: "ada", status: "approved" },
      { assignee: "role:boss", status: "approved" },
    ]);
  });

  it("may be asked for and closed in one flush; nobody decided one that expired", async () => {
    const id = await started();
    const approval = asked(id);
    await write({
      advances: [advance(id)],
      projections: { approvals: [approval], closed: [{ a: approval.a, e: id, st: "expired", at: LATER }] },
    });
    expect(await all("select status, decided_at, decided_by from approvals where id = $1", approval.a)).toEqual([
      { status: "expired", decided_at: null, decided_by: null },
    ]);
  });

  it("are not written for an execution that had moved on", async () => {
    const [id, other] = [await started(), await started()];
    const approvals = [asked(id), asked(other)];
    const { moved } = await write({ advances: [advance(id, 7), advance(other)], projections: { approvals } });
    expect(moved).toEqual([String(id)]);
    expect(await all("select execution_id from approvals where execution_id = any($1::bigint[])", [id, other])).toEqual(
      [{ execution_id: other }],
    );
  });
});

it("marks an execution's open dead letters retried, and none that it writes after that", async () => {
  const id = await started();
  const letter = { e: id, n: 1, wf: 1, w: "w", v: 1, o: "charge", it: 1, x: 3, fp: "f", at: NOW };
  const full = (more: Json) => ({ i: key(), er: { code: "BOOM", message: "No" }, st: "open", ...letter, ...more });
  await write({ advances: [advance(id)], projections: { deadLetters: [full({}), full({ st: "retried" })] } });
  await pool.query("update dead_letters set status = 'resolved' where execution_id = $1 and status = 'retried'", [id]);
  await write({
    advances: [{ ...advance(id, 2), seq: 3 }],
    projections: { retried: [{ e: id }], deadLetters: [full({ ix: [4, 1] })] },
  });
  const stored = { error: '{"code":"BOOM","message":"No"}', code: "BOOM", message: "No", attempts: 3 };
  expect(
    await all(
      `select status, index, error, code, message, attempts from dead_letters where execution_id = $1 order by id`,
      id,
    ),
  ).toEqual([
    { status: "retried", index: null, ...stored },
    { status: "resolved", index: null, ...stored },
    { status: "open", index: [4, 1], ...stored },
  ]);
});

describe("executions", () => {
  it("know when they are to start, whose children and whose forks they are", async () => {
    const id = await started({ st: "scheduled", started: null, at: LATER, parent: 7, fork: 8 });
    const columns = "select start_at, started_at, parent_execution_id, forked_from from executions where id = $1";
    const row = { start_at: new Date(LATER), started_at: null, parent_execution_id: 7n, forked_from: 8n };
    expect(await all(columns, id)).toEqual([row]);
    await write({ advances: [{ ...advance(id), started: LATER }] });
    expect(await all(columns, id)).toEqual([{ ...row, started_at: new Date(LATER) }]);
    await write({ advances: [{ ...advance(id, 2), seq: 3 }] });
    expect(await all(columns, id)).toEqual([{ ...row, started_at: new Date(LATER) }]);
  });

  it("begin with a copy of another's history and its large values, and do not begin without all of it", async () => {
    const hash = "ab".repeat(32);
    const first = start({ seq: 3 });
    const source = first.id;
    const event = { e: source, n: 1, y: "StepSkipped", a: NOW, r: "engine" };
    await write({
      starts: [first],
      events: [1, 2, 3].map((s) => ({ ...event, s, c: s, d: { node: `n${s}` } })),
      values: [
        { e: source, n: 1, h: hash, b: "large" },
        { e: source, n: 1, h: "cd".repeat(32), b: "not copied" },
      ],
    });
    const copied = async (to: number) => {
      const fork = start({ seq: to });
      const copies = [{ e: fork.id, n: 1, f: source, to, h: [hash] }];
      await write({ starts: [fork], projections: { copies } });
      return fork.id;
    };
    const id = await copied(2);
    const history =
      "select sequence, namespace_id, command, type, at, actor, data from events where execution_id = $1 order by 1";
    expect(await all(history, id)).toEqual((await all(history, source)).slice(0, 2));
    expect(await all("select encode(hash, 'hex') as hash, body from payloads where execution_id = $1", id)).toEqual([
      { hash, body: '"large"' },
    ]);
    await expect(copied(4)).rejects.toThrow("not all there");
    expect(await all("select 1 from executions where id = $1", lastKey)).toEqual([]);
  });
});

describe("messages", () => {
  const sent = (e: bigint, more: Json = {}) => ({
    e,
    n: 1,
    q: 2,
    p: 0,
    k: "cancel-child",
    t: 99,
    b: { reason: "x" },
    ...more,
  });
  const jobs = (id: bigint) =>
    all(
      `select k.identifier, j.payload from graphile_worker._private_jobs j join graphile_worker._private_tasks k on k.id = j.task_id
       where j.key = $1`,
      `deliver:${id}`,
    );

  it("are written with one job that delivers those of their source", async () => {
    const id = await started();
    await write({ advances: [advance(id)], projections: { messages: [sent(id), sent(id, { p: 1 })] } });
    expect(
      await all("select position, kind, target_execution_id, payload from messages where source_execution_id = $1", id),
    ).toEqual([
      { position: 0, kind: "cancel-child", target_execution_id: 99n, payload: '{"reason":"x"}' },
      { position: 1, kind: "cancel-child", target_execution_id: 99n, payload: '{"reason":"x"}' },
    ]);
    expect(await jobs(id)).toEqual([{ identifier: "deliver", payload: { source: String(id), namespace: 1 } }]);
  });

  it("are neither written nor delivered for an execution that had moved on", async () => {
    const id = await started();
    await write({ advances: [advance(id, 7)], projections: { messages: [sent(id)] } });
    expect(await all("select 1 from messages where source_execution_id = $1", id)).toEqual([]);
    expect(await jobs(id)).toEqual([]);
  });

  it("take effect once: a second flush with the same one leaves its execution out and says so", async () => {
    const [source, target, bystander] = [await started(), await started(), await started()];
    await write({ advances: [advance(source)], projections: { messages: [sent(source, { t: target })] } });
    const taken = [{ e: target, s: source, q: 2, p: 0 }];
    expect(await write({ advances: [advance(target)], projections: { taken } })).toMatchObject({ moved: [], dead: [] });
    expect(await all("select 1 from messages where source_execution_id = $1", source)).toEqual([]);
    const again = await write({
      advances: [{ ...advance(target, 2), seq: 3 }, advance(bystander)],
      projections: { taken },
    });
    expect(again).toMatchObject({ moved: [], dead: [[String(target), `${source}:2:0`]] });
    expect(
      await all("select sequence from executions where id = any($1::bigint[]) order by id", [target, bystander]),
    ).toEqual([{ sequence: 2 }, { sequence: 2 }]);
  });

  it("stay where the execution they are for had moved on", async () => {
    const [source, target] = [await started(), await started()];
    await write({ advances: [advance(source)], projections: { messages: [sent(source, { t: target })] } });
    const taken = [{ e: target, s: source, q: 2, p: 0 }];
    expect(await write({ advances: [advance(target, 7)], projections: { taken } })).toMatchObject({
      moved: [String(target)],
    });
    expect(await all("select 1 from messages where source_execution_id = $1", source)).toHaveLength(1);
  });

  it("that another transaction is taking out start no second child", async () => {
    const source = await started();
    await write({ advances: [advance(source)], projections: { messages: [sent(source, { k: "start-child" })] } });
    const other = await pool.connect();
    await other.query("begin");
    await other.query("delete from messages where source_execution_id = $1", [source]);
    const child = start();
    const answer = await write({
      starts: [child],
      projections: { taken: [{ e: child.id, s: source, q: 2, p: 0 }] },
    });
    await other.query("rollback");
    other.release();
    expect(answer).toMatchObject({ conflicts: [], dead: [[String(child.id), `${source}:2:0`]] });
    expect(await all("select 1 from executions where id = $1", child.id)).toEqual([]);
  });
});

describe("a flush that fails between two of its statements", () => {
  it.each([
    "after-messages",
    "after-copies",
    "after-holds",
    "after-clears",
    "after-approvals",
    "after-decisions",
    "after-retried",
    "after-dead-letters",
    "after-sending",
    "after-taking",
  ])("leaves nothing behind: %s", async (at) => {
    const [source, target, fork] = [await started(), await started(), start()];
    const waiting = { a: key(), e: target, n: 1, r: "0", o: "sign", it: 1, as: ["ada"], al: ["ada"], at: NOW };
    const letter = {
      e: target,
      n: 1,
      wf: 1,
      w: "w",
      v: 1,
      o: "charge",
      it: 1,
      x: 1,
      er: { code: "C", message: "m" },
      fp: "f",
      at: NOW,
    };
    const message = { e: source, n: 1, q: 2, p: 0, k: "cancel-child", t: target, b: { reason: "x" } };
    const event = { e: source, n: 1, s: 1, c: 1, y: "StepSkipped", a: NOW, r: "engine", d: {} };
    await write({
      advances: [advance(source), advance(target)],
      events: [event],
      dispatches: [dispatch(target)],
      projections: { approvals: [waiting], deadLetters: [{ ...letter, i: key(), st: "open" }], messages: [message] },
    });
    const stored = () =>
      all(
        `select (select jsonb_agg(to_jsonb(e) - 'head' order by id) from executions e where id = any($1::bigint[])) as executions,
           (select jsonb_agg(to_jsonb(e)) from events e where execution_id = any($1::bigint[])) as events,
           (select jsonb_agg(to_jsonb(t)) from tasks t where execution_id = any($1::bigint[])) as tasks,
           (select jsonb_agg(to_jsonb(a)) from approvals a where execution_id = any($1::bigint[])) as approvals,
           (select jsonb_agg(to_jsonb(d)) from dead_letters d where execution_id = any($1::bigint[])) as letters,
           (select jsonb_agg(to_jsonb(m)) from messages m where source_execution_id = any($1::bigint[])) as messages`,
        [source, target, fork.id],
      );
    const before = await stored();
    const everything = {
      starts: [fork],
      advances: [{ ...advance(target, 2), seq: 3 }],
      projections: {
        taken: [{ e: target, s: source, q: 2, p: 0 }],
        copies: [{ e: fork.id, n: 1, f: source, to: 1, h: [] }],
        holds: [{ e: target, h: true, ms: 0 }],
        clears: [{ e: target }],
        approvals: [{ ...waiting, a: key() }],
        closed: [{ a: waiting.a, e: target, st: "approved", by: "user:ada", at: NOW }],
        retried: [{ e: target }],
        deadLetters: [{ ...letter, i: key(), st: "open" }],
        messages: [{ ...message, e: target, q: 3 }],
      },
    };
    await expect(write({ ...everything, fault: { at, do: "fail" } })).rejects.toThrow(`fault at ${at}`);
    expect(await stored()).toEqual(before);
    await write(everything);
    expect(await stored()).not.toEqual(before);
  });
});
