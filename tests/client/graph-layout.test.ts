/** Nodes lie behind what they wait for and never on each other, small graphs and large ones alike. */
import { describe, expect, it } from "vitest";
import { type LayoutInput, layoutGraph, NODE_HEIGHT, NODE_WIDTH } from "@/app/_execution/graph-layout";
import { nodeBeside } from "@/app/_execution/graph-walk";

function ladder(layers: number, width: number): LayoutInput {
  const nodes: string[] = [];
  const edges: LayoutInput["edges"] = [];
  for (let layer = 0; layer < layers; layer++)
    for (let at = 0; at < width; at++) {
      nodes.push(`${layer}.${at}`);
      if (layer > 0) edges.push({ from: `${layer - 1}.${at}`, to: `${layer}.${at}` });
    }
  return { nodes, edges };
}

describe.each([
  ["small", ladder(4, 3)],
  ["large", ladder(3, 300)],
])("the layout of a %s graph", (_, input) => {
  const { places, direction } = layoutGraph(input);
  const byId = new Map(places.map((place) => [place.id, place]));

  it("places every node once", () => {
    expect(byId.size).toBe(input.nodes.length);
  });

  it("puts each node behind those before it", () => {
    const along = direction === "right" ? "x" : "y";
    expect(input.edges.every(({ from, to }) => (byId.get(from)?.[along] ?? 0) < (byId.get(to)?.[along] ?? 0))).toBe(
      true,
    );
  });

  it("lays no two on each other", () => {
    const sorted = [...places].sort((a, b) => a.x - b.x || a.y - b.y);
    const overlaps = sorted.filter((place, index) =>
      sorted
        .slice(index + 1, index + 400)
        .some((other) => Math.abs(other.x - place.x) < NODE_WIDTH && Math.abs(other.y - place.y) < NODE_HEIGHT),
    );
    expect(overlaps).toEqual([]);
  });
});

it("shows a chain from top to bottom, where it can be drawn larger", () => {
  expect(layoutGraph(ladder(8, 1)).direction).toBe("down");
  expect(layoutGraph(ladder(2, 6)).direction).toBe("right");
});

it("lays out nine hundred nodes in well under a second", () => {
  const startedAt = performance.now();
  layoutGraph(ladder(3, 300));
  expect(performance.now() - startedAt).toBeLessThan(1000);
});

it("lets a loop change nothing about who stands behind whom", () => {
  const chain = ladder(5, 1);
  const looped = { ...chain, edges: [...chain.edges, { from: "4.0", to: "1.0", loop: true }] };
  expect(layoutGraph(looped)).toEqual(layoutGraph(chain));
});

it("makes a node as large as what lies unfolded in it, and lays that inside", () => {
  const { places } = layoutGraph({ ...ladder(3, 1), inside: { "1.0": ladder(2, 2) } });
  const outer = places.find(({ id }) => id === "1.0");
  const inner = places.filter(({ parent }) => parent === "1.0");
  expect(inner).toHaveLength(4);
  expect(inner.every(({ x, y }) => x > 0 && y >= NODE_HEIGHT - 4)).toBe(true);
  expect(inner.every((place) => place.x + place.width < (outer?.width ?? 0))).toBe(true);
  expect(inner.every((place) => place.y + place.height < (outer?.height ?? 0))).toBe(true);
  const apart = places.filter(
    ({ id, parent, x, y, width, height }) =>
      parent === undefined &&
      id !== "1.0" &&
      outer !== undefined &&
      (x + width <= outer.x || x >= outer.x + outer.width || y + height <= outer.y || y >= outer.y + outer.height),
  );
  expect(apart.map(({ id }) => id).sort()).toEqual(["0.0", "2.0"]);
});

describe("arrow keys", () => {
  const input = ladder(2, 6);
  const graph = { ...layoutGraph(input), edges: input.edges };

  it("lead along an edge and back", () => {
    expect(graph.direction).toBe("right");
    expect(nodeBeside(graph, "0.2", "ArrowRight")).toBe("1.2");
    expect(nodeBeside(graph, "1.2", "ArrowLeft")).toBe("0.2");
    expect(nodeBeside(graph, "1.2", "ArrowRight")).toBeNull();
  });

  it("lead across to the next beside", () => {
    const sorted = graph.places.filter(({ id }) => id.startsWith("0.")).sort((a, b) => a.y - b.y);
    expect(nodeBeside(graph, sorted[1]?.id ?? "", "ArrowDown")).toBe(sorted[2]?.id);
    expect(nodeBeside(graph, sorted[0]?.id ?? "", "ArrowUp")).toBeNull();
  });
});
