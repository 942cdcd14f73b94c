// Who delivers messages between executions: the process that wrote them at once, or any other that runs the engine.
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { openPool, type Pool } from "@/db/client";
import { addLostDeliveries } from "@/db/stores/messages";
import type { Definition, Node } from "@/lib/contract/definition";
import type { Services } from "@/lib/engine/services";
import { waitForResult } from "@/lib/engine/wait-for-result";
import { createDatabase, type TestDatabase } from "../../support/postgres";
import { CALLER, openServices, publish, start, transforms, value } from "../engine-services/engine";

let database: TestDatabase;
let pool: Pool;
const open: Services[] = [];

beforeAll(async () => {
  database = await createDatabase();
  pool = openPool(database.connectionString, { max: 2, name: "test" });
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((services) => services.close()));
});

afterAll(async () => {
  await pool.end();
  await database.drop();
});

async function services(engine: "embedded" | "off" = "embedded"): Promise<Services> {
  const built = await openServices(database.connectionString, engine);
  open.push(built);
  return built;
}

const never = new AbortController().signal;
const result = async (on: Services, id: string) => value(await waitForResult(on, CALLER, id, 60_000, never));

/** One child after another, each of which has a child of its own. */
async function family(on: Services, name: string): Promise<void> {
  const child = (id: string, workflow: string): Node => ({ id, type: "workflow", workflow }) as Node;
  const nested = (of: string, workflow: string): Definition => ({
    name: of,
    nodes: [child("first", workflow), child("second", workflow)],
    edges: [{ from: "first", to: "second" }],
    output: "=steps.second.output",
  });
  await publish(on, { ...transforms(`${name}_leaf`), output: "done" });
  await publish(on, nested(`${name}_middle`, `${name}_leaf`));
  await publish(on, nested(name, `${name}_middle`));
}

it("the process that wrote them does, generation after generation", async () => {
  const one = await services();
  await family(one, "own");
  const started = await Promise.all(Array.from({ length: 5 }, () => start(one, { workflow: "own" })));
  for (const { id } of started) expect(await result(one, id)).toMatchObject({ status: "completed", output: "done" });
  const { rows } = await pool.query(
    "select count(*)::int as executions, (select count(*)::int from messages) as left from executions",
  );
  expect(rows).toEqual([{ executions: 5 * (1 + 2 + 4), left: 0 }]);
});

it("another process does, where the one that wrote them runs no engine", async () => {
  const writer = await services("off");
  await services("embedded");
  await family(writer, "others");
  const { id } = await start(writer, { workflow: "others" });
  expect(await result(writer, id)).toMatchObject({ status: "completed", output: "done" });
});

it("the next process does, where the jobs are lost with the one that was to do it", async () => {
  const writer = await services("off");
  await family(writer, "later");
  const { id, key } = await start(writer, { workflow: "later" });
  await pool.query("select graphile_worker.remove_job($1)", [`deliver:${key}`]);
  const next = await services("embedded");
  expect(await result(next, id)).toMatchObject({ status: "completed", output: "done" });
});

it("the sweep adds a job where there is none, one where it is stuck, and none where there is one", async () => {
  const writer = await services("off");
  await family(writer, "swept");
  const { key } = await start(writer, { workflow: "swept" });
  const job = `deliver:${key}`;
  const jobs = async () => (await pool.query("select id from graphile_worker.jobs where key = $1", [job])).rows;
  const [first] = await jobs();
  await addLostDeliveries(pool, 0n);
  expect(await jobs()).toEqual([first]);
  await pool.query(
    "update graphile_worker._private_jobs set locked_at = now() - interval '2 minutes', locked_by = 'x' where key = $1",
    [job],
  );
  await addLostDeliveries(pool, 0n);
  expect(await jobs()).not.toEqual([first]);
  await pool.query("select graphile_worker.remove_job($1)", [job]);
  await addLostDeliveries(pool, 0n);
  expect(await jobs()).toHaveLength(1);
  await pool.query("select graphile_worker.remove_job($1)", [job]);
  await pool.query(
    "insert into executions (id, namespace_id, workflow_id, version, sequence, status, head) select target_execution_id, 1, 1, 1, 1, 'quarantined', '' from messages where source_execution_id = $1",
    [key],
  );
  await addLostDeliveries(pool, 0n);
  expect(await jobs()).toEqual([]);
  await pool.query("delete from messages where source_execution_id = $1", [key]);
});
