/** What the TypeScript view shows is the definition: evaluated with the SDK it gives the same bytes, and the compiler takes it. */
import { transformSync } from "esbuild";
import { beforeAll, describe, expect, it } from "vitest";
import type { Definition } from "@/lib/contract/definition";
import { canonicalJson } from "@/lib/contract/json";
import { typescriptOf } from "@/lib/editor/typescript/typescript-of";
import * as sdk from "@/worker-sdk/src/index";
import { ofBehaviours, ofConceptPages, ofExamples, type Sample } from "./typescript-corpus";

/** What the module exports, evaluated with the package itself. */
function definitionIn(source: string): Definition {
  const script = transformSync(source, { loader: "ts", format: "cjs", target: "es2022" }).code;
  const module = { exports: {} as { [name: string]: { definition: Definition } } };
  new Function("require", "module", "exports", script)(() => sdk, module, module.exports);
  const [exported] = Object.values(module.exports);
  if (exported === undefined) throw new Error("It exports nothing");
  return exported.definition;
}

let samples: Sample[] = [];

beforeAll(async () => {
  samples = [...(await ofExamples()), ...ofConceptPages(), ...ofBehaviours()];
});

describe("what is shown", () => {
  it("x", () => {
    const counts = { timeline: 0, literal: 0, arranged: 0 };
    for (const { name, definition } of samples) {
      const { source, form, why } = typescriptOf(definition);
      counts[form]++;
      if (source.includes(".arrange(")) counts.arranged++;
      let same = "?";
      try {
        same = canonicalJson(definitionIn(source)) === canonicalJson(definition) ? "same" : "DIFFERENT";
      } catch (e) {
        same = String(e).slice(0, 300);
      }
      console.log(name, form, why ?? "", source.includes(".arrange(") ? "ARRANGED" : "", same);
    }
    console.log(counts);
  });
});
