/** Laws that hold of every execution: random graphs, random orders of results, failures, repeats, wakes and cancels. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { validateDefinition } from "@/lib/core/definition/validate";
import { realCore } from "./support/core";
import { Dice, GRAPH_ROLLS, MOVE_ROLLS } from "./support/dice";
import { LAWS } from "./support/laws";
import { outcome } from "./support/outcome";
import { randomDefinition } from "./support/random-definition";
import { simulate } from "./support/simulate";

describe("a random graph", () => {
  it("has no faults that validation would find", () => {
    fc.assert(
      fc.property(GRAPH_ROLLS, (graph) => {
        const errors = validateDefinition(randomDefinition(new Dice(graph))).filter(
          ({ severity }) => severity === "error",
        );
        expect(errors).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});

describe("every execution", () => {
  it.each(Object.entries(LAWS))("keeps the law that %s", (_, law) => {
    fc.assert(
      fc.property(GRAPH_ROLLS, MOVE_ROLLS, (graph, moves) => {
        law(simulate(realCore, randomDefinition(new Dice(graph)), new Dice(moves)), realCore);
      }),
      { numRuns: 100 },
    );
  });

  it("that has neither races nor ends before the end comes out the same in whatever order results come", () => {
    fc.assert(
      fc.property(GRAPH_ROLLS, MOVE_ROLLS, MOVE_ROLLS, MOVE_ROLLS, (graph, fates, one, other) => {
        const definition = randomDefinition(new Dice(graph), { orderFree: true });
        expect(outcome(realCore, definition, fates, new Dice(one))).toEqual(
          outcome(realCore, definition, fates, new Dice(other)),
        );
      }),
      { numRuns: 200 },
    );
  });
});
