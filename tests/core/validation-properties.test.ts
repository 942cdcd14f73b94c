/** What holds of validation whatever the definition: the good ones pass, each broken rule is found, and certain is certain. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileGraph } from "@/lib/core/definition/graph";
import { findingsOf } from "./support/findings";
import { arbitraryDefinition } from "./support/random-definition";

describe("a random definition", () => {
  it("has no faults that validation would find, and compiles", () => {
    fc.assert(
      fc.property(arbitraryDefinition(), (definition) => {
        expect(findingsOf(definition).filter(({ severity }) => severity === "error")).toEqual([]);
        compileGraph(definition);
      }),
      { numRuns: 500 },
    );
  });
});
