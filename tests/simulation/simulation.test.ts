/** Whole systems under one seed each: what must hold holds whatever happens. A failing seed is named, and runs again alone. */
import { describe, it } from "vitest";
import { validateDefinition } from "@/lib/core/definition/validate";
import { Random } from "./random";
import { childWorkflow, randomWorkflow } from "./random-workflow";
import { simulate } from "./simulate";

const SEEDS = Array.from({ length: 300 }, (_, i) => i + 1);
/** `SEED=17 npx vitest run tests/simulation` runs one alone. */
const only = process.env.SEED;

describe("a random system", () => {
  it.each(only === undefined ? SEEDS : [Number(only)])("of seed %i keeps its laws and ends", (seed) => {
    simulate(seed);
  });

  it("is made of workflows that validation finds no error in", () => {
    for (const seed of SEEDS) {
      const random = new Random(seed);
      for (const definition of [childWorkflow(random), randomWorkflow(random)]) {
        const errors = validateDefinition(definition).filter(({ severity }) => severity === "error");
        if (errors.length > 0) throw new Error(`seed ${seed}: ${JSON.stringify(errors, null, 1)}`);
      }
    }
  });
});
