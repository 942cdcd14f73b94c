/** What the canvas and the list draw, and what adding means: models over documents, random ones included. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Edge, Node } from "@/lib/contract/definition";
import { blankDocument, blankNode } from "@/lib/editor/blank";
import { editToAdd, freshNode, spotAfter, targetsOf, taskNames } from "@/lib/editor/canvas/add";
import { drawingOf } from "@/lib/editor/canvas/drawing";
import { inOrder, outlineOf } from "@/lib/editor/canvas/order";
import { drawnPorts, portY, sizeOf } from "@/lib/editor/canvas/ports";
import { found } from "@/lib/editor/canvas/search";
import { joinOf, marksOf, summaryOf } from "@/lib/editor/canvas/summary";
import { type EditorDocument, everyId, graphsOf } from "@/lib/editor/document";
import { applyEdit } from "@/lib/editor/edits";
import { draws, editFrom } from "./random-edits";

function documentOf(nodes: Node[], edges: Edge[], layout: EditorDocument["layout"] = {}): EditorDocument {
  return { definition: { name: "w", nodes, edges }, layout };
}

const task = (id: string, more: object = {}): Node => ({ id, type: "task", task: id, ...more }) as Node;

const CHARGE = documentOf(
  [
    task("fetch"),
    { id: "adult", type: "choice", cases: [{ port: "yes", when: "input.age > 17" }] },
    task("welcome", { task: "mail.send" }),
    task("ask"),
    {
      id: "each",
      type: "map",
      items: "=input.items",
      body: { nodes: [task("reserve"), task("pay")], edges: [{ from: "reserve", to: "pay" }] },
    },
  ],
  [
    { from: "fetch", to: "adult" },
    { from: "adult", port: "yes", to: "welcome" },
    { from: "adult", port: "otherwise", to: "ask" },
    { from: "ask", to: "fetch", loop: {} },
    { from: "fetch", port: "error", to: "ask" },
    { from: "welcome", to: "each" },
  ],
);

describe("what a node says of itself", () => {
  it.each<[Node, string]>([
    [task("fetch"), ""],
    [task("a", { task: "fetch" }), "fetch"],
    [{ id: "c", type: "choice", cases: [{ port: "yes", when: "input.ok" }] }, "input.ok"],
    [{ id: "s", type: "sleep", duration: "=input.wait" }, "input.wait"],
    [{ id: "s", type: "sleep", duration: 250 }, "250 ms"],
    [{ id: "s", type: "sleep", until: "2030-01-01T00:00:00Z" }, "until 2030-01-01T00:00:00Z"],
    [{ id: "a", type: "approval", assignees: ["admin", "=input.who"] }, "admin, input.who"],
    [{ id: "a", type: "approval", title: "May they?" }, "May they?"],
    [{ id: "g", type: "signal", signal: "paid" }, "paid"],
    [{ id: "m", type: "map", items: "=input.items", body: { task: "charge" } }, "charge, each of input.items"],
    [{ id: "m", type: "map", items: [1, 2], body: { nodes: [task("x")], edges: [] } }, "each of 2 items"],
    [{ id: "w", type: "workflow", workflow: "ship", version: 3 }, "ship v3"],
    [{ id: "t", type: "transform", value: { sum: 1, tax: 2 } }, "sum, tax"],
    [
      { id: "h", type: "http", request: { method: "POST", url: "https://pay.example.com/a" } },
      "POST pay.example.com/a",
    ],
    [{ id: "f", type: "fail", code: "TOO_YOUNG" }, "TOO_YOUNG"],
    [{ id: "f", type: "fail", rethrow: "fetch" }, "as fetch failed"],
    [{ id: "d", type: "succeed" }, ""],
  ])("%j is “%s”", (node, says) => {
    expect(summaryOf(node)).toBe(says);
  });

  it("marks retries, time limits, polls and what undoes it", () => {
    const node = task("t", {
      retry: { maxAttempts: 5 },
      timeout: { attempt: "30s" },
      poll: { until: "output.done" },
      compensate: { task: "undo" },
    });
    expect(marksOf(node)).toEqual([
      { kind: "retry", value: "5" },
      { kind: "timeout", value: "30s" },
      { kind: "poll", value: "10s" },
      { kind: "compensate", value: "undo" },
    ]);
    expect(marksOf(task("plain"))).toEqual([]);
  });

  it("marks joins that do not wait for all", () => {
    expect(joinOf(task("t", { join: "any", keepLosers: true }))).toEqual({ needed: "any", keepsLosers: true });
    expect(joinOf(task("t", { join: 2 }))).toEqual({ needed: 2, keepsLosers: false });
    expect(joinOf(task("t", { join: "all" }))).toBeNull();
  });
});

describe("what is drawn", () => {
  it("draws what lies in an unfolded map, and not what lies in a folded one", () => {
    expect(drawingOf(CHARGE, null).nodes.map(({ id }) => id)).toContain("pay");
    const folded = { ...CHARGE, layout: { folded: ["each"] } };
    const drawing = drawingOf(folded, null);
    expect(drawing.nodes.map(({ id }) => id)).not.toContain("pay");
    expect(drawing.nodes.find(({ id }) => id === "each")?.body).toBe("folded");
    expect(drawing.edges.every(({ scope }) => scope === null)).toBe(true);
  });

  it("draws a map's body alone, where that is the view", () => {
    const drawing = drawingOf(CHARGE, "each");
    expect(drawing.nodes.map(({ id, inside }) => [id, inside])).toEqual([
      ["reserve", null],
      ["pay", null],
    ]);
    expect(drawing.edges).toHaveLength(1);
    expect(drawingOf(CHARGE, "nowhere").nodes).toEqual([]);
  });

  it("says where each outcome leads, and which edges are failures and loops", () => {
    const drawing = drawingOf(CHARGE, null);
    const ports = drawing.nodes.find(({ id }) => id === "adult")?.ports;
    expect(ports).toEqual([
      { port: "yes", to: ["welcome"], when: "input.age > 17" },
      { port: "otherwise", to: ["ask"], when: null },
      { port: "error", to: [], when: null },
    ]);
    expect(drawing.edges.map(({ kind }) => kind)).toEqual([
      "forward",
      "forward",
      "forward",
      "loop",
      "error",
      "forward",
      "forward",
    ]);
    expect(drawing.nodes.find(({ id }) => id === "fetch")?.edgesIn).toBe(0);
  });

  it("keeps the outcomes of nodes that an edit did not touch", () => {
    const before = drawingOf(CHARGE, null);
    const edited = applyEdit(CHARGE, { type: "set-node", node: "ask", path: ["task"], value: "ask_again" });
    if ("refused" in edited) throw new Error(edited.refused);
    const after = drawingOf(edited.document, null);
    const portsOf = (drawing: typeof before, id: string) => drawing.nodes.find((each) => each.id === id)?.ports;
    expect(portsOf(after, "adult")).toBe(portsOf(before, "adult"));
    expect(portsOf(after, "ask")).not.toBe(portsOf(before, "ask"));
  });

  it("makes room for outcomes that need a name", () => {
    const plain = sizeOf(drawnPorts(task("t"), new Map()));
    const choice = sizeOf(drawnPorts(blankNode("choice", "c"), new Map()));
    expect(choice.height).toBeGreaterThan(plain.height);
    expect(portY(1, 2)).toBeLessThan(choice.height);
    expect(portY(0, 1)).toBe(plain.height / 2);
  });

  it("draws every node and every edge of any document once", () => {
    fc.assert(
      fc.property(draws, (list) => {
        const document = edited(list);
        const { definition } = document;
        const open = { ...document, layout: { ...document.layout, folded: [] } };
        const drawing = drawingOf(open, null);
        expect(drawing.nodes.map(({ id }) => id).sort()).toEqual([...everyId(definition)].sort());
        expect(new Set(drawing.edges.map(({ id }) => id)).size).toBe(drawing.edges.length);
        const all = graphsOf(definition).flatMap(({ graph }) => graph.edges);
        expect(drawing.edges.length).toBeLessThanOrEqual(all.length);
        expect(
          outlineOf(open)
            .map(({ id }) => id)
            .sort(),
        ).toEqual([...everyId(definition)].sort());
      }),
      { numRuns: 60 },
    );
  });
});

function edited(list: readonly Parameters<typeof editFrom>[1][]): EditorDocument {
  let document = blankDocument("random");
  for (const draw of list) {
    const next = applyEdit(document, editFrom(document, draw));
    if ("document" in next) document = next.document;
  }
  return document;
}

describe("the order in which one reads", () => {
  it("puts each node behind those that lead to it, and keeps branches together", () => {
    expect(inOrder(CHARGE.definition).map(({ id }) => id)).toEqual(["fetch", "adult", "welcome", "each", "ask"]);
  });

  it("still lists nodes that lead round in a circle without a loop", () => {
    const circle = documentOf(
      [task("a"), task("b")],
      [
        { from: "a", to: "b" },
        { from: "b", to: "a" },
      ],
    );
    expect(inOrder(circle.definition).map(({ id }) => id)).toEqual(["a", "b"]);
  });

  it("says what a row comes after, and names the outcome where it is not the usual one", () => {
    const rows = outlineOf(CHARGE);
    const ask = rows.find(({ id }) => id === "ask");
    expect(ask?.after).toEqual([
      { from: "adult", port: "otherwise", to: "ask", isLoop: false, isUsual: false },
      { from: "fetch", port: "error", to: "ask", isLoop: false, isUsual: false },
    ]);
    expect(rows.find(({ id }) => id === "each")?.after[0]?.isUsual).toBe(true);
    expect(rows.find(({ id }) => id === "fetch")?.after[0]?.isLoop).toBe(true);
    expect(rows.filter(({ level }) => level === 2).map(({ id, position, of }) => [id, position, of])).toEqual([
      ["reserve", 1, 2],
      ["pay", 2, 2],
    ]);
  });

  it("leaves out what lies in a folded map", () => {
    const rows = outlineOf({ ...CHARGE, layout: { folded: ["each"] } });
    expect(rows.map(({ id }) => id)).not.toContain("pay");
    expect(rows.find(({ id }) => id === "each")?.isFolded).toBe(true);
  });
});

describe("finding", () => {
  it("finds ids first, then tasks and expressions, also in maps", () => {
    expect(found(CHARGE.definition, "EACH")).toEqual(["each"]);
    expect(found(CHARGE.definition, "mail.send")).toEqual(["welcome"]);
    expect(found(CHARGE.definition, "input.age")).toEqual(["adult"]);
    expect(found(CHARGE.definition, "pay")).toEqual(["pay"]);
    expect(found(CHARGE.definition, "  ")).toEqual([]);
    expect(found(CHARGE.definition, "nothing like it")).toEqual([]);
  });
});

describe("adding", () => {
  const added = (document: EditorDocument, after: string, type: Node["type"]) => {
    const spot = spotAfter(document, after, type === "fail" || type === "succeed");
    const result = applyEdit(document, editToAdd(document, spot, freshNode(document, type)));
    if ("refused" in result) throw new Error(result.refused);
    return result;
  };

  it("comes on the first outcome that leads nowhere yet", () => {
    const document = documentOf([blankNode("approval", "ask"), task("a")], [{ from: "ask", to: "a" }]);
    const { document: next } = added(document, "ask", "sleep");
    expect(next.definition.edges).toContainEqual({ from: "ask", port: "rejected", to: "sleep" });
  });

  it("comes between where all outcomes lead somewhere", () => {
    const document = documentOf([task("a"), task("b")], [{ from: "a", to: "b" }]);
    const { document: next } = added(document, "a", "sleep");
    expect(next.definition.edges).toEqual([
      { from: "a", to: "sleep" },
      { from: "sleep", to: "b" },
    ]);
  });

  it("branches off, where it ends what it is in", () => {
    const document = documentOf([task("a"), task("b")], [{ from: "a", to: "b" }]);
    const { document: next } = added(document, "a", "fail");
    expect(next.definition.edges).toEqual([
      { from: "a", to: "b" },
      { from: "a", to: "fail" },
    ]);
  });

  it("stands alone after what ends", () => {
    const document = documentOf([blankNode("fail", "f")], []);
    const { document: next } = added(document, "f", "task");
    expect(next.definition.edges).toEqual([]);
  });

  it("lies beside what was placed by hand, and is laid out otherwise", () => {
    const placed = documentOf([task("a")], [], { places: { a: { x: 500, y: 40 } } });
    expect(added(placed, "a", "task").document.layout.places?.task).toEqual({ x: 780, y: 40 });
    expect(added(documentOf([task("a")], []), "a", "task").document.layout.places).toBeUndefined();
  });

  it("takes an existing task's name, under an id that is free", () => {
    expect(freshNode(CHARGE, { task: "fetch" })).toEqual({ id: "fetch_2", type: "task", task: "fetch" });
    expect(taskNames(CHARGE)).toEqual(["ask", "fetch", "mail.send", "pay", "reserve"]);
  });

  it("offers as targets what the outcome does not lead to yet, in the same graph", () => {
    expect(targetsOf(CHARGE, { node: "adult", port: "yes" }).map(({ id }) => id)).toEqual([
      "fetch",
      "adult",
      "ask",
      "each",
    ]);
    expect(targetsOf(CHARGE, { node: "pay", port: "success" }).map(({ id }) => id)).toEqual(["reserve", "pay"]);
  });
});
