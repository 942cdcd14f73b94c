// Two real engine processes on one database: what one schedules the other's parked polls are given, and who judges an outage.
import { afterAll, beforeAll, expect, it } from "vitest";
import { encodeKey } from "@/lib/contract/ids";
import { poll } from "@/lib/engine/poll";
import { registerWorker } from "@/lib/engine/register-worker";
import type { Services } from "@/lib/engine/services";
import { createDatabase, type TestDatabase } from "../../support/postgres";
import { openServices, publish, start, task, until, value } from "../engine-services/engine";
import { CALLER, completed, only } from "./process";

let database: TestDatabase;
let first: Services;
let second: Services;

beforeAll(async () => {
  database = await createDatabase();
});

afterAll(async () => {
  await Promise.all([first, second].map((services) => services?.close()));
  await database.drop();
});

/** A lease that is about to run out, of an execution that nobody looks at. */
async function lease(services: Services, id: number): Promise<() => Promise<number>> {
  await services.db.query(
    `insert into tasks (execution_id, id, namespace_id, priority, ready_at, queue, task, step, worker_id, lease_token,
       leased_at, lease_expires_at, attempt_deadline_at, confirmed)
     values ($1, $1, 1, 0, now(), 'q', 't', '0', 1, 1, now(), now() + interval '5 s', now() + interval '1 h', true)`,
    [id],
  );
  return async () => {
    const { rows } = await services.db.query<{ ms: number }>(
      "select extract(epoch from lease_expires_at - now())::float8 * 1000 as ms from tasks where id = $1",
      [id],
    );
    return only(rows).ms;
  };
}

it("gives every lease a full time again where a process starts alone, and none where another lived", async () => {
  first = await openServices(database.connectionString, "off");
  const left = await lease(first, 1);
  second = await openServices(database.connectionString, "off");
  expect(await left()).toBeLessThan(5_000);
  await Promise.all([first.close(), second.close()]);
  first = await openServices(database.connectionString, "off");
  const { rows } = await first.db.query(
    `delete from tasks where id = 1
     returning lease_expires_at > now() + interval '7 s' as moved, attempt_deadline_at < now() + interval '1 h' as kept`,
  );
  expect(rows).toEqual([{ moved: true, kept: true }]);
  second = await openServices(database.connectionString);
});

it("gives a poll parked in one process the task that another schedules, and takes the result in either", async () => {
  const body = { queues: ["default"], tasks: ["work"], language: "node", sdkVersion: "0", capacity: 1 };
  const { workerId } = value(await registerWorker(second, CALLER, body));
  const waiting = poll(second, CALLER, workerId, { capacity: 1, waitMs: 30_000 }, new AbortController().signal);
  await until("the poll is parked", async () => second.waiters.parked === 1);
  const startedAt = performance.now();
  await publish(first, task("across"));
  const { key } = await start(first, { workflow: "across" });
  const given = only(value(await waiting).tasks);
  // Well before the look for what was missed.
  expect(performance.now() - startedAt).toBeLessThan(3_000);
  expect(given.executionId).toBe(`exe_${encodeKey(key)}`);
  const answer = await poll(
    first,
    CALLER,
    workerId,
    { capacity: 0, results: [completed(given)] },
    new AbortController().signal,
  );
  expect(value(answer).acks).toEqual([{ taskId: given.taskId, status: "accepted" }]);
});
