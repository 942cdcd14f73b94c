/** What holds of validation whatever the definition: the good ones pass, and each broken rule is found. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileGraph } from "@/lib/core/definition/graph";
import { arbitraryBrokenDefinition, BREACHES, breakRule } from "./support/broken-definition";
import { Dice, GRAPH_ROLLS } from "./support/dice";
import { findingsOf } from "./support/findings";
import { arbitraryDefinition, randomDefinition } from "./support/random-definition";
import { FEATURES } from "./support/random-parts";

const errorsOf = (document: unknown) => findingsOf(document).filter(({ severity }) => severity === "error");

describe("a random definition", () => {
  it("has no faults that validation would find, and compiles", () => {
    fc.assert(
      fc.property(arbitraryDefinition(), (definition) => {
        expect(errorsOf(definition)).toEqual([]);
        compileGraph(definition);
      }),
      { numRuns: 300 },
    );
  });

  // A rule that a definition has no place to break does not count as a run: the rarest finds one in twenty.
  it.each(BREACHES.map((breach) => [breach.name, breach] as const))("with %s is told so", (_, breach) => {
    fc.assert(
      fc.property(GRAPH_ROLLS, GRAPH_ROLLS, (rolls, more) => {
        const found = breakRule(randomDefinition(new Dice(rolls), { features: FEATURES }), breach, new Dice(more));
        fc.pre(found !== null);
        expect(errorsOf(found.definition).map(({ code }) => code)).toContain(breach.code);
      }),
      { numRuns: 10, maxSkipsPerRun: 1_000 },
    );
  });

  it("with any rule broken is told what to do about it, and where", () => {
    fc.assert(
      fc.property(arbitraryBrokenDefinition(), ({ definition, code }) => {
        const errors = errorsOf(definition);
        expect(errors.map((error) => error.code)).toContain(code);
        for (const { path, message } of errors) {
          expect(message).toMatch(/^[A-Z"'`\w].*[.)]$/s);
          expect(valueAt(definition, path.slice(0, path.lastIndexOf("/")))).toBeTypeOf("object");
        }
      }),
      { numRuns: 300 },
    );
  });
});

/** By JSON pointer. */
function valueAt(document: unknown, pointer: string): unknown {
  return pointer
    .split("/")
    .slice(1)
    .reduce<unknown>((at, key) => (typeof at === "object" && at !== null ? Reflect.get(at, key) : undefined), document);
}
