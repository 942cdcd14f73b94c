/** Instants keep their order on the scale; long idle time is drawn short, work never is. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ticks, timeScale } from "@/app/_execution/time-scale";

const DAY = 86_400_000;

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
    const gap = fc.tuple(fc.nat(1000), fc.nat(1000));
    fc.assert(
      fc.property(fc.array(gap, { maxLength: 20 }), fc.nat(10), fc.boolean(), (sizes, rest, shorten) => {
        let at = 0;
        const gaps = sizes.map(([work, idle]) => {
          const from = at + work;
          at = from + idle;
          return { from, to: at };
        });
        const end = Math.max(1, at + rest);
        const scale = timeScale(0, end, gaps, shorten);
        const xs = Array.from({ length: 50 }, (_, index) => scale.x((end * index) / 49));
        expect(xs.every((x, index) => x >= (xs[index - 1] ?? 0) - 1e-9)).toBe(true);
        expect(xs.at(-1)).toBeCloseTo(1);
      }),
    );
  });

  it("puts ticks at round times, apart from each other and outside of what is short", () => {
    const scale = timeScale(0, DAY + 2000, [{ from: 1000, to: DAY + 1000 }], true);
    const found = ticks(scale, 8, 0.05);
    expect(found[0]).toEqual({ ms: 0, x: 0 });
    expect(found.length).toBeGreaterThan(2);
    expect(found.every(({ x }, index) => index === 0 || x - (found[index - 1]?.x ?? 0) >= 0.05)).toBe(true);
  });

  it("gives a history of one instant a width", () => {
    expect(timeScale(5, 5, [], true).x(5)).toBe(0);
  });
});
