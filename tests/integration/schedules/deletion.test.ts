// A schedule deleted while something is being recorded of it: whoever comes second finds it gone, and neither fails.
import { Pool } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Queryable } from "@/db/client";
import { addBackfill, recordFailure, recordStarts, recordTrigger } from "@/db/stores/schedule-runs";
import { createServices, type Services } from "@/lib/engine/services";
import { someoneWaitsForALock } from "../../support/locks";
import { createDatabase, type TestDatabase } from "../../support/postgres";
import { publish, silent, task } from "../engine-services/engine";
import { type Made, make, row } from "./schedules";

let database: TestDatabase;
let pool: Pool;
let engine: Services;
beforeAll(async () => {
  database = await createDatabase();
  pool = new Pool({ connectionString: database.connectionString });
  engine = await createServices({ databaseUrl: database.connectionString, engine: "off" }, { log: silent });
  await publish(engine, task("stays"));
});
afterAll(async () => {
  await engine?.close();
  await pool.end();
  await database.drop();
});

const RUN_AT = new Date("2026-11-24T10:00:00Z");
type Write = (db: Queryable, schedule: Made) => Promise<unknown>;

const writes: Record<string, Write> = {
  "a start": (db, { namespaceId, scheduleId }) =>
    recordStarts(db, namespaceId, scheduleId, [{ runAt: RUN_AT, executionId: 1n }]),
  "a trigger": (db, { namespaceId, scheduleId }) => recordTrigger(db, namespaceId, scheduleId, 2n),
  "a failure": (db, { namespaceId, scheduleId }) => recordFailure(db, namespaceId, scheduleId, RUN_AT, "{}"),
  "a backfill": (db, { namespaceId, scheduleId }) =>
    addBackfill(db, namespaceId, scheduleId, [new Date("2026-11-24T09:00:00Z")], 10),
};

test.each(Object.entries(writes))("%s that is recorded meanwhile waits for the deletion", async (_, write) => {
  const schedule = await make(engine, { workflow: "stays", overlap: "skip" });
  const { namespaceId, scheduleId } = schedule;
  await addBackfill(engine.db, namespaceId, scheduleId, [RUN_AT], 10);
  await recordTrigger(engine.db, namespaceId, scheduleId, 1n);
  expect(await row(engine, schedule)).toMatchObject({ waiting: 1 });

  const deleting = await pool.connect();
  try {
    await deleting.query("begin");
    await deleting.query("select from schedules where id = $1 for update", [scheduleId]);
    const recorded = write(engine.db, schedule);
    await someoneWaitsForALock(pool);
    const deleted = deleting
      .query("delete from schedules where id = $1", [scheduleId])
      .then(() => deleting.query("commit"));
    await Promise.all([deleted, recorded]);
  } finally {
    deleting.release(true);
  }
  const left = await pool.query(
    "select from schedule_waiting_runs where schedule_id = $1 union all select from schedule_open_runs where schedule_id = $1",
    [scheduleId],
  );
  expect(left.rowCount).toBe(0);
});
