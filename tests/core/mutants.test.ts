/** The control of the properties: a core with a seeded bug breaks a law, and the same core without one breaks none. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MUTANTS, type Mutant } from "./mutants";
import type { Core } from "./support/core";
import { Dice, GRAPH_ROLLS, MOVE_ROLLS } from "./support/dice";
import { LAWS } from "./support/laws";
import { mutatedCore } from "./support/mutate";
import { randomDefinition } from "./support/random-definition";
import { simulate } from "./support/simulate";

const UNCHANGED: Mutant = {
  name: "none",
  file: "decide.ts",
  find: "export function decide(",
  replace: "export function decide(",
};

/** The first law that some run on this core breaks, or null. A core that cannot even run breaks the law that runs end. */
function brokenLaw(core: Core): string | null {
  let broken: string | null = null;
  const property = fc.property(GRAPH_ROLLS, MOVE_ROLLS, (graph, moves) => {
    broken = "runsEnd";
    const run = simulate(core, randomDefinition(new Dice(graph)), new Dice(moves));
    for (const [name, law] of Object.entries(LAWS)) {
      broken = name;
      law(run, core);
    }
  });
  return fc.check(property, { seed: 7, numRuns: 200, endOnFailure: true }).failed ? broken : null;
}

describe("the laws", () => {
  it("hold of the core as it is, built in the same way as the others", async () => {
    expect(brokenLaw(await mutatedCore(UNCHANGED))).toBeNull();
  });

  it.each(MUTANTS.map((mutant) => [mutant.name, mutant] as const))("notice that %s", async (_, mutant) => {
    expect(brokenLaw(await mutatedCore(mutant))).not.toBeNull();
  });
});
