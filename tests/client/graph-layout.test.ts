/** Nodes lie behind what they wait for and never on each other, small graphs and large ones alike. */
import { describe, expect, it } from "vitest";
import { type LayoutInput, layoutGraph, NODE_HEIGHT, NODE_WIDTH } from "@/app/_execution/graph-layout";

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
