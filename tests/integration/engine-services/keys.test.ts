// Keys are what rows are found by for ever: unique over processes, in order within one, whatever clocks do.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodeKey, KEY_EPOCH_MS, keyTime } from "@/lib/contract/ids";
import { Keys, NoSlot, SLOTS } from "@/lib/engine/process/keys";

const START = KEY_EPOCH_MS + 40_000_000_000;

function keysAt(ms: number) {
  const clock = { ms, now: () => clock.ms };
  return { clock, keys: new Keys(clock) };
}

describe("keys", () => {
  test("only grow, whatever the clock does and whichever slot is held", () => {
    const move = fc.oneof(
      fc.record({ clock: fc.integer({ min: -5_000, max: 5_000 }) }),
      fc.record({ slot: fc.integer({ min: 0, max: SLOTS - 1 }) }),
      fc.record({ make: fc.integer({ min: 1, max: 9_000 }) }),
    );
    fc.assert(
      fc.property(fc.array(move, { maxLength: 12 }), (moves) => {
        const { clock, keys } = keysAt(START);
        keys.holdSlot(7);
        let last = keys.next();
        let backwards = 0;
        for (const one of moves) {
          if ("clock" in one) clock.ms += one.clock;
          if ("slot" in one) keys.holdSlot(one.slot);
          if ("make" in one)
            for (let i = 0; i < one.make; i++) {
              const next = keys.next();
              if (next <= last) backwards++;
              last = next;
            }
        }
        expect(backwards).toBe(0);
      }),
      { numRuns: 50 },
    );
  });

  test("of two slots never meet, even in the same milliseconds", () => {
    const one = keysAt(START).keys;
    const other = keysAt(START).keys;
    one.holdSlot(3);
    other.holdSlot(4);
    const made = new Set<bigint>();
    for (let i = 0; i < 10_000; i++) made.add(one.next()).add(other.next());
    expect(made.size).toBe(20_000);
  });

  test("say when they were made, fit 63 bits and sort as text", () => {
    const { clock, keys } = keysAt(START);
    keys.holdSlot(SLOTS - 1);
    const first = keys.next();
    clock.ms += 1_000;
    const second = keys.next();
    expect(keyTime(second)).toBe(START + 1_000);
    expect(second < 1n << 63n).toBe(true);
    expect(encodeKey(first) < encodeKey(second)).toBe(true);
  });

  test("borrow from the next millisecond when one is used up", () => {
    const { keys } = keysAt(START);
    keys.holdSlot(0);
    const times = new Set(Array.from({ length: 4_097 }, () => keyTime(keys.next())));
    expect(times).toEqual(new Set([START, START + 1]));
  });

  test("are not made without a slot", () => {
    const { keys } = keysAt(START);
    expect(() => keys.next()).toThrow(NoSlot);
    keys.holdSlot(1);
    keys.next();
    keys.loseSlot();
    expect(() => keys.next()).toThrow(NoSlot);
  });
});
