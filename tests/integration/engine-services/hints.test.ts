// Announcements, and the alarm that rings at the next deadline: nothing is missed, nothing rings too early.
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Announcement } from "@/lib/engine/door/door";
import { Announcements, decodeAnnouncement, encodeAnnouncement } from "@/lib/engine/process/announcements";
import { NextDue } from "@/lib/engine/process/next-due";
import { silent } from "./engine";

const never = new AbortController().signal;

describe("announcements", () => {
  test("are read by another process as they were written", () => {
    const announcement: Announcement = {
      executions: [
        { id: (1n << 62n) + 5n, sequence: 3, closed: false },
        { id: 7n, sequence: 9, closed: true },
      ],
      queues: [{ namespaceId: 1, queue: "default" }],
      changes: [
        { namespaceId: 1, rooms: ["executions", "queues"] },
        { namespaceId: 70_000, rooms: ["operations"] },
      ],
    };
    const { changes, ...committed } = announcement;
    expect(decodeAnnouncement(encodeAnnouncement(12, announcement))).toEqual({ slot: 12, committed, changes });
  });

  test("of the release before this one, which told of no rooms, say to look at all of them", () => {
    expect(decodeAnnouncement('{"p":3,"e":[],"q":[[1,"default"]]}')).toEqual({
      slot: 3,
      committed: { executions: [], queues: [{ namespaceId: 1, queue: "default" }] },
      changes: "all",
    });
    expect(decodeAnnouncement('{"p":3,"all":1}')).toEqual({ slot: 3, committed: "all", changes: "all" });
  });

  test("of a later release leave out rooms that are not known here", () => {
    expect(decodeAnnouncement(`{"p":3,"e":[],"q":[],"n":[[5,${(1 << 20) | 2}]]}`)?.changes).toEqual([
      { namespaceId: 5, rooms: ["approvals"] },
    ]);
  });

  test("that would be too long for a notification say to look at everything", () => {
    const executions = Array.from({ length: 1_000 }, (_, i) => ({ id: BigInt(i), sequence: 1, closed: false }));
    const changes: Announcement["changes"] = [{ namespaceId: 1, rooms: ["executions"] }];
    const payload = encodeAnnouncement(12, { executions, queues: [], changes });
    expect(Buffer.byteLength(payload)).toBeLessThan(8_000);
    expect(decodeAnnouncement(payload)).toEqual({ slot: 12, committed: "all", changes });
    const everywhere = executions.map((_, i): Announcement["changes"][number] => ({
      namespaceId: 100_000 + i,
      rooms: ["executions"],
    }));
    const longer = encodeAnnouncement(12, { executions, queues: [], changes: everywhere });
    expect(decodeAnnouncement(longer)).toEqual({ slot: 12, committed: "all", changes: "all" });
  });

  test.each(["", "null", "[]", "{}", '{"p":1}', '{"p":1,"e":3,"q":[]}', '{"p":1,"e":[[]],"q":[]'])(
    "of an unknown format are passed over: %s",
    (payload) => {
      expect(decodeAnnouncement(payload)).toBeNull();
    },
  );

  test("made between a look and the wait after it end the wait at once", async () => {
    const announcements = new Announcements();
    const watch = announcements.watch(1n);
    announcements.publish({ executions: [{ id: 1n, sequence: 2, closed: false }], queues: [], changes: [] });
    await watch.past(1, never);
    expect(watch.progress).toEqual({ sequence: 2, closed: false });
  });

  test("wake only those who wait for something earlier, and older news wakes nobody", async () => {
    const announcements = new Announcements();
    const watch = announcements.watch(1n);
    const woken: string[] = [];
    const second = watch.past(1, never).then(() => woken.push("past 1"));
    const fifth = watch.past(4, never).then(() => woken.push("past 4"));
    announcements.heard(1n, { sequence: 3, closed: false });
    await second;
    announcements.heard(1n, { sequence: 2, closed: true });
    expect(announcements.waitedFor()).toEqual([1n]);
    announcements.heard(1n, { sequence: 3, closed: true });
    await fifth;
    expect(woken).toEqual(["past 1", "past 4"]);
    expect(announcements.waitedFor()).toEqual([]);
  });
});

describe("the next deadline", () => {
  let now = 0;
  let rings: number[] = [];
  let stored: number[] = [];
  let due: NextDue;

  beforeEach(() => {
    vi.useFakeTimers({ now: 0, toFake: ["setTimeout", "clearTimeout", "Date"] });
    rings = [];
    stored = [];
    due = new NextDue({
      clock: { now: () => Date.now() },
      log: silent,
      ring: () => {
        rings.push(Date.now());
        // What is due is dealt with; what is not stays stored.
        if (handled) stored = stored.filter((at) => at > Date.now());
      },
      look: async (at) => ({
        overdue: stored.some((one) => one <= at),
        nextAt: stored.filter((one) => one > at).sort((a, b) => a - b)[0] ?? null,
      }),
    });
    handled = true;
    now = 0;
  });
  afterEach(() => {
    due.stop();
    vi.useRealTimers();
  });
  let handled = true;

  const arm = (at: number) => {
    stored.push(at);
    due.armed(at);
  };
  const pass = async (ms: number) => {
    now += ms;
    await vi.advanceTimersByTimeAsync(ms);
  };

  test("rings when it comes, and for the one after it", async () => {
    arm(1_000);
    arm(5_000);
    await pass(999);
    expect(rings).toEqual([]);
    await pass(10);
    expect(rings).toHaveLength(1);
    await pass(3_000);
    expect(rings).toHaveLength(1);
    await pass(1_000);
    expect(rings).toHaveLength(2);
  });

  test("rings for an earlier one that is armed later, and for one that another process armed", async () => {
    arm(5_000);
    arm(1_000);
    stored.push(500);
    due.lookSoon();
    await pass(510);
    expect(rings).toHaveLength(1);
    await pass(500);
    expect(rings).toHaveLength(2);
  });

  test("beyond what a timer can be set for does not ring at once", async () => {
    const far = 90 * 24 * 60 * 60 * 1000;
    arm(far);
    await pass(2 ** 31);
    expect(rings).toEqual([]);
    await pass(far - now + 10);
    expect(rings).toHaveLength(1);
  });

  test("that nobody deals with rings again, less and less often, and hides none behind it", async () => {
    handled = false;
    arm(1_000);
    arm(60_000);
    await pass(31_000);
    expect(rings.length).toBeGreaterThan(5);
    expect(rings.length).toBeLessThan(20);
    const before = rings.length;
    await pass(29_002);
    expect(rings.at(-1)).toBeGreaterThanOrEqual(60_000);
    expect(rings.length).toBeGreaterThan(before);
  });
});
