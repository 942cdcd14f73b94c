/** Whatever completion offers is taken: by the language, and by the validator in that place. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { validateDefinition } from "@/lib/core/definition/validate";
import { applyEdit } from "@/lib/editor/edits";
import { complete } from "@/lib/editor/expressions/complete";
import { faultsOf } from "@/lib/editor/expressions/faults";
import { at, FIELDS, ORDERS, SAMPLES } from "./expressions-tools";

type Field = keyof typeof FIELDS;
const field = fc.constantFrom(...(Object.keys(FIELDS) as Field[]));
/** What may stand before an operand: nothing, an operator, a call that is still open. */
const lead = fc.constantFrom("", "1 == ", "!", "[", "{'a': ", "size(", "true && ", "input.lines.map(x, ");
const CLOSERS: Record<string, string> = { "[": "]", "{": "}", "(": ")" };

function closed(text: string): string {
  const open: string[] = [];
  for (const sign of text.replace(/"[^"]*"|'[^']*'/g, "")) {
    if (sign in CLOSERS) open.push(CLOSERS[sign] ?? "");
    else if (sign === open.at(-1)) open.pop();
  }
  return text + open.reverse().join("");
}

/** Walks by completion alone: each choice is applied, and what it gives is gone on from with a dot or a bracket. */
test("each option, applied, gives an expression without an error", () => {
  const choices = fc.array(fc.tuple(fc.noBias(fc.nat(1_000_000)), fc.constantFrom(".", "[", '["')), {
    minLength: 1,
    maxLength: 5,
  });
  const seen = new Set<string>();
  fc.assert(
    fc.property(field, lead, choices, fc.boolean(), (name, before, picks, isSampled) => {
      let text = before;
      for (const [pick, link] of picks) {
        const { options } = complete(text, text.length, at(name), isSampled ? SAMPLES : null);
        if (options.length === 0) return;
        for (const { from, to, apply, kind } of options) {
          seen.add(kind);
          // What a call gives may not go with what stands before it, until it is gone on from.
          const isCall = kind === "function" || kind === "macro";
          const start = isCall && !before.includes("x,") ? before.length : 0;
          const applied = closed(text.slice(start, from) + apply + text.slice(to));
          const errors = faultsOf(applied, at(name)).filter(({ severity }) => severity === "error");
          expect(errors, `${name}: ${applied}`).toEqual([]);
        }
        const { from, to, apply } = options[pick % options.length] as (typeof options)[number];
        text = text.slice(0, from) + apply + text.slice(to) + link;
      }
    }),
    { numRuns: 150 },
  );
  expect([...seen].sort()).toEqual(["field", "function", "keyword", "macro", "root", "step", "variable"]);
});

test("the whole definition is judged alike, with what was chosen written into it", () => {
  const { options } = complete("steps.", 6, at("sign"), SAMPLES);
  const findings = options.map(({ label, from, to, apply }) => {
    const text = `=${"steps.".slice(0, from)}${apply}${"steps.".slice(to)}`;
    const edited = applyEdit(
      { definition: ORDERS, layout: {} },
      { type: "set-node", node: "sign", path: ["title"], value: text },
    );
    if ("refused" in edited) throw new Error(edited.refused);
    return [label, validateDefinition(edited.document.definition).filter(({ severity }) => severity === "error")];
  });
  expect(findings).toEqual([
    ["sum", []],
    ["quote-1", []],
    ["enough", []],
    ["stock", []],
  ]);
});

test("what is not offered is refused: steps that come later, and roots of other places", () => {
  for (const name of Object.keys(FIELDS) as Field[]) {
    const offered = new Set(complete("steps.", 6, at(name), null).options.map(({ label }) => label));
    const roots = new Set(complete("", 0, at(name), null).options.map(({ label }) => label));
    for (const id of [...ORDERS.nodes.map((node) => node.id), "pick", "parts", "parts.item"]) {
      const isRefused = faultsOf(`steps[${JSON.stringify(id)}].status`, at(name)).some(
        ({ severity }) => severity === "error",
      );
      expect(isRefused, `${name}: ${id}`).toBe(!offered.has(id));
    }
    for (const root of ["input", "steps", "execution", "item", "index", "outer", "loop", "output", "round"])
      expect(faultsOf(root, at(name)).length > 0, `${name}: ${root}`).toBe(!roots.has(root));
  }
});
