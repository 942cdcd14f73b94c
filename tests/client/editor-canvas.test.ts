/** What the canvas hands to React Flow: what an edit did not touch stays the same object, so that it is not drawn anew. */
import { describe, expect, it } from "vitest";
import { type CanvasEdge, type CanvasNode, type Drawn, edgesOf, nodesOf } from "@/app/_editor/canvas/elements";
import { layShape } from "@/app/_editor/canvas/lay";
import { NOTHING, onlyNodes } from "@/app/_editor/selection";
import type { Node } from "@/lib/contract/definition";
import { drawingOf } from "@/lib/editor/canvas/drawing";
import { shapeOf } from "@/lib/editor/canvas/layout";
import type { EditorDocument } from "@/lib/editor/document";
import { applyEdit } from "@/lib/editor/edits";

const task = (id: string): Node => ({ id, type: "task", task: id });
const START: EditorDocument = {
  definition: {
    name: "w",
    nodes: [
      task("a"),
      task("b"),
      { id: "each", type: "map", items: [], body: { nodes: [task("inner")], edges: [] } },
      task("lost"),
    ],
    edges: [
      { from: "a", to: "b" },
      { from: "b", to: "each" },
      { from: "b", port: "error", to: "lost" },
      { from: "each", to: "a", loop: {} },
    ],
  },
  layout: {
    comments: [
      { id: "note", text: "Look", x: 0, y: -90, width: 100, height: 40 },
      { id: "within", text: "Inside", x: 5, y: 5, width: 100, height: 40, inside: "each" },
    ],
  },
};

function drawn(document: EditorDocument, more: Partial<Drawn> = {}): Drawn {
  const drawing = drawingOf(document, null);
  const laid = layShape(shapeOf(drawing, document.layout.places));
  return {
    drawing,
    places: new Map(laid.map((each) => [each.id, each])),
    comments: document.layout.comments ?? [],
    view: null,
    selection: NOTHING,
    findings: new Map(),
    overlay: null,
    isReadOnly: false,
    ...more,
  };
}

const byId = <T extends CanvasNode | CanvasEdge>(list: readonly T[]) => new Map(list.map((each) => [each.id, each]));

function anew<T extends CanvasNode | CanvasEdge>(before: readonly T[], after: readonly T[]): string[] {
  const known = new Set<T>(before);
  return after.filter((each) => !known.has(each)).map(({ id }) => id);
}

function edited(document: EditorDocument, edit: Parameters<typeof applyEdit>[1]): EditorDocument {
  const result = applyEdit(document, edit);
  if ("refused" in result) throw new Error(result.refused);
  return result.document;
}

describe("what is drawn anew", () => {
  const before = nodesOf(drawn(START), new Map());
  const edgesBefore = edgesOf(drawn(START), new Map());

  it("is nothing where nothing changed", () => {
    expect(anew(before, nodesOf(drawn(START), byId(before)))).toEqual([]);
    expect(anew(edgesBefore, edgesOf(drawn(START), byId(edgesBefore)))).toEqual([]);
  });

  it("is the node whose field was typed in", () => {
    const after = drawn(edited(START, { type: "set-node", node: "b", path: ["task"], value: "other" }));
    expect(anew(before, nodesOf(after, byId(before)))).toEqual(["b"]);
    expect(anew(edgesBefore, edgesOf(after, byId(edgesBefore)))).toEqual([]);
  });

  it("is what became selected, and what has findings or a state of a trial", () => {
    expect(anew(before, nodesOf(drawn(START, { selection: onlyNodes("a") }), byId(before)))).toEqual(["a"]);
    const findings = new Map([["lost", { errors: 1, warnings: 0 }]]);
    expect(anew(before, nodesOf(drawn(START, { findings }), byId(before)))).toEqual(["lost"]);
    const overlay = new Map([["inner", "running" as const]]);
    expect(anew(before, nodesOf(drawn(START, { overlay }), byId(before)))).toEqual(["inner"]);
  });

  it("is what an edge was drawn to and from", () => {
    const after = drawn(
      edited(START, { type: "connect", scope: null, edge: { from: "a", port: "error", to: "lost" } }),
    );
    const nodes = nodesOf(after, byId(before));
    expect(nodes.find(({ id }) => id === "a")?.ariaLabel).toContain("error to lost");
    expect(anew(edgesBefore, edgesOf(after, byId(edgesBefore)))).toContain("|a error lost");
  });
});

describe("what is said of a node", () => {
  it("is its id, type, edges, outcomes, findings and state", () => {
    const findings = new Map([["b", { errors: 1, warnings: 1 }]]);
    const overlay = new Map([["b", "failed" as const]]);
    const nodes = nodesOf(drawn(START, { findings, overlay }), new Map());
    const label = nodes.find(({ id }) => id === "b")?.ariaLabel;
    expect(label).toBe("b, task, 1 edge in, Failed; success to each; error to lost; 2 findings");
    expect(nodes.find(({ id }) => id === "a")?.ariaLabel).toContain("begins");
  });
});

describe("comments", () => {
  const nodes = nodesOf(drawn(START), new Map());

  it("lie where the document says, in a map within it", () => {
    expect(nodes.find(({ id }) => id === "comment:note")?.position).toEqual({ x: 0, y: -90 });
    const within = nodes.find(({ id }) => id === "comment:within");
    if (within?.type !== "comment") throw new Error("it is not drawn");
    expect(within.parentId).toBe("each");
    const { origin } = within.data;
    expect(within.position).toEqual({ x: 5 + origin.x, y: 5 + origin.y });
  });

  it("of a folded map are not drawn", () => {
    const folded = edited(START, { type: "fold", node: "each", folded: true });
    const ids = nodesOf(drawn(folded), new Map()).map(({ id }) => id);
    expect(ids).toContain("comment:note");
    expect(ids).not.toContain("comment:within");
  });
});

describe("edges", () => {
  it("end at handles that their nodes have", () => {
    const nodes = byId(nodesOf(drawn(START), new Map()));
    for (const edge of edgesOf(drawn(START), new Map())) {
      const handles = (id: string) => nodes.get(id)?.handles?.map((handle) => handle.id);
      expect(handles(edge.source)).toContain(edge.sourceHandle);
      expect(handles(edge.target)).toContain(edge.targetHandle);
    }
  });

  it("that are loops pass above all that they go round", () => {
    const loop = edgesOf(drawn(START), new Map()).find(({ id }) => id === "|each success a");
    const tops = nodesOf(drawn(START), new Map()).flatMap(({ type, parentId, position }) =>
      type === "step" && parentId === undefined ? [position.y] : [],
    );
    expect(loop?.data?.height).toBeLessThan(Math.min(...tops));
  });
});
