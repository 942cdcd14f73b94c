/** Instants keep their order on the scale; long idle time is drawn short, work never is. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { idleGaps, timeScale as scaleWith, ticks, zoomed } from "@/app/_execution/time-scale";
import type { Gap } from "@/app/_execution/timeline-model";
import { moveBy, readWindow, windowBetween, writeWindow, zoomBy } from "@/app/_execution/zoom-window";

const DAY = 86_400_000;

/** With all long gaps drawn short where the history is mostly idle, as it is shown by itself. */
function timeScale(from: number, until: number, gaps: readonly Gap[], shorten: boolean) {
  const { long, mostlyIdle } = idleGaps(from, until, gaps);
  return scaleWith(from, until, shorten && mostlyIdle ? long : []);
}

/** Work and idle time in turns. */
const history = fc
  .tuple(fc.array(fc.tuple(fc.nat(1000), fc.nat(1000)), { maxLength: 20 }), fc.nat(10))
  .map(([sizes, rest]) => {
    let at = 0;
    const gaps = sizes.map(([work, idle]) => {
      const from = at + work;
      at = from + idle;
      return { from, to: at };
    });
    return { gaps, end: Math.max(1, at + rest) };
  });

describe("time scale", () => {
  it("is linear where the history is mostly work", () => {
    const scale = timeScale(0, 1000, [{ from: 400, to: 600 }], true);
    expect(scale.x(250)).toBeCloseTo(0.25);
    expect(scale.x(1000)).toBeCloseTo(1);
  });

  it("draws a day of sleep short, so that the seconds of work around it can be seen", () => {
    const scale = timeScale(0, DAY + 2000, [{ from: 1000, to: DAY + 1000 }], true);
    expect(scale.x(1000)).toBeGreaterThan(0.4);
    expect(scale.pieces.map((piece) => piece.short)).toEqual([false, true, false]);
  });

  it("draws it to scale when asked to", () => {
    const scale = timeScale(0, DAY + 2000, [{ from: 1000, to: DAY + 1000 }], false);
    expect(scale.x(1000)).toBeLessThan(0.001);
  });

  it("draws it to scale where there is nothing but idle time: shortened, it would leave the rest of the width empty", () => {
    const halves = [0, DAY / 2].map((from) => ({ from, to: from + DAY / 2 }));
    const scale = timeScale(0, DAY, halves, true);
    expect(scale.pieces).toEqual([{ from: 0, to: DAY, x: 0, width: 1, short: false }]);
  });

  it("treats a gap that lasts as reaching to the end", () => {
    const scale = timeScale(0, DAY, [{ from: 1000, to: null }], true);
    expect(scale.pieces.at(-1)).toMatchObject({ from: 1000, to: DAY, short: true });
  });

  it("never turns the order of two instants, whatever the gaps", () => {
    fc.assert(
      fc.property(history, fc.boolean(), ({ gaps, end }, shorten) => {
        const scale = timeScale(0, end, gaps, shorten);
        const xs = Array.from({ length: 50 }, (_, index) => scale.x((end * index) / 49));
        expect(xs.every((x, index) => x >= (xs[index - 1] ?? 0) - 1e-9)).toBe(true);
        expect(xs.at(-1)).toBeCloseTo(1);
      }),
    );
  });

  it("finds the instant of each place again, whichever gaps are drawn short", () => {
    fc.assert(
      fc.property(history, fc.nat(20), fc.double({ min: 0, max: 1, noNaN: true }), ({ gaps, end }, some, x) => {
        const scale = scaleWith(0, end, idleGaps(0, end, gaps).long.slice(0, some));
        expect(scale.x(scale.at(x))).toBeCloseTo(x, 5);
      }),
    );
  });

  it("draws one gap short and leaves the other to scale", () => {
    const scale = scaleWith(0, 1000, [{ from: 100, to: 500 }]);
    expect(scale.x(500) - scale.x(100)).toBeLessThan(0.1);
    expect(scale.x(900) - scale.x(500)).toBeGreaterThan(0.5);
  });

  it("draws nothing short where nothing else would be left", () => {
    expect(scaleWith(0, 1000, [{ from: 0, to: 1000 }]).pieces).toMatchObject([{ short: false, width: 1 }]);
  });

  it("puts ticks at round times, apart from each other and outside of what is short", () => {
    const scale = timeScale(0, DAY + 2000, [{ from: 1000, to: DAY + 1000 }], true);
    const found = ticks(scale, 8, 0.05);
    expect(found[0]).toEqual({ at: 0, x: 0 });
    expect(found.length).toBeGreaterThan(2);
    expect(found.every(({ x }, index) => index === 0 || x - (found[index - 1]?.x ?? 0) >= 0.05)).toBe(true);
  });

  it("gives a history of one instant a width", () => {
    expect(timeScale(5, 5, [], true).x(5)).toBe(0);
  });
});

describe("the window of a zoomed timeline", () => {
  const gaps = [{ from: 1000, to: DAY + 1000 }];
  const whole = scaleWith(0, DAY + 2000, gaps);

  it("fills the width with what it shows", () => {
    const scale = zoomed(whole, { from: 200, to: 700 });
    expect(scale.x(200)).toBe(0);
    expect(scale.x(450)).toBeCloseTo(0.5);
    expect(scale.x(700)).toBe(1);
    expect(scale.x(DAY)).toBe(1);
  });

  it("shows an instant where the whole scale has it, in order, for any window", () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(history, share, share, share, ({ gaps: own, end }, a, b, x) => {
        const full = timeScale(0, end, own, true);
        const window = windowBetween(full, a, b);
        fc.pre(window !== null && full.x(window.to) - full.x(window.from) > 1e-6);
        const scale = zoomed(full, window);
        const at = scale.at(x);
        expect(at).toBeGreaterThanOrEqual((window?.from ?? 0) - 1e-6);
        expect(at).toBeLessThanOrEqual((window?.to ?? 0) + 1e-6);
        expect(scale.x(at)).toBeCloseTo(x, 4);
      }),
    );
  });

  it("keeps what lies under the pointer where it is", () => {
    const window = { from: 200, to: 700 };
    const before = zoomed(whole, window).at(0.25);
    const after = zoomed(whole, zoomBy(whole, window, 0.5, 0.25)).at(0.25);
    expect(after).toBeCloseTo(before, 3);
  });

  it("shows all again when it is zoomed out far enough", () => {
    expect(zoomBy(whole, { from: 200, to: 700 }, 1000)).toBeNull();
  });

  it("stops at what can be told apart", () => {
    let window = windowBetween(whole, 0.1, 0.2);
    for (let times = 0; times < 60; times++) window = zoomBy(whole, window, 0.5);
    expect((window?.to ?? 0) - (window?.from ?? 0)).toBeGreaterThanOrEqual(2);
  });

  it("stops at the ends when it is moved, and keeps its width", () => {
    const moved = moveBy(whole, { from: 100, to: 300 }, -5);
    expect(moved?.from).toBeCloseTo(0);
    expect(moved?.to).toBeCloseTo(200);
  });

  it("comes back from a link as it was written, and a broken link shows all", () => {
    expect(writeWindow({ from: 1200, to: 5400 }, 1000)).toBe("200-4400");
    expect(readWindow("200-4400", 1000)).toEqual({ from: 1200, to: 5400 });
    for (const broken of [null, "", "5", "9-3", "a-b", "-5-9"]) expect(readWindow(broken, 0)).toBeNull();
  });

  it("puts clock ticks at round times of the day, wherever it began", () => {
    const found = ticks(scaleWith(12_345, 72_345, []), 6, 0.05, 0);
    expect(found.length).toBeGreaterThan(2);
    expect(found.every(({ at }) => at % 10_000 === 0)).toBe(true);
  });
});
