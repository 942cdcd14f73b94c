// Taking an execution out of service, and back in.
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Node } from "@/lib/contract/definition";
import type { Task } from "@/lib/contract/workers";
import type { LeaseRequest } from "@/lib/engine/door/door";
import { createDatabase, type TestDatabase } from "../../support/postgres";
import { chain, leaseRequest, NAMESPACE, startEngine, type TestEngine } from "./engine";

let database: TestDatabase;
let engine: TestEngine;
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

async function begun(nodes?: Node[]): Promise<{ id: bigint; worker: bigint }> {
  const name = `q${++workflows}`;
  const definition = chain(name, 1);
  const workflow = await engine.publish({ ...definition, nodes: nodes ?? definition.nodes });
  const worker = await engine.register([name]);
  return { id: (await engine.start(workflow)).executionId, worker };
}

const lift = (executionId: bigint, namespaceId = NAMESPACE) => engine.door.lift({ namespaceId, executionId });

/** As it is put there where a write was refused, its tasks taken out of the queue by the sweep. */
async function quarantined(id: bigint): Promise<void> {
  await engine.pool.query("update executions set status = 'quarantined' where id = $1", [id]);
  await engine.pool.query(
    "insert into execution_counts select workflow_id, 1, 'quarantined', 1 from executions where id = $1",
    [id],
  );
  await engine.pool.query(
    "insert into execution_counts select workflow_id, 1, 'running', -1 from executions where id = $1",
    [id],
  );
  await engine.pool.query("update tasks set held = true where execution_id = $1", [id]);
}

async function row(id: bigint) {
  const { rows } = await engine.pool.query(
    `select status, next_wake_at, (select json_object_agg(status, n) from (select status, sum(delta) as n
       from execution_counts c where c.workflow_id = e.workflow_id group by 1 having sum(delta) <> 0) s) as counts
     from executions e where id = $1`,
    [id],
  );
  return rows[0];
}

it("gives its tasks to a poll that waits, and its status and counts back", async () => {
  const { id, worker } = await begun();
  await quarantined(id);
  const filled = new Promise<Task[]>((fill, fail) => {
    parked = [leaseRequest(worker, 1, null, fill, fail)];
  });
  expect(await lift(id)).toMatchObject({ outcome: "lifted", state: { status: "running" } });
  const [task] = await filled;
  expect(task?.node).toBe("s1");
  expect(await row(id)).toEqual({ status: "running", next_wake_at: null, counts: { running: 1 } });
  expect(engine.announced.flatMap(({ executions }) => executions)).toContainEqual({ id, sequence: 2, closed: false });
  if (task !== undefined) expect((await engine.door.apply(engine.answer(task, { output: 1 }))).reply).toBe("accepted");
  expect(await engine.differences(id)).toEqual([]);
});

it("arms the alarm that it needs, whatever became of the old one", async () => {
  const { id } = await begun([{ id: "s1", type: "sleep", duration: "1h" }]);
  const at = (await row(id)).next_wake_at;
  await engine.pool.query("select graphile_worker.remove_job($1)", [`wake:${id}`]);
  await quarantined(id);
  expect(await lift(id)).toMatchObject({ outcome: "lifted" });
  expect(await row(id)).toMatchObject({ status: "waiting", next_wake_at: at });
  const { rows } = await engine.pool.query("select run_at from graphile_worker.jobs where key = $1", [`wake:${id}`]);
  expect(rows).toEqual([{ run_at: at }]);
});

it("leaves the tasks of a paused execution held", async () => {
  const { id, worker } = await begun();
  await engine.apply(id, { type: "pause" });
  await quarantined(id);
  expect(await lift(id)).toMatchObject({ outcome: "lifted", state: { status: "paused" } });
  expect(await engine.lease(worker, 1)).toEqual([]);
  expect(await engine.differences(id)).toEqual([]);
});

it("takes back only what its history proves", async () => {
  const { id } = await begun();
  const { rows } = await engine.pool.query("select data from events where execution_id = $1 and sequence = 2", [id]);
  await engine.pool.query(
    `update events set data = '{"node":"nowhere","iteration":1}' where execution_id = $1 and sequence = 2`,
    [id],
  );
  await quarantined(id);
  expect(await lift(id)).toMatchObject({ outcome: "inconsistent", differences: [{ where: "events" }] });
  await engine.pool.query("update events set data = $2 where execution_id = $1 and sequence = 2", [id, rows[0].data]);
  await engine.pool.query("delete from tasks where execution_id = $1", [id]);
  expect(await lift(id)).toMatchObject({ outcome: "inconsistent", differences: [{ where: "tasks" }] });
  expect(await row(id)).toMatchObject({ status: "quarantined" });
});

it("takes nothing back that is in service, of another namespace, or nowhere", async () => {
  const { id } = await begun();
  expect(await lift(id)).toEqual({ outcome: "not-quarantined" });
  await quarantined(id);
  expect(await lift(id, 2)).toEqual({ outcome: "not-found" });
  expect(await lift(1n)).toEqual({ outcome: "not-found" });
});

it("is done once where two do it at once", async () => {
  const { id } = await begun();
  await quarantined(id);
  const outcomes = (await Promise.all([lift(id), lift(id), lift(id)])).map(({ outcome }) => outcome);
  expect(outcomes.filter((outcome) => outcome === "lifted")).toHaveLength(1);
  expect(await row(id)).toMatchObject({ counts: { running: 1 } });
});

it("is known to every process, whatever it remembers, and so is that it is over", async () => {
  const { id } = await begun();
  const other = await startEngine(database.connectionString, { slot: 2, clock: engine.clock });
  await other.apply(id, { type: "wake" });
  await quarantined(id);
  for (const process of [engine, other]) {
    expect((await process.apply(id, { type: "pause" })).reply).toBe("quarantined");
    expect((await process.apply(id, { type: "pause" })).reply).toBe("quarantined");
  }
  expect(await row(id)).toMatchObject({ status: "quarantined", counts: { quarantined: 1 } });
  expect(await lift(id)).toMatchObject({ outcome: "lifted" });
  expect((await other.apply(id, { type: "pause" })).reply).toBe("accepted");
  expect(await row(id)).toMatchObject({ status: "paused", counts: { paused: 1 } });
  await other.close();
});
