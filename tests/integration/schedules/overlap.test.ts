// A run while an earlier one is open: skipped, queued, in its place, or beside it; and runs made up for by hand.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Overlap } from "@/lib/contract/schedules";
import { QUEUE_MAX } from "@/lib/core/schedule/overlap";
import { backfillSchedule } from "@/lib/engine/schedule/backfill-schedule";
import { triggerSchedule } from "@/lib/engine/schedule/trigger-schedule";
import { updateSchedule } from "@/lib/engine/schedule/update-schedule";
import { createServices, type Services } from "@/lib/engine/services";
import { createDatabase, type TestDatabase } from "../../support/postgres";
import { CALLER, publish, silent, task, transforms, value } from "../engine-services/engine";
import { close, fire, type Made, MovedClock, make, only, row, runs, scheduledTimes, under } from "./schedules";

let database: TestDatabase;
let engine: Services;
beforeAll(async () => {
  database = await createDatabase();
  engine = await createServices({ databaseUrl: database.connectionString, engine: "off" }, { log: silent });
  await publish(engine, task("stays"));
  await publish(engine, transforms("passes"));
});
afterAll(async () => {
  await engine?.close();
  await database.drop();
});

interface Room {
  services: Services;
  clock: MovedClock;
  schedule: Made;
  /** Lets the schedule see that hour of the day, and with it all that came due. */
  passes(hour: number): Promise<void>;
}

async function room(overlap: Overlap, workflow = "stays"): Promise<Room> {
  const clock = new MovedClock(Date.parse("2026-11-24T09:30:00Z"));
  const services = under(engine, clock);
  const schedule = await make(services, { workflow, overlap });
  const passes = async (hour: number) => {
    clock.set(`2026-11-24T${hour}:00:00Z`);
    await fire(services, schedule);
  };
  return { services, clock, schedule, passes };
}

const hour = (hour: number) => `2026-11-24T${String(hour).padStart(2, "0")}:00:00.000Z`;
const openOnes = async ({ services, schedule }: Room) =>
  (await runs(services, schedule)).filter(({ open }) => open).map(({ scheduledAt }) => scheduledAt);

describe("skip", () => {
  test("leaves out runs while one is open, counts them, and goes on once it has closed", async () => {
    const { services, schedule, passes } = await room("skip");
    for (const at of [10, 11, 12]) await passes(at);
    expect(await scheduledTimes(services, schedule)).toEqual([hour(10)]);
    expect(await row(services, schedule)).toMatchObject({ skipped: 2, waiting: 0 });
    await close(services, only(await runs(services, schedule)));
    await passes(13);
    expect(await scheduledTimes(services, schedule)).toEqual([hour(10), hour(13)]);
  });

  test("starts one of several that came due in an outage", async () => {
    const { services, schedule, passes } = await room("skip");
    await passes(14);
    expect(await scheduledTimes(services, schedule)).toEqual([hour(10)]);
    expect(await row(services, schedule)).toMatchObject({ skipped: 4 });
  });

  test("is not held up by an execution that ended as it began", async () => {
    const { services, schedule, passes } = await room("skip", "passes");
    for (const at of [10, 11]) await passes(at);
    expect(await scheduledTimes(services, schedule)).toEqual([hour(10), hour(11)]);
  });
});

describe("queue", () => {
  test("starts one after the other, in order, each when the one before has closed", async () => {
    const { services, schedule, passes } = await room("queue");
    await passes(12);
    const first = only(await runs(services, schedule));
    expect(first).toMatchObject({ scheduledAt: hour(10) });
    expect(await row(services, schedule)).toMatchObject({ waiting: 2, skipped: 0 });
    expect(await fire(services, schedule)).toEqual({ more: false, blockedBy: first.id });

    await close(services, first);
    expect(await fire(services, schedule)).toMatchObject({ blockedBy: expect.any(BigInt) });
    expect(await scheduledTimes(services, schedule)).toEqual([hour(10), hour(11)]);
    await close(services, (await runs(services, schedule))[1] ?? first);
    expect(await fire(services, schedule)).toEqual({ more: false, blockedBy: null });
    expect(await scheduledTimes(services, schedule)).toEqual([hour(10), hour(11), hour(12)]);
  });

  test("holds a bounded number; what comes due beyond is skipped", async () => {
    const { services, clock, schedule } = await room("queue");
    value(await updateSchedule(services, CALLER, schedule.id, { cron: "* * * * * *" }));
    clock.time += (QUEUE_MAX + 50) * 1000;
    await fire(services, schedule);
    // The first has left the queue by the time that the second portion looks for room.
    expect(await row(services, schedule)).toMatchObject({ waiting: QUEUE_MAX, skipped: 49 });
    expect(await runs(services, schedule)).toHaveLength(1);
  });

  test("stands still while the schedule is paused", async () => {
    const { services, clock, schedule, passes } = await room("queue");
    await passes(11);
    value(await updateSchedule(services, CALLER, schedule.id, { paused: true }));
    await close(services, only(await runs(services, schedule)));
    expect(await fire(services, schedule)).toEqual({ more: false, blockedBy: null });
    expect(await runs(services, schedule)).toHaveLength(1);
    clock.set("2026-11-24T15:30:00Z");
    value(await updateSchedule(services, CALLER, schedule.id, { paused: false }));
    await fire(services, schedule);
    expect(await scheduledTimes(services, schedule)).toEqual([hour(10), hour(11)]);
  });
});

describe("cancel_previous", () => {
  test("cancels the open one and starts the new, in the schedule's name", async () => {
    const made = await room("cancel_previous");
    const { services, schedule, passes } = made;
    for (const at of [10, 11]) await passes(at);
    expect(await scheduledTimes(services, schedule)).toEqual([hour(10), hour(11)]);
    expect(await openOnes(made)).toEqual([hour(11)]);
    const [first] = await runs(services, schedule);
    const { rows } = await services.db.query<{ actor: string; data: string }>(
      "select actor, data from events where execution_id = $1 and type = 'ExecutionCancelRequested'",
      [first?.id],
    );
    expect(only(rows)).toMatchObject({ actor: `schedule:${schedule.id}` });
  });

  test("of several that came due starts the last only", async () => {
    const { services, schedule, passes } = await room("cancel_previous");
    await passes(13);
    expect(await scheduledTimes(services, schedule)).toEqual([hour(13)]);
    expect(await row(services, schedule)).toMatchObject({ skipped: 3 });
  });
});

describe("allow", () => {
  test("starts each, whatever is open", async () => {
    const made = await room("allow");
    for (const at of [10, 11, 13]) await made.passes(at);
    expect(await openOnes(made)).toEqual([hour(10), hour(11), hour(12), hour(13)]);
  });
});

describe("a trigger", () => {
  test.each(["skip", "queue", "cancel_previous", "allow"] as const)(
    "starts at once with %s, though one is open",
    async (overlap) => {
      const { services, schedule, passes } = await room(overlap);
      await passes(10);
      const { executionId } = value(await triggerSchedule(services, CALLER, schedule.id, null));
      const all = await runs(services, schedule);
      expect(all.map(({ scheduledAt, actor, open }) => [scheduledAt, actor, open])).toEqual([
        [hour(10), `schedule:${schedule.id}`, true],
        [null, CALLER.actor, true],
      ]);
      expect(executionId).toMatch(/^exe_/);
      expect(await row(services, schedule)).toMatchObject({ last_execution_id: all[1]?.id });
    },
  );

  test("counts as open for the schedule's next run", async () => {
    const { services, schedule, passes } = await room("skip");
    value(await triggerSchedule(services, CALLER, schedule.id, null));
    await passes(10);
    expect(await row(services, schedule)).toMatchObject({ skipped: 1 });
    await close(services, only(await runs(services, schedule)));
    await passes(11);
    expect(await scheduledTimes(services, schedule)).toEqual([null, hour(11)]);
  });

  test("works while the schedule is paused, and with one key starts once", async () => {
    const { services, schedule } = await room("skip");
    value(await updateSchedule(services, CALLER, schedule.id, { paused: true }));
    const [one, again] = [
      value(await triggerSchedule(services, CALLER, schedule.id, "by hand")),
      value(await triggerSchedule(services, CALLER, schedule.id, "by hand")),
    ];
    expect(again).toEqual({ executionId: one.executionId, existed: true });
    expect(await runs(services, schedule)).toHaveLength(1);
  });
});

describe("a backfill", () => {
  const between = (room: Room, from: number, to: number) =>
    backfillSchedule(room.services, CALLER, room.schedule.id, { from: hour(from), to: hour(to) });

  test("runs each instant from the first to the last, both included, in order", async () => {
    const made = await room("allow");
    expect(value(await between(made, 3, 6)).times).toEqual([hour(3), hour(4), hour(5), hour(6)]);
    await fire(made.services, made.schedule);
    expect(await openOnes(made)).toEqual([hour(3), hour(4), hour(5), hour(6)]);
  });

  test("runs none again that was started, by the schedule or by an earlier backfill", async () => {
    const made = await room("allow", "passes");
    const { services, schedule, passes } = made;
    await passes(10);
    for (const from of [8, 9]) {
      value(await between(made, from, 10));
      await fire(services, schedule);
    }
    expect((await scheduledTimes(services, schedule)).sort()).toEqual([hour(8), hour(9), hour(10)]);
    expect(await row(services, schedule)).toMatchObject({ waiting: 0 });
  });

  test.each(["skip", "queue"] as const)("goes one by one with %s, and skips nothing", async (overlap) => {
    const made = await room(overlap);
    const { services, schedule } = made;
    value(await between(made, 1, 3));
    for (const at of [1, 2, 3]) {
      await fire(services, schedule);
      expect(await openOnes(made)).toEqual([hour(at)]);
      const all = await runs(services, schedule);
      await close(services, all.at(-1) ?? only(all));
    }
    expect(await row(services, schedule)).toMatchObject({ waiting: 0, skipped: 0 });
  });

  test("cancels nothing, and is cancelled for by the schedule's own run", async () => {
    const made = await room("cancel_previous");
    const { services, schedule, passes } = made;
    value(await between(made, 1, 2));
    await fire(services, schedule);
    expect(await openOnes(made)).toEqual([hour(1)]);
    await passes(10);
    expect(await openOnes(made)).toEqual([hour(10)]);
    expect(await row(services, schedule)).toMatchObject({ waiting: 1 });
  });

  test("works while the schedule is paused", async () => {
    const made = await room("allow");
    value(await updateSchedule(made.services, CALLER, made.schedule.id, { paused: true }));
    value(await between(made, 1, 2));
    await fire(made.services, made.schedule);
    expect(await openOnes(made)).toEqual([hour(1), hour(2)]);
  });

  test("waits for earlier ones where there are too many", async () => {
    const made = await room("queue");
    value(await updateSchedule(made.services, CALLER, made.schedule.id, { cron: "* * * * *" }));
    const back = (from: string, to: string) => backfillSchedule(made.services, CALLER, made.schedule.id, { from, to });
    value(await back("2026-11-23T00:00:00Z", "2026-11-23T09:59:00Z"));
    expect(await back("2026-11-22T00:00:00Z", "2026-11-22T09:59:00Z")).toMatchObject({ code: "TOO_MANY_REQUESTS" });
    expect(await row(made.services, made.schedule)).toMatchObject({ waiting: 600 });
  });

  test.each([
    ["a range that ends before it begins", "2026-11-24T08:00:00Z", "2026-11-24T07:00:00Z", "RANGE"],
    ["the future", "2026-11-24T08:00:00Z", "2026-11-24T12:00:00Z", "FUTURE"],
    ["more than a thousand runs", "2026-01-01T00:00:00Z", "2026-11-24T00:00:00Z", "TOO_MANY"],
  ])("refuses %s", async (_, from, to, code) => {
    const { services, schedule } = await room("allow");
    const outcome = await backfillSchedule(services, CALLER, schedule.id, { from, to });
    expect(outcome).toMatchObject({ ok: false, code: "INVALID_REQUEST", errors: [{ path: "/to", code }] });
    expect(await row(services, schedule)).toMatchObject({ waiting: 0 });
  });
});
