/** Losers and the bodies of loops, found again by following every single path of random graphs. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CompiledGraph, compileGraph } from "@/lib/core/definition/graph";
import { losersOf } from "@/lib/core/definition/losers";
import { arbitraryDefinition } from "./support/random-definition";

/** Every path along forward edges that begins at a node, as long as it gets. */
function pathsFrom(graph: CompiledGraph, ordinal: number): number[][] {
  const next = new Set(graph.nodes[ordinal]?.outs.map(({ to }) => to));
  if (next.size === 0) return [[ordinal]];
  return [...next].flatMap((to) => pathsFrom(graph, to).map((path) => [ordinal, ...path]));
}

const compiled = arbitraryDefinition({ features: ["loops", "maps"] }).map(compileGraph);
/** More would only be more of the same. */
const isSmall = (graph: CompiledGraph) =>
  graph.nodes.every(({ ordinal, ins }) => ins.length > 0 || pathsFrom(graph, ordinal).length < 2000);

describe("the losers of a join", () => {
  it("are those from which no path leads around it to what comes after it", () => {
    let found = 0;
    fc.assert(
      fc.property(compiled.filter(isSmall), (graph) => {
        const paths = graph.nodes.map(({ ordinal }) => pathsFrom(graph, ordinal));
        for (const { ordinal: join } of graph.nodes) {
          const after = new Set(paths[join]?.flatMap(([, ...rest]) => rest));
          const losers = graph.nodes
            .map(({ ordinal }) => ordinal)
            .filter((ordinal) => ordinal !== join && paths[ordinal]?.some((path) => path.includes(join)))
            .filter((ordinal) => paths[ordinal]?.every((path) => !leadsAround(path, join, after)));
          expect(losersOf(graph, join)).toEqual(losers);
          found += losers.length;
        }
      }),
      { numRuns: 200 },
    );
    expect(found).toBeGreaterThan(200);
  });

  function leadsAround(path: readonly number[], join: number, after: ReadonlySet<number>): boolean {
    const until = path.indexOf(join);
    return path.slice(1, until < 0 ? undefined : until).some((ordinal) => after.has(ordinal));
  }
});

describe("the body of a loop", () => {
  it("is what lies on the paths from its target to its sources, and lies in the bodies around it", () => {
    let found = 0;
    fc.assert(
      fc.property(compiled.filter(isSmall), (graph) => {
        for (const { loops, nodes } of graph.scopes) {
          for (const { number, target, edges, body, parent } of loops) {
            const paths = pathsFrom(graph, target);
            const expected = edges.flatMap(({ from }) =>
              paths.filter((path) => path.includes(from)).flatMap((path) => path.slice(0, path.indexOf(from) + 1)),
            );
            expect([...body].sort()).toEqual([...new Set(expected)].sort());
            const around = loops.filter(
              (other) =>
                other.number !== number && other.body.has(target) && [...body].every((it) => other.body.has(it)),
            );
            const smallest = around.sort((a, b) => a.body.size - b.body.size)[0];
            expect(parent).toBe(smallest?.number ?? null);
            found++;
          }
          for (const node of nodes) {
            const inside = loops.filter(({ body }) => body.has(node.ordinal)).sort((a, b) => a.body.size - b.body.size);
            expect(node.loops).toEqual(inside.map(({ number }) => number));
            for (const { to, leaves } of node.outs) {
              expect(leaves).toEqual(inside.filter(({ body }) => !body.has(to)).map(({ number }) => number));
            }
          }
        }
      }),
      { numRuns: 200 },
    );
    expect(found).toBeGreaterThan(100);
  });
});
