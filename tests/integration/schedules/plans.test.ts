// However many schedules there are, nothing that looks after them reads them all.
import type { QueryConfig } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openPool, type Pool, type Queryable } from "@/db/client";
import { nextDeadline } from "@/db/queries/deadlines";
import {
  blockedSchedules,
  scheduleById,
  scheduleByName,
  schedulesPage,
  scheduleToFire,
  scheduleToStart,
} from "@/db/queries/schedules";
import { addLostAlarms } from "@/db/stores/schedule-alarms";
import { advanceSchedule, recordFailure, recordStarts } from "@/db/stores/schedule-runs";
import { createDatabase, type TestDatabase } from "../../support/postgres";

let database: TestDatabase;
let pool: Pool;
beforeAll(async () => {
  database = await createDatabase();
  pool = openPool(database.connectionString, { max: 2, name: "plans" });
  await pool.query("insert into namespaces (name) values ('other')");
  await pool.query(`insert into schedules (id, namespace_id, name, cron, timezone, workflow, input, overlap, catch_up_window,
      paused, revision, next_run_at, created_at, created_by, updated_at)
    select i, 1 + i % 2, 'schedule_' || i, '0 * * * *', 'UTC', 'w', 'null',
      (array['skip', 'queue', 'cancel_previous', 'allow'])[1 + i % 4]::schedule_overlap, '"1d"', i % 10 = 0, 1,
      case when i % 10 <> 0 then now() + i * interval '10 s' end, now(), 'key:x', now()
    from generate_series(1, 30000) i`);
  await pool.query(`insert into schedule_waiting_runs
    select i * 30, now() - j * interval '1 s', 1 + (i * 30) % 2, false
    from generate_series(1, 30) i, generate_series(1, 100) j`);
  await pool.query(`insert into executions (id, namespace_id, workflow_id, version, sequence, status, head, closed_at)
    select i, 1 + i % 2, 1, 1, 1, 'running', ''::bytea, case when i % 100 <> 0 then now() end
    from generate_series(1, 30000) i`);
  await pool.query("insert into schedule_open_runs select i, i, 1 + i % 2 from generate_series(1, 30000) i");
  await pool.query("vacuum analyze");
});
afterAll(async () => {
  await pool?.end();
  await database.drop();
});

interface PlanNode {
  "Node Type": string;
  "Relation Name"?: string;
  Plans?: PlanNode[];
}

function scanned(node: PlanNode): string[] {
  const own = node["Node Type"] === "Seq Scan" ? [node["Relation Name"] ?? ""] : [];
  return [...own, ...(node.Plans ?? []).flatMap(scanned)];
}

/** What the one statement of that call reads from end to end. */
async function readWhole(call: (db: Queryable) => Promise<unknown>): Promise<string[]> {
  const plans: PlanNode[] = [];
  const query = async ({ text, values }: QueryConfig) => {
    const { rows } = await pool.query(`explain (format json) ${text}`, values);
    plans.push(rows[0]["QUERY PLAN"][0].Plan);
    return { rows: [], rowCount: 0 };
  };
  await call({ query } as unknown as Queryable);
  expect(plans).toHaveLength(1);
  return plans.flatMap(scanned);
}

const GROWING = ["schedules", "schedule_open_runs", "executions"];
const now = new Date();
const CALLS: Record<string, (db: Queryable) => Promise<unknown>> = {
  "the next deadline": (db) => nextDeadline(db, now.getTime()),
  "alarms that were lost": (db) => addLostAlarms(db, now),
  "schedules whose runs wait": (db) => blockedSchedules(db),
  "a page of the list": (db) => db.query(schedulesPage(1, 20_000n, 51)),
  "one by id": (db) => db.query(scheduleById(1, 4n)),
  "one by name": (db) => scheduleByName(db, 1, "schedule_4"),
  "one to fire": (db) => scheduleToFire(db, 1, 4n),
  "one to start": (db) => scheduleToStart(db, 1, 4n, 100),
  "a move to the next run": (db) =>
    advanceSchedule(db, 1, 4n, { revision: 1, from: now, to: now, admitted: [now], skipped: 0, missed: 0 }),
  "a start": (db) => recordStarts(db, 1, 4n, [{ runAt: now, executionId: 4n }]),
  "a failed start": (db) => recordFailure(db, 1, 4n, now, "{}"),
};

test.each(Object.keys(CALLS))("%s is found by index", async (name) => {
  const read = await readWhole(CALLS[name] as (db: Queryable) => Promise<unknown>);
  expect(read.filter((table) => GROWING.includes(table))).toEqual([]);
});

test("a look at all of them would be caught", async () => {
  expect(await readWhole((db) => db.query({ text: "select from schedules where cron = $1", values: ["x"] }))).toEqual([
    "schedules",
  ]);
});
