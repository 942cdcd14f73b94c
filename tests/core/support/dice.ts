/** Choices read off a list of numbers: random where fast-check makes them, repeatable, and simpler as they shrink to 0. */
import fc from "fast-check";

/** Numbers for a graph of up to ten nodes, and for what happens to an execution of it. */
export const GRAPH_ROLLS = rolls(40, 140);
export const MOVE_ROLLS = rolls(0, 150);

function rolls(minLength: number, maxLength: number) {
  return fc.array(fc.nat({ max: 999_999 }), { minLength, maxLength, size: "max" });
}

export class Dice {
  #next = 0;

  constructor(readonly numbers: readonly number[]) {}

  /** 0 to `sides` − 1; 0 once the numbers have run out. */
  roll(sides: number): number {
    return (this.numbers[this.#next++] ?? 0) % sides;
  }

  pick<T>(from: readonly T[]): T {
    const picked = from[this.roll(from.length)];
    if (picked === undefined) throw new Error("nothing to pick from");
    return picked;
  }

  /** True about once in `times`; never once the numbers have run out. */
  once(times: number): boolean {
    return this.roll(times) === times - 1;
  }

  get isSpent(): boolean {
    return this.#next >= this.numbers.length;
  }
}
