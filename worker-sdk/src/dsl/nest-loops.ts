/**
 * Makes loops lie in one another that would overlap. A step may be run anew after an error, with a wait before that, and
 * also lead back further: its wait is then on the way back to itself, but not on the way back further, and bodies that
 * overlap are refused. Where both ways back leave from one choice, whatever is on the one is on the other.
 */
import { linkNodes } from "@/lib/core/definition/graph";
import type { Edge, Node } from "../types";
import type { Graph } from "./reached";
import { stepPath } from "./references";

export function nestLoops(graph: Graph, freshId: (base: string) => string): void {
  if (!graph.edges.some(({ loop }) => loop !== undefined)) return;
  // Each round nests one loop in another; what is left after so many, validation refuses.
  for (let rounds = graph.edges.length; rounds > 0; rounds--) {
    const overlapping = findOverlap(graph);
    if (overlapping === null) return;
    leaveTogether(graph, overlapping, freshId);
  }
}

/** The ways back of an inner loop that are no part of the outer one, and one of the outer one. */
function findOverlap(graph: Graph): Edge[] | null {
  const { all } = linkNodes(graph).loops;
  for (const outer of all) {
    for (const inner of all) {
      if (inner === outer || !outer.body.has(inner.target) || inner.body.has(outer.target)) continue;
      const strays = inner.edges.filter(({ from }) => !outer.body.has(from));
      if (strays.length > 0) return [...strays, ...outer.edges.slice(0, 1)].flatMap(({ at }) => graph.edges[at] ?? []);
    }
  }
  return null;
}

/** Puts a choice between the ends of the ways and their targets: it goes back by the way on which it was reached. */
function leaveTogether(graph: Graph, ways: readonly Edge[], freshId: (base: string) => string): void {
  const places = new Map(graph.nodes.map(({ id }, i) => [id, i]));
  const marked = ways.map((way) => {
    const isOnlyOne = ways.filter(({ from }) => from === way.from).length === 1;
    return { way, exit: isOnlyOne ? way : mark(graph, way, freshId) };
  });
  // Of the nodes that the ways leave from, the last that was reached is the one that the taken way leaves from.
  marked.sort((a, b) => (places.get(b.way.from) ?? 0) - (places.get(a.way.from) ?? 0));
  const gate = freshId(`${ways.at(-1)?.to}.loops`);
  const ports = [...distinct(marked.slice(0, -1).map(({ way }) => way.port ?? way.from)), "otherwise"];
  const cases = marked.slice(0, -1).map(({ exit }, i) => ({ port: ports[i] ?? "", when: endedOn(exit) }));
  for (const way of ways) graph.edges.splice(graph.edges.indexOf(way), 1);
  graph.nodes.push({ id: gate, type: "choice", cases });
  for (const [i, { way, exit }] of marked.entries()) {
    const { from, port } = exit;
    graph.edges.push({ from, ...(port !== undefined && { port }), to: gate });
    graph.edges.push({ from: gate, port: ports[i] ?? "", to: way.to, loop: way.loop });
  }
}

function distinct(names: readonly string[]): string[] {
  return names.map((name, i) => (names.indexOf(name) === i ? name : `${name}_${i + 1}`));
}

/** A node that tells this way from another one that leaves from the same node. */
function mark(graph: Graph, { from, port }: Edge, freshId: (base: string) => string): Edge {
  const marker: Node = { id: freshId(`${from}.${port}`), type: "transform", value: null };
  graph.nodes.push(marker);
  graph.edges.push({ from, ...(port !== undefined && { port }), to: marker.id });
  return { from: marker.id, to: marker.id };
}

function endedOn({ from, port }: Edge): string {
  return `${stepPath({ id: from })}.status == ${port === "error" ? '"failed"' : '"completed"'}`;
}
