/** What the TypeScript view shows is the definition: evaluated with the SDK it gives the same bytes, and the compiler takes it. */
import { transformSync } from "esbuild";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { Definition, Edge, Node } from "@/lib/contract/definition";
import { canonicalJson } from "@/lib/contract/json";
import { validateDefinition } from "@/lib/core/definition/validate";
import { blankDocument, blankNode } from "@/lib/editor/blank";
import { applyEdit, type Edit } from "@/lib/editor/edits";
import { documentFrom } from "@/lib/editor/templates/template";
import { TEMPLATES } from "@/lib/editor/templates/templates";
import { typescriptOf } from "@/lib/editor/typescript/typescript-of";
import * as sdk from "@/worker-sdk/src/index";
import { Random } from "../simulation/random";
import { randomWorkflow } from "../simulation/random-workflow";
import { draws, editFrom } from "./random-edits";
import { complaintsOf } from "./typescript-compiled";
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

let examples: Sample[] = [];
const concepts = ofConceptPages();
const behaviours = ofBehaviours();
const TEMPLATE_SAMPLES: Sample[] = TEMPLATES.map((template) => {
  const { definition } = documentFrom(template, template.name);
  return { name: template.name, definition };
});

beforeAll(async () => {
  examples = await ofExamples();
}, 60_000);

describe("the source", () => {
  it("gives the same bytes for every example of the documentation, as a timeline without a prescribed order", () => {
    expect(examples.length).toBeGreaterThan(35);
    for (const { name, definition } of examples) {
      const { source, form } = typescriptOf(definition);
      expect(canonicalJson(definitionIn(source)), name).toBe(canonicalJson(definition));
      expect([name, form, source.includes(".arrange(")]).toEqual([name, "timeline", false]);
    }
  });

  it("gives the same bytes for the definitions of the pages on concepts, as timelines", () => {
    expect(concepts.length).toBeGreaterThan(12);
    for (const { name, definition } of concepts) {
      const { source, form } = typescriptOf(definition);
      expect(canonicalJson(definitionIn(source)), name).toBe(canonicalJson(definition));
      expect([name, form]).toEqual([name, "timeline"]);
    }
  });

  it("gives the same bytes for every template, as a timeline", () => {
    for (const { definition, form, source } of TEMPLATE_SAMPLES.map(({ definition }) => ({
      definition,
      ...typescriptOf(definition),
    }))) {
      expect(canonicalJson(definitionIn(source)), definition.name).toBe(canonicalJson(definition));
      expect([definition.name, form]).toEqual([definition.name, "timeline"]);
    }
  });

  it("gives the same bytes for what the engine is held to, of which few cannot be said as a timeline", () => {
    const literals = behaviours.filter(({ name, definition }) => {
      const { source, form, why } = typescriptOf(definition);
      expect(canonicalJson(definitionIn(source)), name).toBe(canonicalJson(definition));
      expect(why === null, name).toBe(form === "timeline");
      return form === "literal";
    });
    expect(literals.map(({ name }) => name)).toEqual([
      "choice_broken",
      "join_losers",
      "join_map_loser",
      "loop_cancels",
      "undo_order",
    ]);
  });

  it("gives the same bytes for any graph that validates, whatever its shape", () => {
    const forms = { timeline: 0, literal: 0 };
    fc.assert(
      fc.property(fc.noBias(fc.integer({ min: 1, max: 2 ** 31 })), (seed) => {
        const random = new Random(seed);
        for (const definition of [randomWorkflow(random), randomGraph(random)]) {
          if (validateDefinition(definition).some(({ severity }) => severity === "error")) continue;
          const { source, form } = typescriptOf(definition);
          forms[form]++;
          expect(canonicalJson(definitionIn(source))).toBe(canonicalJson(definition));
        }
      }),
      { numRuns: 50 },
    );
    expect(forms.timeline).toBeGreaterThan(30);
    expect(forms.literal).toBeGreaterThan(5);
  });

  it("is what one writes who draws it: from an empty page, edit by edit, to the compiler's bytes", () => {
    const charge = sdk.step("charge", (order: { total: number }) => order.total);
    const written = sdk.workflow<{ total: number }>("orders").timeline(charge, sdk.sleep("3d", { id: "wait" }));
    const edits: Edit[] = [
      { type: "add-node", scope: null, node: blankNode("task", "charge") },
      { type: "set-node", node: "charge", path: ["input"], value: "=input" },
      { type: "add-node", scope: null, node: blankNode("sleep", "wait"), after: { node: "charge", port: "success" } },
      { type: "set-node", node: "wait", path: ["duration"], value: "3d" },
      { type: "set-workflow", path: ["output"], value: "=steps.charge.output" },
    ];
    const drawn = edits.reduce((document, edit) => {
      const edited = applyEdit(document, edit);
      if ("refused" in edited) throw new Error(edited.refused);
      return edited.document;
    }, blankDocument("orders"));
    expect(canonicalJson(drawn.definition)).toBe(canonicalJson(written.definition));
    expect(typescriptOf(drawn.definition).source).not.toContain("absent");
  });

  it("gives the same bytes for any draft, or the same faults where it has some", () => {
    const came = { same: 0, faults: 0 };
    fc.assert(
      fc.property(draws, (drawn) => {
        let document = blankDocument("drawn");
        for (const draw of drawn) {
          const edited = applyEdit(document, editFrom(document, draw));
          if ("document" in edited) document = edited.document;
        }
        const { definition } = document;
        if (definition.nodes.length === 0) return;
        const { source } = typescriptOf(definition);
        const faults = validateDefinition(definition).filter(({ severity }) => severity === "error");
        try {
          expect(canonicalJson(definitionIn(source))).toBe(canonicalJson(definition));
          expect(faults).toEqual([]);
          came.same++;
        } catch (error) {
          if (!(error instanceof sdk.DefinitionError)) throw error;
          const found = error.findings.filter(({ severity }) => severity === "error").map(({ code }) => code);
          expect(new Set(found)).toEqual(new Set(faults.map(({ code }) => code)));
          came.faults++;
        }
      }),
      { numRuns: 75 },
    );
    expect(Math.min(came.same, came.faults)).toBeGreaterThan(0);
  });

  it("is what the compiler takes, under strict", () => {
    const random = [1, 2, 3, 4, 5, 6].map((seed) => randomWorkflow(new Random(seed * 7919)));
    const samples = [
      ...examples,
      ...concepts,
      ...TEMPLATE_SAMPLES,
      ...behaviours.slice(0, 12),
      ...random.map((definition) => ({ name: definition.name, definition })),
    ];
    const modules = new Map(
      samples.map(({ name, definition }, i) => [
        `typescript-${i}-${name.replaceAll("/", "-")}`,
        typescriptOf(definition).source,
      ]),
    );
    modules.set("typescript-wrong", 'import { step } from "@cerebelum/sdk";\nexport const no: number = step;\n');
    const complaints = complaintsOf(modules);
    expect(complaints.filter((each) => !each.startsWith("typescript-wrong"))).toEqual([]);
    expect(complaints).toHaveLength(1);
  }, 120_000);

  it("is what a person would write", () => {
    const { definition } = examples.find(({ name }) => name.startsWith("README-1/")) ?? { definition: null };
    expect(
      definition && typescriptOf(definition).source,
    ).toBe(`import { on, sleep, step, when, workflow } from "@cerebelum/sdk";

interface FetchUserOutput {
  age: number;
}

const fetchUser = step("fetch_user", async (input: unknown): Promise<FetchUserOutput> => {
  throw new Error("Write the handler of fetch_user");
});

const sendWelcome = step("send_welcome", async (input: FetchUserOutput): Promise<unknown> => {
  throw new Error("Write the handler of send_welcome");
});

const askParents = step("ask_parents", async (input: FetchUserOutput): Promise<unknown> => {
  throw new Error("Write the handler of ask_parents");
});

export const onboarding = workflow("onboarding")
  .timeline(fetchUser)
  .branch(fetchUser, {
    adult: when(on(fetchUser).age.gte(18), sendWelcome),
    otherwise: askParents,
  })
  .timeline(sleep("2s"));
`);
  });

  it("says why where it is a literal", () => {
    const definition: Definition = {
      name: "w",
      nodes: [
        { id: "a", type: "choice", cases: [{ port: "yes", when: "true" }] },
        { id: "b", type: "task", task: "b" },
      ],
      edges: [{ from: "a", port: "error", to: "b" }],
    };
    expect(typescriptOf(definition)).toMatchObject({
      form: "literal",
      why: 'An edge leads from the error of the choice "a".',
      source: expect.stringContaining("fromDefinition("),
    });
  });
});

/** Edges forward between any of its nodes, in any order: most of it is nothing that anybody would draw. */
function randomGraph(random: Random): Definition {
  const count = 2 + random.roll(7);
  const nodes = Array.from({ length: count }, (_, i) => nodeFrom(random, i));
  const edges: Edge[] = [];
  for (const [i, node] of nodes.entries()) {
    for (let to = i + 1; to < count; to++) {
      if (!random.chance(to === i + 1 ? 0.7 : 0.25)) continue;
      const port = portFrom(random, node);
      edges.push({ from: node.id, ...(port === null ? {} : { port }), to: `n${to}` });
    }
  }
  const shuffled = random.chance(0.5) ? edges : edges.reverse();
  return { ...(random.chance(0.5) ? { format: 1 } : {}), name: "random", nodes, edges: shuffled };
}

function nodeFrom(random: Random, i: number): Node {
  const id = `n${i}`;
  const type = random.pick(["task", "task", "choice", "choice", "sleep", "approval", "transform", "succeed"] as const);
  if (type === "task") return { id, type, task: id, ...(random.chance(0.3) ? { input: { at: i } } : {}) };
  if (type === "choice") return { id, type, cases: [{ port: "yes", when: "input.n > 1" }] };
  if (type === "sleep") return { id, type, duration: "1h" };
  if (type === "approval") return { id, type, timeout: "7d" };
  if (type === "transform") return { id, type, value: i };
  return { id, type };
}

function portFrom(random: Random, { type }: Node): string | null {
  if (type === "choice") return random.pick(["yes", "otherwise"]);
  if (type === "approval" && random.chance(0.4)) return random.pick(["rejected", "expired"]);
  return type === "task" && random.chance(0.2) ? "error" : null;
}
