/** Thousands of random systems, each under a seed of its own; a run begins elsewhere each day. */
import { describe, it } from "vitest";
import { simulate } from "../simulation/simulate";

const SEEDS = 5000;
const first = Math.floor(Date.now() / 86_400_000) * SEEDS;

describe("random systems", () => {
  it(`of the seeds from ${first} on keep their laws and end`, () => {
    for (let seed = first; seed < first + SEEDS; seed++) {
      try {
        simulate(seed);
      } catch (error) {
        throw new Error(`seed ${seed}`, { cause: error });
      }
    }
  });
});
