// A schedule's runs: each started once, whoever fires, however often, and whatever was down meanwhile.
import type { QueryConfig } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Queryable } from "@/db/client";
import { encodeId } from "@/lib/contract/ids";
import { type Door, OutcomeUnknown } from "@/lib/engine/door/door";
import { createGraphs } from "@/lib/engine/graphs";
import { deleteSchedule } from "@/lib/engine/schedule/delete-schedule";
import { type FirePorts, fireSchedule } from "@/lib/engine/schedule/fire-schedule";
import { updateSchedule } from "@/lib/engine/schedule/update-schedule";
import type { Services } from "@/lib/engine/services";
import { createDatabase, type TestDatabase } from "../../support/postgres";
import { CALLER, openServices, publish, task, transforms, value } from "../engine-services/engine";
import { fire, MovedClock, make, only, row, runs, scheduledTimes, under } from "./schedules";

let database: TestDatabase;
let processes: [Services, Services];
beforeAll(async () => {
  database = await createDatabase();
  processes = [
    await openServices(database.connectionString, "off"),
    await openServices(database.connectionString, "off"),
  ];
  await publish(processes[0], task("stays"));
  await publish(processes[0], transforms("passes"));
});
afterAll(async () => {
  await Promise.all(processes.map((services) => services?.close()));
  await database.drop();
});

/** A process whose schedules stand at that time. */
function at(instant: string): { services: Services; clock: MovedClock } {
  const clock = new MovedClock(Date.parse(instant));
  return { services: under(processes[0], clock), clock };
}

type StartDoor = FirePorts["door"];

function closed(door: Door): StartDoor {
  return { apply: (submission) => door.apply(submission), start: () => Promise.reject(new Error("down")) };
}

/** Starts, and lets nobody know. */
function losingAnswers(door: Door): StartDoor {
  return {
    apply: (submission) => door.apply(submission),
    async start(submission) {
      await door.start(submission);
      throw new OutcomeUnknown("lost");
    },
  };
}

async function archive({ db }: Services, workflow: string, archived = true) {
  await db.query("update workflows set archived_at = case when $2 then now() end where name = $1", [
    workflow,
    archived,
  ]);
}

/** A process remembers for a second which workflows there are; this one remembers nothing. */
function forgetful(services: Services): Services {
  return { ...services, graphs: createGraphs(services.db, services.clock) };
}

describe("a run", () => {
  test("starts one execution when its time has come, and none before", async () => {
    const { services, clock } = at("2026-11-24T09:30:00.000Z");
    const schedule = await make(services, {
      workflow: "passes",
      input: { report: "daily" },
      timezone: "Europe/Berlin",
    });
    expect((await row(services, schedule)).next_run_at).toEqual(new Date("2026-11-24T10:00:00Z"));
    clock.set("2026-11-24T09:59:59.999Z");
    await fire(services, schedule);
    expect(await runs(services, schedule)).toEqual([]);

    clock.set("2026-11-24T10:00:00.040Z");
    await fire(services, schedule);
    const run = only(await runs(services, schedule));
    expect(run).toMatchObject({ scheduledAt: "2026-11-24T10:00:00.000Z", actor: `schedule:${schedule.id}` });
    expect(await row(services, schedule)).toMatchObject({
      next_run_at: new Date("2026-11-24T11:00:00Z"),
      last_execution_id: run.id,
      last_error: null,
      waiting: 0,
      skipped: 0,
      missed: 0,
    });
    const { rows } = await services.db.query<{ data: string }>(
      "select data from events where execution_id = $1 and sequence = 1",
      [run.id],
    );
    expect(JSON.parse(rows[0]?.data ?? "")).toMatchObject({ workflow: "passes", input: { report: "daily" } });
  });

  test("starts once though two processes fire it at once, again and again", async () => {
    const { services, clock } = at("2026-11-24T09:30:00Z");
    const schedule = await make(services, { workflow: "stays", overlap: "allow" });
    for (const hour of [10, 11, 12]) {
      clock.set(`2026-11-24T${hour}:00:00Z`);
      const both = [services, under(processes[1], clock)];
      await Promise.all([...both, ...both, ...both].map((services) => fire(services, schedule)));
    }
    expect(await scheduledTimes(services, schedule)).toEqual([
      "2026-11-24T10:00:00.000Z",
      "2026-11-24T11:00:00.000Z",
      "2026-11-24T12:00:00.000Z",
    ]);
    expect(await row(services, schedule)).toMatchObject({ waiting: 0, skipped: 0, missed: 0 });
  });

  test("starts once though nobody learned that it had", async () => {
    const { services, clock } = at("2026-11-24T09:30:00Z");
    const schedule = await make(services, { workflow: "stays" });
    clock.set("2026-11-24T10:00:00Z");
    const losing = { ...services, door: losingAnswers(services.door) };
    await expect(fireSchedule(losing, schedule)).rejects.toThrow("lost");
    expect(await row(services, schedule)).toMatchObject({ waiting: 1, last_execution_id: null });

    clock.set("2026-11-24T10:00:30Z");
    await fire(services, schedule);
    const run = only(await runs(services, schedule));
    expect(await row(services, schedule)).toMatchObject({ waiting: 0, last_execution_id: run.id });
  });

  test("is counted as started though its workflow was archived before anybody learned it", async () => {
    const { services, clock } = at("2026-11-24T09:30:00Z");
    await publish(services, task("archived_soon"));
    const schedule = await make(services, { workflow: "archived_soon" });
    clock.set("2026-11-24T10:00:00Z");
    const losing = { ...services, door: losingAnswers(services.door) };
    await expect(fireSchedule(losing, schedule)).rejects.toThrow("lost");
    await archive(services, "archived_soon");
    await fire(forgetful(services), schedule);
    const run = only(await runs(services, schedule));
    expect(await row(services, schedule)).toMatchObject({ last_execution_id: run.id, last_error: null, waiting: 0 });
  });

  test("that was admitted and not started is started for its own instant, whenever that is", async () => {
    const { services, clock } = at("2026-11-24T09:30:00Z");
    const schedule = await make(services, { workflow: "stays" });
    clock.set("2026-11-24T10:00:00Z");
    const down = { ...services, door: closed(services.door) };
    await expect(fireSchedule(down, schedule)).rejects.toThrow("down");
    expect(await runs(services, schedule)).toEqual([]);
    clock.set("2026-11-24T10:20:00Z");
    await fire(services, schedule);
    expect(await scheduledTimes(services, schedule)).toEqual(["2026-11-24T10:00:00.000Z"]);
  });
});

describe("after an outage", () => {
  test("runs within the catch-up window are made up for in order, older ones are counted as missed", async () => {
    const { services, clock } = at("2026-11-24T05:30:00Z");
    const schedule = await make(services, { workflow: "passes", overlap: "allow", catchUpWindow: "150m" });
    clock.set("2026-11-24T12:10:00Z");
    await fire(services, schedule);
    expect(await scheduledTimes(services, schedule)).toEqual([
      "2026-11-24T10:00:00.000Z",
      "2026-11-24T11:00:00.000Z",
      "2026-11-24T12:00:00.000Z",
    ]);
    expect(await row(services, schedule)).toMatchObject({ missed: 4, next_run_at: new Date("2026-11-24T13:00:00Z") });
  });

  test("a run that is some seconds late is none that was missed, even without a window", async () => {
    const { services, clock } = at("2026-11-24T05:30:00Z");
    const schedule = await make(services, { workflow: "passes", catchUpWindow: 0 });
    clock.set("2026-11-24T06:00:05Z");
    await fire(services, schedule);
    clock.set("2026-11-24T07:00:11Z");
    await fire(services, schedule);
    expect(await scheduledTimes(services, schedule)).toEqual(["2026-11-24T06:00:00.000Z"]);
    expect(await row(services, schedule)).toMatchObject({ missed: 1 });
  });

  test("more than a portion is made up for, each run once", async () => {
    const { services, clock } = at("2026-11-24T05:30:00Z");
    const schedule = await make(services, { workflow: "passes", cron: "* * * * * *", overlap: "allow" });
    clock.time += 1_203_000;
    await fire(services, schedule);
    const times = await scheduledTimes(services, schedule);
    expect(times).toHaveLength(1_203);
    expect(new Set(times).size).toBe(1_203);
    expect(await row(services, schedule)).toMatchObject({ waiting: 0, missed: 0, skipped: 0 });
  });

  test("runs by the rules of the zone: what the clock skipped has run at the end of the gap", async () => {
    const { services, clock } = at("2026-03-27T12:00:00Z");
    const schedule = await make(services, {
      workflow: "passes",
      cron: "30 2 * * *",
      timezone: "Europe/Berlin",
      overlap: "allow",
      catchUpWindow: "7d",
    });
    clock.set("2026-03-30T12:00:00Z");
    await fire(services, schedule);
    expect(await scheduledTimes(services, schedule)).toEqual([
      "2026-03-28T01:30:00.000Z",
      "2026-03-29T01:00:00.000Z",
      "2026-03-30T00:30:00.000Z",
    ]);
  });
});

describe("a run that cannot be started", () => {
  test("is told with its reason, and does not stop the next", async () => {
    const { services, clock } = at("2026-11-24T09:30:00Z");
    await publish(services, transforms("comes_and_goes"));
    const schedule = await make(services, { workflow: "comes_and_goes" });
    await archive(services, "comes_and_goes");
    clock.set("2026-11-24T10:00:00Z");
    await fire(forgetful(services), schedule);
    const failed = await row(services, schedule);
    expect(JSON.parse(failed.last_error ?? "")).toEqual({
      runAt: "2026-11-24T10:00:00.000Z",
      code: "WORKFLOW_NOT_FOUND",
      message: "There is no workflow comes_and_goes.",
    });
    expect(failed).toMatchObject({ waiting: 0, last_execution_id: null });

    await archive(services, "comes_and_goes", false);
    clock.set("2026-11-24T11:00:00Z");
    await fire(forgetful(services), schedule);
    expect(await scheduledTimes(services, schedule)).toEqual(["2026-11-24T11:00:00.000Z"]);
    expect(await row(services, schedule)).toMatchObject({ last_error: null });
  });

  test("is one whose input a newer version no longer takes", async () => {
    const { services, clock } = at("2026-11-24T09:30:00Z");
    await publish(services, transforms("stricter"));
    const [latest, pinned] = [
      await make(services, { workflow: "stricter", input: 7 }),
      await make(services, { workflow: "stricter", input: 7, version: 1 }),
    ];
    await publish(services, { ...transforms("stricter"), inputSchema: { type: "string" } });
    clock.set("2026-11-24T10:00:00Z");
    await fire(services, latest);
    await fire(services, pinned);
    expect(JSON.parse((await row(services, latest)).last_error ?? "")).toMatchObject({
      code: "INVALID_INPUT",
      message: expect.stringContaining("/input"),
    });
    expect(await runs(services, latest)).toEqual([]);
    expect(await runs(services, pinned)).toHaveLength(1);
  });
});

describe("a change", () => {
  test("to paused stops it at once; resumed it goes on from then, with nothing to make up for", async () => {
    const { services, clock } = at("2026-11-24T09:30:00Z");
    const schedule = await make(services, { workflow: "passes" });
    const change = (patch: Parameters<typeof updateSchedule>[3]) =>
      updateSchedule(services, CALLER, schedule.id, patch);
    value(await change({ paused: true, pauseReason: "broken upstream" }));
    expect(await row(services, schedule)).toMatchObject({ next_run_at: null, pause_reason: "broken upstream" });
    clock.set("2026-11-24T15:00:00Z");
    await fire(services, schedule);
    expect(await runs(services, schedule)).toEqual([]);

    clock.set("2026-11-24T15:30:00Z");
    value(await change({ paused: false }));
    expect(await row(services, schedule)).toMatchObject({
      next_run_at: new Date("2026-11-24T16:00:00Z"),
      pause_reason: null,
      missed: 0,
    });
  });

  test("of its times counts the next one anew, and of nothing else leaves it", async () => {
    const { services, clock } = at("2026-11-24T09:30:00Z");
    const schedule = await make(services, { workflow: "passes" });
    const next = async () => (await row(services, schedule)).next_run_at?.toISOString();
    value(await updateSchedule(services, CALLER, schedule.id, { timezone: "Asia/Kolkata" }));
    expect(await next()).toBe("2026-11-24T10:30:00.000Z");
    value(await updateSchedule(services, CALLER, schedule.id, { cron: "15 * * * *" }));
    expect(await next()).toBe("2026-11-24T09:45:00.000Z");
    clock.set("2026-11-24T10:50:00Z");
    value(await updateSchedule(services, CALLER, schedule.id, { overlap: "allow", input: 5, cron: "15 * * * *" }));
    expect(await next()).toBe("2026-11-24T09:45:00.000Z");
  });

  test("between the look at a schedule and the move to its next run makes the look void", async () => {
    const { services, clock } = at("2026-11-24T09:30:00Z");
    const schedule = await make(services, { workflow: "passes" });
    clock.set("2026-11-24T10:00:00Z");
    let changed = false;
    const query = async (config: { name?: string }) => {
      if (config.name === "advance-schedule" && !changed) {
        changed = true;
        value(await updateSchedule(services, CALLER, schedule.id, { cron: "45 * * * *" }));
      }
      return services.db.query(config as QueryConfig);
    };
    const interrupted = { ...services, db: { query } as unknown as Queryable };
    await fire(interrupted, schedule);
    expect(changed).toBe(true);
    expect(await runs(services, schedule)).toEqual([]);
    expect((await row(services, schedule)).next_run_at).toEqual(new Date("2026-11-24T10:45:00Z"));
  });

  test("by two people at once loses neither", async () => {
    const { services } = at("2026-11-24T09:30:00Z");
    const schedule = await make(services, { workflow: "passes" });
    const patches = [{ input: 1 }, { overlap: "queue" }, { catchUpWindow: "5m" }, { timezone: "Asia/Tokyo" }] as const;
    await Promise.all(patches.map((patch) => updateSchedule(services, CALLER, schedule.id, patch)));
    expect(await row(services, schedule)).toMatchObject({
      input: "1",
      overlap: "queue",
      catch_up_window: '"5m"',
      timezone: "Asia/Tokyo",
    });
  });
});

describe("a schedule that is gone", () => {
  test("fires nothing more, and what it started goes on", async () => {
    const { services, clock } = at("2026-11-24T09:30:00Z");
    const schedule = await make(services, { workflow: "stays" });
    clock.set("2026-11-24T10:00:00Z");
    await fire(services, schedule);
    value(await deleteSchedule(services, CALLER, schedule.id));
    clock.set("2026-11-24T11:00:00Z");
    expect(await fire(services, schedule)).toEqual({ more: false, blockedBy: null });
    expect(only(await runs(services, schedule))).toMatchObject({ open: true });
    const { rows } = await services.db.query("select from graphile_worker.jobs where key = $1", [
      `schedule:${schedule.scheduleId}`,
    ]);
    expect(rows).toEqual([]);
  });

  test("of another namespace is none that one could change or remove", async () => {
    const { services } = at("2026-11-24T09:30:00Z");
    const schedule = await make(services, { workflow: "passes" });
    const stranger = { namespaceId: 999, actor: "key:stranger" };
    for (const outcome of [
      await updateSchedule(services, stranger, schedule.id, { paused: true }),
      await deleteSchedule(services, stranger, schedule.id),
      await deleteSchedule(services, CALLER, encodeId("schedule", 5n)),
    ])
      expect(outcome).toMatchObject({ ok: false, code: "SCHEDULE_NOT_FOUND" });
    expect(await row(services, schedule)).toMatchObject({ paused: false });
  });
});
