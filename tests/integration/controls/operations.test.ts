// Operations under their job: every execution once, whoever dies in the middle, and counts that are true at the end.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Queryable } from "@/db/client";
import { addLostOperationJobs, forgetOperations } from "@/db/stores/operations";
import type { Definition } from "@/lib/contract/definition";
import { decodeId } from "@/lib/contract/ids";
import type { Operation, StartOperation } from "@/lib/contract/operations";
import { createOperationJob } from "@/lib/engine/operations/operation-job";
import { sendSignal } from "@/lib/engine/send-signal";
import type { Services } from "@/lib/engine/services";
import { startBatch } from "@/lib/engine/start-batch";
import { startOperation } from "@/lib/engine/start-operation";
import { terminateExecution } from "@/lib/engine/terminate-execution";
import { readOperation } from "@/lib/views/operations";
import { createDatabase, type TestDatabase } from "../../support/postgres";
import { CALLER, openServices, publish, value } from "../engine-services/engine";

let database: TestDatabase;
let services: Services;
beforeAll(async () => {
  database = await createDatabase();
  // Jobs run when a test says so.
  services = await openServices(database.connectionString, "off");
});
afterAll(async () => {
  await services?.close();
  await database?.drop();
});

const waits = (name: string): Definition => ({
  name,
  nodes: [{ id: "wait", type: "signal", signal: "go" }],
  edges: [],
});
const fails = (name: string): Definition => ({ name, nodes: [{ id: "no", type: "fail", code: "NO" }], edges: [] });

let names = 0;
async function startMany(
  definition: (name: string) => Definition,
  count: number,
): Promise<{ name: string; ids: string[] }> {
  names += 1;
  const { name } = await publish(services, definition(`many_${names}`));
  const ids: string[] = [];
  while (ids.length < count) {
    const size = Math.min(1000, count - ids.length);
    const results = await startBatch(
      services,
      CALLER,
      Array.from({ length: size }, () => ({ workflow: name })),
    );
    ids.push(...results.map((result) => ("id" in result ? result.id : "")));
  }
  return { name, ids };
}

const begin = async (request: StartOperation) => value(await startOperation(services, CALLER, request)).operationId;
const turn = (operationId: string, db: Queryable = services.db) =>
  createOperationJob({ db, door: services.door, clock: services.clock })({
    operation: String(decodeId("operation", operationId)),
  });
async function read(operationId: string): Promise<Operation> {
  const operation = await readOperation(services.db, CALLER.namespaceId, operationId);
  if (operation === null) throw new Error("no such operation");
  return operation;
}
async function finish(operationId: string): Promise<Operation> {
  for (let turns = 0; turns < 100; turns++) {
    const operation = await read(operationId);
    if (operation.status === "done") return operation;
    await turn(operationId);
  }
  throw new Error("the operation does not end");
}

/** How many events of that type each of them has. */
async function eventsOf(type: string, ids: readonly string[]): Promise<number[]> {
  const { rows } = await services.db.query<{ events: number }>(
    `select (select count(*)::int from events where execution_id = x.id and type = $2) as events
     from unnest($1::bigint[]) x(id)`,
    [ids.map((id) => decodeId("execution", id)), type],
  );
  return rows.map(({ events }) => events);
}

/** Dies where that statement would be sent. */
function dyingAt(statement: string): Queryable {
  return {
    query: (config, values) => {
      if (typeof config !== "string" && config.name === statement) return Promise.reject(new Error("killed"));
      return services.db.query(config, values);
    },
  } as Queryable;
}

const once = (ids: readonly string[]) => ids.map(() => 1);

describe("an operation", () => {
  test("counts what its filter finds, then goes through it page by page", async () => {
    const { name, ids } = await startMany(waits, 1_201);
    const id = await begin({ action: "signal", signal: "go", filter: { workflow: name } });
    expect(await read(id)).toMatchObject({ status: "running", total: 0, done: 0 });
    await turn(id);
    expect(await read(id)).toMatchObject({ status: "running", total: 1_201, done: 0 });
    await turn(id);
    expect(await read(id)).toMatchObject({ status: "running", total: 1_201, done: 500 });
    expect(await finish(id)).toMatchObject({ total: 1_201, done: 1_201, failed: 0, closedAt: expect.any(String) });
    expect(await eventsOf("SignalReceived", ids)).toEqual(once(ids));
  });

  test.each(["note-done", "note-counted"])("that dies before %s does nothing twice", async (statement) => {
    const { name, ids } = await startMany(waits, 130);
    const id = await begin({ action: "signal", signal: "go", filter: { workflow: name, status: ["waiting"] } });
    if (statement === "note-done") await turn(id);
    await expect(turn(id, dyingAt(statement))).rejects.toThrow("killed");
    expect(await read(id)).toMatchObject({ status: "running", done: 0, failed: 0 });
    // Those that were done before the death do not match the filter any more, and count all the same.
    expect(await finish(id)).toMatchObject({ total: 130, done: 130, failed: 0 });
    expect(await eventsOf("SignalReceived", ids)).toEqual(once(ids));
  });

  test("that dies before it noted a page of named executions counts each as done", async () => {
    const { ids } = await startMany(waits, 130);
    const id = await begin({ action: "terminate", ids });
    await expect(turn(id, dyingAt("note-done"))).rejects.toThrow("killed");
    expect(await finish(id)).toMatchObject({ total: 130, done: 130, failed: 0, errors: [] });
    expect(await eventsOf("ExecutionTerminated", ids)).toEqual(once(ids));
  });

  test("retries each once, although it has failed again by the time the page is repeated", async () => {
    const { ids } = await startMany(fails, 20);
    const id = await begin({ action: "retry", ids });
    await expect(turn(id, dyingAt("note-done"))).rejects.toThrow("killed");
    expect(await finish(id)).toMatchObject({ done: 20, failed: 0 });
    expect(await eventsOf("ExecutionRetried", ids)).toEqual(once(ids));
    const another = await begin({ action: "retry", ids });
    await finish(another);
    expect(await eventsOf("ExecutionRetried", ids)).toEqual(ids.map(() => 2));
  });

  test("that two processes work on at once counts each page once", async () => {
    const { name, ids } = await startMany(waits, 700);
    const id = await begin({ action: "cancel", filter: { workflow: name } });
    for (let turns = 0; turns < 4; turns++) await Promise.all([turn(id), turn(id), turn(id)]);
    expect(await read(id)).toMatchObject({ status: "done", total: 700, done: 700, failed: 0 });
    expect(await eventsOf("ExecutionCancelled", ids)).toEqual(once(ids));
  });

  test("ends with a total that is what it came to, where executions changed before their turn", async () => {
    const { name, ids } = await startMany(waits, 4);
    const id = await begin({ action: "pause", filter: { workflow: name, status: ["waiting"] } });
    await turn(id);
    expect(await read(id)).toMatchObject({ total: 4 });
    await terminateExecution(services, CALLER, ids[0] ?? "", {});
    expect(await finish(id)).toMatchObject({ total: 3, done: 3, failed: 0 });
  });

  test("tells the first twenty refusals and counts all", async () => {
    const { ids } = await startMany(waits, 30);
    await finish(await begin({ action: "cancel", ids }));
    const done = await finish(await begin({ action: "pause", ids }));
    expect(done).toMatchObject({ total: 30, done: 0, failed: 30 });
    expect(done.errors).toHaveLength(20);
    expect(new Set(done.errors.map(({ code }) => code))).toEqual(new Set(["EXECUTION_CLOSED"]));
    expect(ids).toEqual(expect.arrayContaining(done.errors.map(({ executionId }) => executionId)));
  });

  test("never touches another namespace's executions, and is not shown there", async () => {
    const { ids } = await startMany(waits, 1);
    const other = { ...CALLER, namespaceId: CALLER.namespaceId + 1 };
    const { operationId } = value(await startOperation(services, other, { action: "cancel", ids }));
    await turn(operationId);
    expect(await readOperation(services.db, CALLER.namespaceId, operationId)).toBeNull();
    expect(await readOperation(services.db, other.namespaceId, operationId)).toMatchObject({
      status: "done",
      failed: 1,
      errors: [{ code: "EXECUTION_NOT_FOUND" }],
    });
    expect(await eventsOf("ExecutionCancelled", ids)).toEqual([0]);
  });
});

describe("the job of an operation", () => {
  const jobs = async (operationId: string) => {
    const key = `operation:${decodeId("operation", operationId)}`;
    const { rows } = await services.db.query<{ payload: unknown }>(
      "select payload from graphile_worker._private_jobs where key = $1",
      [key],
    );
    return rows.length;
  };

  test("is written with it, and added again where it was lost", async () => {
    const { ids } = await startMany(waits, 1);
    const id = await begin({ action: "cancel", ids });
    expect(await jobs(id)).toBe(1);
    await services.db.query("delete from graphile_worker._private_jobs");
    await addLostOperationJobs(services.db);
    await addLostOperationJobs(services.db);
    expect(await jobs(id)).toBe(1);
    await finish(id);
    await services.db.query("delete from graphile_worker._private_jobs");
    await addLostOperationJobs(services.db);
    expect(await jobs(id)).toBe(0);
  });

  test("is added again where it has used up its attempts", async () => {
    const { ids } = await startMany(waits, 1);
    const id = await begin({ action: "cancel", ids });
    await services.db.query("update graphile_worker._private_jobs set attempts = max_attempts");
    await addLostOperationJobs(services.db);
    const { rows } = await services.db.query<{ left: number }>(
      "select max_attempts - attempts as left from graphile_worker._private_jobs where key like 'operation:%'",
    );
    expect(rows[0]?.left).toBeGreaterThan(0);
    await finish(id);
  });

  test("is forgotten a month after it ended, and not before it ends", async () => {
    const { ids } = await startMany(waits, 1);
    const [ended, open] = [await begin({ action: "pause", ids }), await begin({ action: "resume", ids })];
    await finish(ended);
    await services.db.query(
      "update operations set created_at = '2020-01-01', finished_at = finished_at - interval '31 days'",
    );
    await forgetOperations(services.db);
    expect(await readOperation(services.db, CALLER.namespaceId, ended)).toBeNull();
    expect(await read(open)).toMatchObject({ status: "running" });
  });
});

test("an execution that keeps a thousand signals refuses the next", async () => {
  const { ids } = await startMany(
    (name) => ({ ...waits(name), nodes: [{ id: "rest", type: "sleep", duration: "1d" }] }),
    1,
  );
  const target = { namespaceId: CALLER.namespaceId, executionId: decodeId("execution", ids[0] ?? "") ?? 0n };
  await services.door.applyAll(
    Array.from({ length: 1000 }, (_, payload) => ({
      ...target,
      actor: CALLER.actor,
      command: { type: "signal" as const, signal: "go", payload },
    })),
  );
  expect(await sendSignal(services, CALLER, ids[0] ?? "", "go", {})).toMatchObject({
    ok: false,
    code: "TOO_MANY_SIGNALS",
    detail: "1000 signals wait to be used.",
  });
});
