/** The scrubber marks what one looks for, finds the next of it, and draws many as few. */
import { describe, expect, it } from "vitest";
import { addMark, bucketsOf, type Marks, markBeside, markOf, noMarks } from "@/app/_execution/moment-marks";
import type { EventData, EventType, HistoryEvent } from "@/lib/contract/history";

function event<T extends EventType>(sequence: number, type: T, data: EventData<T>): HistoryEvent {
  return { sequence, type, at: "2026-01-01T00:00:00.000Z", actor: "engine", command: 1, data } as HistoryEvent;
}

const step = { node: "a", iteration: 1 };
const error = { code: "E", message: "no" };
const failed = (sequence: number, retryAt: string | null) =>
  event(sequence, "StepAttemptFailed", { ...step, attempt: 1, error, retryAt });

function marks(...events: HistoryEvent[]): Marks {
  const found = noMarks();
  for (const each of events) addMark(found, each);
  return found;
}

describe("marks on the history", () => {
  it("tell a failure that is tried again from one that is final", () => {
    expect(markOf(failed(1, "2026-01-01T00:00:01.000Z"))).toBe("retrying");
    expect(markOf(failed(1, null))).toBe("failed");
    expect(markOf(event(1, "StepCompleted", step))).toBeNull();
    expect(markOf(event(1, "SleepStarted", { ...step, resumeAt: "2026-01-01T00:00:01.000Z" }))).toBe("waiting");
    expect(markOf(event(1, "ExecutionCancelRequested", {}))).toBe("decided");
  });

  it("pass over events of types that this page does not know", () => {
    expect(markOf({ ...failed(1, null), type: "StepDreamt" } as unknown as HistoryEvent)).toBeNull();
  });

  it("are found in both directions, never where one is", () => {
    const found = marks(failed(3, null), failed(7, null), failed(9, null));
    expect([2, 3, 7, 9].map((at) => markBeside(found, at, 1))).toEqual([3, 7, 9, null]);
    expect([2, 3, 7, 10].map((at) => markBeside(found, at, -1))).toEqual([null, null, 3, 9]);
  });

  it("lie together where the line has no room, as the gravest of them", () => {
    const found = marks(failed(1, "2026-01-01T00:00:01.000Z"), failed(2, null), failed(95, "2026-01-01T00:00:01.000Z"));
    expect(bucketsOf(found, 100, 10)).toEqual([
      { at: 5.5, kind: "failed", share: 0.2 },
      { at: 95.5, kind: "retrying", share: 0.1 },
    ]);
  });

  it("have each a place of its own in a short history", () => {
    expect(bucketsOf(marks(failed(1, null), failed(2, null)), 4, 160).map(({ at }) => at)).toEqual([1, 2]);
  });
});
