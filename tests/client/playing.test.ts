/** A history is played at its own pace, but nobody waits through its gaps. */
import { describe, expect, it } from "vitest";
import { playOn, SPEEDS, speedFor } from "@/app/_execution/playing";
import type { HistoryEvent } from "@/lib/contract/history";

function at(...offsetsMs: number[]): HistoryEvent[] {
  const start = Date.parse("2026-01-01T00:00:00.000Z");
  return offsetsMs.map(
    (ms, index) => ({ sequence: index + 1, at: new Date(start + ms).toISOString() }) as unknown as HistoryEvent,
  );
}

describe("playing", () => {
  it("shows an event once its time has come, and keeps what is left over", () => {
    const events = at(0, 100, 300);
    expect(playOn(events, 1, 99, 1)).toEqual({ at: 1, leftMs: 99 });
    expect(playOn(events, 1, 150, 1)).toEqual({ at: 2, leftMs: 50 });
    expect(playOn(events, 2, 200, 1)).toEqual({ at: 3, leftMs: 0 });
  });

  it("waits a second for what came after three weeks, at any speed", () => {
    const events = at(0, 3 * 7 * 86_400_000);
    expect(playOn(events, 1, 999, 1).at).toBe(1);
    expect(playOn(events, 1, 1000, 1).at).toBe(2);
    expect(playOn(events, 1, 1000, 0.1).at).toBe(2);
  });

  it("shows at once what happened at once, and stops at the end", () => {
    expect(playOn(at(0, 0, 0), 1, 0, 1)).toEqual({ at: 3, leftMs: 0 });
    expect(playOn(at(0), 1, 5000, 1)).toEqual({ at: 1, leftMs: 5000 });
  });

  it("takes clocks that went back for no time at all", () => {
    expect(playOn(at(50, 0), 1, 0, 1).at).toBe(2);
  });

  it("chooses a speed by how much there is to see", () => {
    expect(speedFor(at(0, 500))).toBe(SPEEDS[0]);
    expect(speedFor(at(...Array.from({ length: 21 }, (_, index) => index * 1000)))).toBe(1);
    expect(speedFor(at(...Array.from({ length: 20_001 }, (_, index) => index * 1000)))).toBe(SPEEDS.at(-1));
  });
});
