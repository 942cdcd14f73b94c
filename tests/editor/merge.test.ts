/** Two people's changes put together: nothing of either is lost, and what both changed is said. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Definition } from "@/lib/contract/definition";
import { draftDefinitionSchema, layoutSchema } from "@/lib/contract/drafts";
import { canonicalJson } from "@/lib/contract/json";
import { blankDocument } from "@/lib/editor/blank";
import type { EditorDocument } from "@/lib/editor/document";
import { applyEdit, type Edit } from "@/lib/editor/edits";
import { merge } from "@/lib/editor/merge";
import { type Draw, draws, editFrom } from "./random-edits";

const ORDER: EditorDocument = {
  definition: {
    name: "order",
    nodes: [
      { id: "reserve", type: "task", task: "reserve" },
      { id: "charge", type: "task", task: "charge", retry: { maxAttempts: 3 } },
      { id: "ship", type: "task", task: "ship" },
    ],
    edges: [
      { from: "reserve", to: "charge" },
      { from: "charge", to: "ship" },
    ],
  },
  layout: { places: { reserve: { x: 0, y: 0 } } },
};

function edited(document: EditorDocument, ...edits: readonly Edit[]): EditorDocument {
  return edits.reduce((each, edit) => {
    const next = applyEdit(each, edit);
    if ("refused" in next) throw new Error(next.refused);
    return next.document;
  }, document);
}

function played(document: EditorDocument, list: readonly Draw[]): EditorDocument {
  return list.reduce((each, draw) => {
    const next = applyEdit(each, editFrom(each, draw));
    return "refused" in next ? each : next.document;
  }, document);
}

/** Lists of nodes, edges and comments say the same in any order. */
function sorted({ definition, layout }: EditorDocument): string {
  const inAnyOrder = (value: unknown): unknown => {
    if (Array.isArray(value))
      return value.map(inAnyOrder).sort((a, b) => (canonicalJson(a) < canonicalJson(b) ? -1 : 1));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, inAnyOrder(member)]));
  };
  return canonicalJson(inAnyOrder({ definition, layout }));
}

describe("changes of two people", () => {
  it("are both taken where they touch different things", () => {
    const mine = edited(
      ORDER,
      { type: "set-node", node: "charge", path: ["retry", "maxAttempts"], value: 7 },
      { type: "move", places: { ship: { x: 300, y: 10 } } },
    );
    const theirs = edited(
      ORDER,
      { type: "set-node", node: "charge", path: ["queue"], value: "payments" },
      {
        type: "add-node",
        scope: null,
        node: { id: "mail", type: "task", task: "mail" },
        after: { node: "ship", port: "success" },
      },
      { type: "set-workflow", path: ["description"], value: "Sells" },
    );
    const { document, conflicts } = merge(ORDER, mine, theirs, "mine");
    expect(conflicts).toEqual([]);
    expect(document.definition.description).toBe("Sells");
    expect(document.definition.nodes).toContainEqual({
      id: "charge",
      type: "task",
      task: "charge",
      queue: "payments",
      retry: { maxAttempts: 7 },
    });
    expect(document.definition.edges).toContainEqual({ from: "ship", to: "mail" });
    expect(document.layout.places).toEqual({ reserve: { x: 0, y: 0 }, ship: { x: 300, y: 10 } });
  });

  it("of the same field are a conflict, in which the chosen side stands", () => {
    const to = (value: string): Edit => ({ type: "set-node", node: "charge", path: ["task"], value });
    const [mine, theirs] = [edited(ORDER, to("charge_card")), edited(ORDER, to("charge_invoice"))];
    for (const [side, task] of [
      ["mine", "charge_card"],
      ["theirs", "charge_invoice"],
    ] as const) {
      const { document, conflicts } = merge(ORDER, mine, theirs, side);
      expect(conflicts).toEqual([{ node: "charge", field: "task", mine: "charge_card", theirs: "charge_invoice" }]);
      expect(document.definition.nodes[1]).toMatchObject({ id: "charge", task });
    }
  });

  it("where one takes a node out that the other changed, are a conflict, and no edge hangs loose", () => {
    const mine = edited(ORDER, { type: "remove", nodes: ["charge"], edges: [], heal: true });
    const theirs = edited(ORDER, { type: "set-node", node: "charge", path: ["queue"], value: "payments" });
    const { document, conflicts } = merge(ORDER, mine, theirs, "mine");
    expect(conflicts).toMatchObject([{ node: "charge", field: null, mine: null }]);
    expect(document.definition.edges).toEqual([{ from: "reserve", to: "ship" }]);
    expect(merge(ORDER, mine, theirs, "theirs").document.definition.nodes.map(({ id }) => id)).toContain("charge");
  });

  it("inside one map's body are put together node by node", () => {
    const map: Definition["nodes"][number] = {
      id: "each",
      type: "map",
      items: "=input.items",
      body: {
        nodes: [
          { id: "pack", type: "task", task: "pack" },
          { id: "weigh", type: "task", task: "weigh" },
        ],
        edges: [],
      },
    };
    const base = edited(ORDER, { type: "add-node", scope: null, node: map });
    const mine = edited(base, { type: "set-node", node: "pack", path: ["queue"], value: "hall" });
    const theirs = edited(base, {
      type: "connect",
      scope: "each",
      edge: { from: "pack", port: "success", to: "weigh" },
    });
    const { document, conflicts } = merge(base, mine, theirs, "mine");
    expect(conflicts).toEqual([]);
    expect(document.definition.nodes.at(-1)).toMatchObject({
      body: { nodes: [{ id: "pack", queue: "hall" }, { id: "weigh" }], edges: [{ from: "pack", to: "weigh" }] },
    });
  });
});

describe("any changes", () => {
  const two = fc.tuple(draws, draws, draws, fc.constantFrom("mine" as const, "theirs" as const));

  it("give a document that the schema accepts", () => {
    fc.assert(
      fc.property(two, ([before, own, other, side]) => {
        const base = played(blankDocument("orders"), before);
        const { document } = merge(base, played(base, own), played(base, other), side);
        expect(draftDefinitionSchema.safeParse(document.definition).error?.issues).toBeUndefined();
        expect(layoutSchema.safeParse(document.layout).error?.issues).toBeUndefined();
      }),
      { numRuns: 200 },
    );
  });

  it("of one side alone are taken as they are, without a conflict", () => {
    fc.assert(
      fc.property(two, ([before, own, , side]) => {
        const base = played(blankDocument("orders"), before);
        const changed = played(base, own);
        for (const [mine, theirs] of [
          [changed, base],
          [base, changed],
          [changed, changed],
        ] as const) {
          const { document, conflicts } = merge(base, mine, theirs, side);
          expect(conflicts).toEqual([]);
          expect(sorted(document)).toBe(sorted(changed));
        }
      }),
      { numRuns: 200 },
    );
  });
});
