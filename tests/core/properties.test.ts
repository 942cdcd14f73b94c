/** Laws that hold of every execution: random graphs, random orders of results, failures, repeats, wakes and cancels. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { validateDefinition } from "@/lib/core/definition/validate";
import { realCore } from "./support/core";
import { Dice } from "./support/dice";
import { LAWS } from "./support/laws";
import { outcome } from "./support/outcome";
import { randomDefinition } from "./support/random-definition";
import { simulate } from "./support/simulate";

const numbers = (maxLength: number) => fc.array(fc.nat({ max: 999_999 }), { maxLength, size: "max" });

describe("a random graph", () => {
  it("has no faults that validation would find", () => {
    fc.assert(
      fc.property(numbers(80), (graph) => {
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
      fc.property(numbers(80), numbers(60), (graph, moves) => {
        law(simulate(realCore, randomDefinition(new Dice(graph)), new Dice(moves)), realCore);
      }),
      { numRuns: 150 },
    );
  });

  it("that has neither races nor ends before the end comes out the same in whatever order results come", () => {
    fc.assert(
      fc.property(numbers(80), numbers(10), numbers(60), numbers(60), (graph, fates, one, other) => {
        const definition = randomDefinition(new Dice(graph), { orderFree: true });
        expect(outcome(realCore, definition, fates, new Dice(one))).toEqual(
          outcome(realCore, definition, fates, new Dice(other)),
        );
      }),
      { numRuns: 200 },
    );
  });
});
