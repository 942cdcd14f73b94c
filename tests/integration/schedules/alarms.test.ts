// Schedules that run by themselves: alarms that ring, those that were lost, and closes that are heard of.
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { addLostAlarms, armSchedule } from "@/db/stores/schedule-alarms";
import { createSchedule } from "@/lib/engine/schedule/create-schedule";
import type { Services } from "@/lib/engine/services";
import { createDatabase, type TestDatabase } from "../../support/postgres";
import { CALLER, openServices, publish, start, task, transforms, until, value } from "../engine-services/engine";
import { close, type Made, make, only, row, runs } from "./schedules";

const EVERY_SECOND = "* * * * * *";
/** Never in the time that a test takes. */
const FAR = "0 0 29 2 *";

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
  const first = await openServices(database.connectionString, "off");
  await publish(first, task("stays"));
  await publish(first, transforms("passes"));
  await first.close();
});
afterAll(() => database.drop());

const open: Services[] = [];
afterEach(async () => {
  await open[0]?.db.query("delete from schedules");
  await Promise.all(open.splice(0).map((services) => services.close()));
});

async function services(engine: "embedded" | "off"): Promise<Services> {
  const built = await openServices(database.connectionString, engine);
  open.push(built);
  return built;
}

/** So many runs have been started. */
async function ran(on: Services, schedule: Made, count: number) {
  return until(`${count} runs were started`, async () => {
    const all = await runs(on, schedule);
    return all.length >= count && all;
  });
}

async function jobOf({ db }: Services, { scheduleId }: Made): Promise<{ at: Date } | undefined> {
  const { rows } = await db.query<{ at: Date }>("select run_at as at from graphile_worker.jobs where key = $1", [
    `schedule:${scheduleId}`,
  ]);
  return rows[0];
}

/** What the schedule's row and rows of waiting runs say, as if no alarm had ever been set. */
async function forgetAlarm({ db }: Services, { scheduleId }: Made) {
  await db.query("select graphile_worker.remove_job($1)", [`schedule:${scheduleId}`]);
}

describe("by itself", () => {
  test("a schedule runs again and again, each run once and none before its time", async () => {
    const one = await services("embedded");
    const schedule = await make(one, { workflow: "passes", cron: EVERY_SECOND, overlap: "allow" });
    const all = await ran(one, schedule, 3);
    const times = all.map(({ scheduledAt }) => Date.parse(scheduledAt ?? ""));
    expect(new Set(times).size).toBe(times.length);
    const { rows } = await one.db.query<{ at: Date }>(
      "select at from events where execution_id = any ($1) and sequence = 1 order by execution_id",
      [all.map(({ id }) => id)],
    );
    for (const [i, { at }] of rows.entries()) expect(at.getTime()).toBeGreaterThanOrEqual(times[i] ?? 0);
  });

  test("one that was made in a process without the engine is run by another", async () => {
    const [without] = [await services("off"), await services("embedded")];
    const schedule = await make(without, { workflow: "passes", cron: EVERY_SECOND });
    await ran(without, schedule, 2);
  });

  test("two engine processes start each run once", async () => {
    const [one] = [await services("embedded"), await services("embedded")];
    const schedule = await make(one, { workflow: "passes", cron: EVERY_SECOND, overlap: "allow" });
    const all = await ran(one, schedule, 3);
    expect(new Set(all.map(({ scheduledAt }) => scheduledAt)).size).toBe(all.length);
  });
});

describe("a queued run", () => {
  async function blocked(on: Services): Promise<Made> {
    const schedule = await make(on, { workflow: "stays", cron: FAR, overlap: "queue" });
    await on.db.query(
      "insert into schedule_waiting_runs values ($1, now() - interval '2 s', 1, false), ($1, now() - interval '1 s', 1, false)",
      [schedule.scheduleId],
    );
    return schedule;
  }

  test("starts as the one before closes, though that is closed in another process", async () => {
    const [without, one] = [await services("off"), await services("embedded")];
    const schedule = await blocked(without);
    await one.db.query("select graphile_worker.add_job('schedule', $1::json)", [
      JSON.stringify({ schedule: String(schedule.scheduleId), namespace: 1 }),
    ]);
    const first = only(await ran(one, schedule, 1));
    await until("its start was recorded", async () => (await row(one, schedule)).waiting === 1);
    await close(without, first);
    await ran(one, schedule, 2);
    await until("nothing waits", async () => (await row(one, schedule)).waiting === 0);
  });

  test("starts as the one before closes, though the process that waited for it is gone", async () => {
    const without = await services("off");
    const schedule = await blocked(without);
    const gone = await services("embedded");
    const first = only(await ran(gone, schedule, 1));
    open.splice(open.indexOf(gone), 1);
    await gone.close();
    await services("embedded");
    await close(without, first);
    await ran(without, schedule, 2);
  });
});

describe("an alarm", () => {
  const soon = () => new Date(Date.now() + 90_000);

  test("that was lost is set again: of a run that is near, and of one that waits and may start", async () => {
    const without = await services("off");
    const near = await make(without, { workflow: "passes", cron: "* * * * *" });
    const waiting = await make(without, { workflow: "passes", cron: FAR });
    await without.db.query("insert into schedule_waiting_runs values ($1, now(), 1, true)", [waiting.scheduleId]);
    for (const schedule of [near, waiting]) await forgetAlarm(without, schedule);
    await addLostAlarms(without.db, soon());
    expect((await jobOf(without, near))?.at).toEqual((await row(without, near)).next_run_at);
    expect((await jobOf(without, waiting))?.at.getTime()).toBeLessThan(soon().getTime());
    await services("embedded");
    await ran(without, waiting, 1);
    // The alarm that let it start has not taken the place of the next run's.
    await until("the next run's alarm is set", async () => {
      const [job, { next_run_at }] = [await jobOf(without, waiting), await row(without, waiting)];
      return job?.at.getTime() === next_run_at?.getTime();
    });
  });

  test("is left alone where it is as it should be, is far, or where its run has to wait", async () => {
    const without = await services("off");
    const near = await make(without, { workflow: "passes", cron: "* * * * *" });
    const far = await make(without, { workflow: "passes", cron: FAR });
    const busy = await make(without, { workflow: "stays", cron: FAR, overlap: "queue" });
    const paused = await make(without, { workflow: "passes", cron: FAR, overlap: "queue", paused: true });
    await without.db.query("insert into schedule_waiting_runs values ($1, now(), 1, false), ($2, now(), 1, false)", [
      busy.scheduleId,
      paused.scheduleId,
    ]);
    const { key } = await start(without, { workflow: "stays" });
    await without.db.query("insert into schedule_open_runs values ($1, $2, 1)", [busy.scheduleId, key]);
    for (const schedule of [far, busy, paused]) await forgetAlarm(without, schedule);
    const before = await jobOf(without, near);
    await addLostAlarms(without.db, soon());
    expect(await jobOf(without, near)).toEqual(before);
    for (const schedule of [far, busy, paused]) expect(await jobOf(without, schedule)).toBeUndefined();
  });

  test("of somebody who wants it looked at now is not put off by a job that ends and sets the next one", async () => {
    const without = await services("off");
    const schedule = await make(without, { workflow: "passes", cron: FAR });
    const { namespaceId, scheduleId } = schedule;
    const next = (await row(without, schedule)).next_run_at;
    await armSchedule(without.db, namespaceId, scheduleId, "now");
    expect(await armSchedule(without.db, namespaceId, scheduleId, "next-run")).toEqual(next);
    expect((await jobOf(without, schedule))?.at.getTime()).toBeLessThan(soon().getTime());
    await forgetAlarm(without, schedule);
    await armSchedule(without.db, namespaceId, scheduleId, "next-run");
    expect((await jobOf(without, schedule))?.at).toEqual(next);
  });

  test("is set with the schedule, or not at all", async () => {
    const without = await services("off");
    const schedule = await make(without, { workflow: "passes" });
    expect((await jobOf(without, schedule))?.at).toEqual((await row(without, schedule)).next_run_at);
    const again = await createSchedule(without, CALLER, { name: schedule.name, cron: FAR, workflow: "passes" });
    expect(again).toMatchObject({ ok: false, code: "NAME_TAKEN" });
    const same = await createSchedule(without, CALLER, { name: schedule.name, cron: "0 * * * *", workflow: "passes" });
    expect(value(same)).toEqual({ id: schedule.id, existed: true });
    const { rows } = await without.db.query("select from schedules where name = $1", [schedule.name]);
    expect(rows).toHaveLength(1);
  });
});
