// What is made up for after an outage, and what happens to a run while an earlier one is open.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OVERLAPS, type Overlap } from "@/lib/contract/schedules";
import { DUE_AT_ONCE, dueRuns, MISSED_COUNTED, PUNCTUAL_MS } from "@/lib/core/schedule/due-runs";
import { admitRuns, QUEUE_MAX, runsToStart, type WaitingRun } from "@/lib/core/schedule/overlap";

const MINUTE_MS = 60_000;
const NOON = Date.parse("2026-11-24T12:00:00Z");
const eachMinute = (after: number) => (Math.floor(after / MINUTE_MS) + 1) * MINUTE_MS;
const since = (minutes: number) => NOON - minutes * MINUTE_MS;

describe("what has come due", () => {
  it("is one run where the schedule is on time", () => {
    const due = dueRuns({ nextRunAt: NOON, catchUpWindowMs: 0 }, NOON + 40, eachMinute);
    expect(due).toEqual({ runs: [NOON], missed: 0, nextRunAt: NOON + MINUTE_MS });
  });

  it("is nothing before its time", () => {
    const due = dueRuns({ nextRunAt: NOON, catchUpWindowMs: 0 }, NOON - 1, eachMinute);
    expect(due).toEqual({ runs: [], missed: 0, nextRunAt: NOON });
  });

  it("is made up for in order within the catch-up window, and counted as missed beyond it", () => {
    const due = dueRuns({ nextRunAt: since(30), catchUpWindowMs: 3 * MINUTE_MS }, NOON, eachMinute);
    expect(due).toEqual({ runs: [since(3), since(2), since(1), NOON], missed: 27, nextRunAt: NOON + MINUTE_MS });
  });

  it("counts as on time for some seconds, however short the window", () => {
    const window = { nextRunAt: NOON, catchUpWindowMs: 0 };
    expect(dueRuns(window, NOON + PUNCTUAL_MS, eachMinute)).toMatchObject({ runs: [NOON], missed: 0 });
    expect(dueRuns(window, NOON + PUNCTUAL_MS + 1, eachMinute)).toMatchObject({ runs: [], missed: 1 });
  });

  it("is taken in portions, so that a long outage holds nobody up", () => {
    const first = dueRuns({ nextRunAt: since(2_500), catchUpWindowMs: 10_000 * MINUTE_MS }, NOON, eachMinute);
    expect(first.runs).toHaveLength(DUE_AT_ONCE);
    expect(first).toMatchObject({ missed: 0, nextRunAt: since(2_500 - DUE_AT_ONCE) });
  });

  it("that is too old is counted up to a bound and then passed over", () => {
    const due = dueRuns({ nextRunAt: since(1_000_000), catchUpWindowMs: MINUTE_MS }, NOON, eachMinute);
    expect(due).toEqual({ runs: [since(1), NOON], missed: MISSED_COUNTED, nextRunAt: NOON + MINUTE_MS });
  });

  it("ends where the schedule does", () => {
    const once = (after: number) => (after < NOON ? NOON : null);
    expect(dueRuns({ nextRunAt: NOON, catchUpWindowMs: 0 }, NOON, once)).toEqual({
      runs: [NOON],
      missed: 0,
      nextRunAt: null,
    });
  });

  it("loses no run and repeats none, however the looks are spread", () => {
    const looks = fc.uniqueArray(fc.integer({ min: 0, max: 200 * MINUTE_MS }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(looks, fc.integer({ min: 0, max: 60 }), (looks, window) => {
        let nextRunAt = NOON;
        let seen = 0;
        const last = Math.max(...looks);
        for (const look of [...looks].sort((a, b) => a - b)) {
          const due = dueRuns({ nextRunAt, catchUpWindowMs: window * MINUTE_MS }, NOON + look, eachMinute);
          seen += due.runs.length + due.missed;
          for (const [i, run] of due.runs.entries()) expect(run - (due.runs[0] ?? 0)).toBe(i * MINUTE_MS);
          nextRunAt = due.nextRunAt ?? Number.NaN;
          expect(nextRunAt).toBeGreaterThan(NOON + look);
        }
        expect(seen).toBe(Math.floor(last / MINUTE_MS) + 1);
      }),
    );
  });
});

describe("a run that comes due while an earlier one is open", () => {
  const due = [1, 2, 3];
  const admit = (overlap: Overlap, state: { open: boolean; waiting: number }) => admitRuns(overlap, due, state);
  const idle = { open: false, waiting: 0 };
  const busy = { open: true, waiting: 0 };

  it("is skipped with skip, and so is every run but the first of several at once", () => {
    expect(admit("skip", busy)).toEqual({ admitted: [], skipped: 3 });
    expect(admit("skip", idle)).toEqual({ admitted: [1], skipped: 2 });
    expect(admit("skip", { open: false, waiting: 1 })).toEqual({ admitted: [], skipped: 3 });
  });

  it("waits with queue, until the queue is full", () => {
    expect(admit("queue", busy)).toEqual({ admitted: due, skipped: 0 });
    expect(admit("queue", { open: true, waiting: QUEUE_MAX - 1 })).toEqual({ admitted: [1], skipped: 2 });
    expect(admit("queue", { open: true, waiting: QUEUE_MAX + 5 })).toEqual({ admitted: [], skipped: 3 });
  });

  it("takes its place with cancel_previous: of several only the last is worth a start", () => {
    expect(admit("cancel_previous", busy)).toEqual({ admitted: [3], skipped: 2 });
  });

  it("runs beside it with allow", () => {
    expect(admit("allow", busy)).toEqual({ admitted: due, skipped: 0 });
  });

  it("nothing comes of nothing", () => {
    for (const overlap of OVERLAPS) expect(admitRuns(overlap, [], busy)).toEqual({ admitted: [], skipped: 0 });
  });
});

describe("of the runs that wait", () => {
  const scheduled: WaitingRun = { runAt: 2, backfill: false };
  const backfill: WaitingRun = { runAt: 1, backfill: true };
  const later: WaitingRun = { runAt: 3, backfill: false };
  const start = (overlap: Overlap, waiting: WaitingRun[], open: boolean, paused = false) =>
    runsToStart({ overlap, paused }, waiting, open);

  it.each(["skip", "queue"] as const)("one starts with %s, once nothing is open", (overlap) => {
    expect(start(overlap, [scheduled, later], false)).toEqual({
      runs: [scheduled],
      cancelOpen: false,
      blocked: false,
    });
    expect(start(overlap, [scheduled, later], true)).toEqual({ runs: [], cancelOpen: false, blocked: true });
  });

  it("all start with allow", () => {
    expect(start("allow", [backfill, scheduled], true)).toMatchObject({ runs: [backfill, scheduled], blocked: false });
  });

  it("a scheduled one cancels what is open with cancel_previous, and goes before backfills", () => {
    expect(start("cancel_previous", [backfill, scheduled], true)).toMatchObject({
      runs: [scheduled],
      cancelOpen: true,
    });
    expect(start("cancel_previous", [scheduled], false)).toMatchObject({ runs: [scheduled], cancelOpen: false });
  });

  it("a backfill cancels nothing: it waits until nothing is open", () => {
    expect(start("cancel_previous", [backfill], true)).toEqual({ runs: [], cancelOpen: false, blocked: true });
    expect(start("cancel_previous", [backfill], false)).toMatchObject({ runs: [backfill], cancelOpen: false });
  });

  it("only backfills start while the schedule is paused, and nothing else waits for a close", () => {
    for (const overlap of OVERLAPS) {
      expect(start(overlap, [backfill, scheduled], false, true).runs).toEqual([backfill]);
      expect(start(overlap, [scheduled], true, true)).toMatchObject({ runs: [], cancelOpen: false, blocked: false });
    }
  });

  it("nothing starts of nothing", () => {
    for (const overlap of OVERLAPS) expect(start(overlap, [], true)).toMatchObject({ runs: [], blocked: false });
  });
});
