/** Where things lie: what was put by hand stays, nothing lies on anything else, maps grow around what is in them. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { layShape } from "@/app/_editor/canvas/lay";
import type { Node } from "@/lib/contract/definition";
import { blankDocument } from "@/lib/editor/blank";
import { aligned, distributed, nudged } from "@/lib/editor/canvas/arrange";
import { drawingOf } from "@/lib/editor/canvas/drawing";
import { type Laid, provisional, shapeOf } from "@/lib/editor/canvas/layout";
import { loopHeights } from "@/lib/editor/canvas/loops";
import { type Box, INSIDE } from "@/lib/editor/canvas/ports";
import { laneOf } from "@/lib/editor/canvas/routes";
import type { EditorDocument } from "@/lib/editor/document";
import { applyEdit } from "@/lib/editor/edits";
import { draws, editFrom } from "./random-edits";

const task = (id: string): Node => ({ id, type: "task", task: id });

function chain(length: number, layout: EditorDocument["layout"] = {}): EditorDocument {
  const nodes = Array.from({ length }, (_, at) => task(`t${at}`));
  const edges = nodes.slice(1).map(({ id }, at) => ({ from: `t${at}`, to: id }));
  return { definition: { name: "chain", nodes, edges }, layout };
}

function laidOf(document: EditorDocument): ReadonlyMap<string, Laid> {
  const shape = shapeOf(drawingOf(document, null), document.layout.places);
  return new Map(layShape(shape).map((laid) => [laid.id, laid]));
}

const at = (laid: ReadonlyMap<string, Laid>, id: string): Laid => {
  const found = laid.get(id);
  if (found === undefined) throw new Error(`${id} does not lie anywhere`);
  return found;
};

const overlap = (a: Box, b: Box) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

describe("the layout", () => {
  it("leads from left to right", () => {
    const laid = laidOf(chain(4));
    const xs = ["t0", "t1", "t2", "t3"].map((id) => at(laid, id).x);
    expect(xs).toEqual([...xs].sort((a, b) => a - b));
    expect(new Set(xs).size).toBe(4);
  });

  it("keeps what was moved by hand where it was put, and all else where it was", () => {
    const before = laidOf(chain(4));
    const after = laidOf(chain(4, { places: { t1: { x: 300, y: 400 } } }));
    expect(at(after, "t1")).toMatchObject({ x: 300, y: 400 });
    for (const id of ["t0", "t2", "t3"]) expect(at(after, id)).toEqual(at(before, id));
  });

  it("moves aside what would lie on something that was put there", () => {
    const free = at(laidOf(chain(3)), "t2");
    const laid = laidOf(chain(3, { places: { t0: { x: free.x + 10, y: free.y + 10 } } }));
    expect(overlap(at(laid, "t0"), at(laid, "t2"))).toBe(false);
  });

  it("brings along what lost all that it was joined to", () => {
    const places = { t0: { x: 5000, y: 5000 }, t2: { x: 5600, y: 5000 } };
    const laid = laidOf(chain(3, { places }));
    expect(at(laid, "t1").x).toBeGreaterThan(4900);
    expect(at(laid, "t1").y).toBeGreaterThan(4900);
  });

  it("grows a map around what is in it, below its head", () => {
    const body = { nodes: [task("a"), task("b")], edges: [{ from: "a", to: "b" }] };
    const document: EditorDocument = {
      definition: { name: "m", nodes: [{ id: "each", type: "map", items: [], body }, task("next")], edges: [] },
      layout: {},
    };
    const laid = laidOf(document);
    const map = at(laid, "each");
    for (const id of ["a", "b"]) {
      const inner = at(laid, id);
      expect(inner.x).toBeGreaterThanOrEqual(INSIDE.side);
      expect(inner.y).toBeGreaterThanOrEqual(INSIDE.top);
      expect(inner.x + inner.width).toBeLessThanOrEqual(map.width - INSIDE.side);
      expect(inner.y + inner.height).toBeLessThanOrEqual(map.height - INSIDE.bottom);
    }
    expect(overlap(map, at(laid, "next"))).toBe(false);
    const moved = laidOf({ ...document, layout: { places: { b: { x: 700, y: 90 } } } });
    const b = at(moved, "b");
    expect({ x: b.x - b.origin.x, y: b.y - b.origin.y }).toEqual({ x: 700, y: 90 });
    expect(at(moved, "each").width).toBeGreaterThan(map.width);
    expect(at(moved, "a")).toEqual(at(laid, "a"));
  });

  it("lays nothing of any document on anything else, unless both were put there", () => {
    fc.assert(
      fc.property(draws, (list) => {
        let document = blankDocument("random");
        for (const draw of list) {
          const next = applyEdit(document, editFrom(document, draw));
          if ("document" in next) document = next.document;
        }
        const drawing = drawingOf(document, null);
        const laid = laidOf(document);
        const placed = document.layout.places ?? {};
        expect([...laid.keys()].sort()).toEqual(drawing.nodes.map(({ id }) => id).sort());
        for (const a of drawing.nodes)
          for (const b of drawing.nodes) {
            const isOther = a.id < b.id && a.inside === b.inside && !(placed[a.id] && placed[b.id]);
            if (isOther && overlap(at(laid, a.id), at(laid, b.id))) throw new Error(`${a.id} lies on ${b.id}`);
          }
      }),
      { numRuns: 60 },
    );
  });

  it("puts what is new beside what it follows until it is laid out, and moves nothing else", () => {
    const before = laidOf(chain(3));
    const shape = shapeOf(drawingOf(chain(4), null));
    const guessed = new Map(provisional(shape, before).map((laid) => [laid.id, laid]));
    for (const id of ["t0", "t1", "t2"])
      expect(at(guessed, id)).toMatchObject({ x: at(before, id).x, y: at(before, id).y });
    expect(at(guessed, "t3").x).toBeGreaterThan(at(before, "t2").x + at(before, "t2").width);
  });

  it("draws nothing of a map that was only now unfolded before it is laid out", () => {
    const body = { nodes: [task("a")], edges: [] };
    const definition = { name: "m", nodes: [{ id: "each", type: "map" as const, items: [], body }], edges: [] };
    const folded = { definition, layout: { folded: ["each"] } };
    const before = laidOf(folded);
    const shape = shapeOf(drawingOf({ definition, layout: {} }, null));
    expect(provisional(shape, before).map(({ id }) => id)).toEqual(["each"]);
  });
});

describe("ways that leave a node", () => {
  it("leave it in the order in which its outcomes stand", () => {
    const cases = ["a", "b", "c"].map((port) => ({ port, when: "true" }));
    const nodes: Node[] = [{ id: "which", type: "choice", cases }, task("for_c"), task("for_b"), task("for_a")];
    const edges = ["c", "b", "a"].map((port) => ({ from: "which", port, to: `for_${port}` }));
    const laid = laidOf({ definition: { name: "w", nodes, edges }, layout: {} });
    const [a, b, c] = ["for_a", "for_b", "for_c"].map((id) => at(laid, id).y);
    expect([a, b, c]).toEqual([a, b, c].sort((one = 0, other = 0) => one - other));
  });

  it("pass what lies between at a height where nothing is, and go straight where the way is free", () => {
    const wall: Box = { id: "wall", x: 200, y: -20, width: 100, height: 80 };
    const ends = { sourceX: 0, sourceY: 10, targetX: 500, targetY: 10 };
    const lane = laneOf(ends, [wall]);
    if (lane === null) throw new Error("it leads through the wall");
    expect(lane.y < wall.y || lane.y > wall.y + wall.height).toBe(true);
    expect(lane.from).toBeLessThan(wall.x);
    expect(lane.to).toBeGreaterThan(wall.x + wall.width);
    expect(laneOf(ends, [{ ...wall, y: 300 }])).toBeNull();
    expect(laneOf({ ...ends, targetX: -300 }, [wall])).toBeNull();
  });
});

describe("loops", () => {
  it("pass above all that they go round, and one around another above that", () => {
    const nodes = chain(4).definition.nodes;
    const edges = [
      ...chain(4).definition.edges,
      { from: "t2", to: "t1", loop: {} },
      { from: "t3", to: "t0", loop: {} },
    ];
    const document: EditorDocument = { definition: { name: "l", nodes, edges }, layout: {} };
    const drawing = drawingOf(document, null);
    const laid = laidOf(document);
    const heights = loopHeights(
      drawing.edges.filter(({ kind }) => kind === "loop"),
      laid,
      () => [...laid.values()],
    );
    const [inner = 0, outer = 0] = ["|t2 success t1", "|t3 success t0"].map((id) => heights.get(id));
    const top = Math.min(...[...laid.values()].map(({ y }) => y));
    expect(inner).toBeLessThan(top);
    expect(outer).toBeLessThan(inner);
  });
});

describe("arranging", () => {
  const boxes: Box[] = [
    { id: "a", x: 0, y: 0, width: 100, height: 50 },
    { id: "b", x: 120, y: 30, width: 100, height: 70 },
    { id: "c", x: 500, y: 90, width: 100, height: 50 },
  ];

  it("aligns at sides and middles", () => {
    expect(aligned(boxes, "left")).toEqual({ a: { x: 0, y: 0 }, b: { x: 0, y: 30 }, c: { x: 0, y: 90 } });
    expect(aligned(boxes, "bottom")).toEqual({ a: { x: 0, y: 90 }, b: { x: 120, y: 70 }, c: { x: 500, y: 90 } });
    expect(aligned(boxes, "middle")).toEqual({ a: { x: 0, y: 45 }, b: { x: 120, y: 35 }, c: { x: 500, y: 45 } });
  });

  it("spreads with the same room between, the outermost two where they are", () => {
    expect(distributed(boxes, "x")).toEqual({ a: { x: 0, y: 0 }, b: { x: 250, y: 30 }, c: { x: 500, y: 90 } });
  });

  it("moves all by the same", () => {
    expect(nudged(boxes.slice(0, 1), { x: 20, y: 0 })).toEqual({ a: { x: 20, y: 0 } });
  });
});
