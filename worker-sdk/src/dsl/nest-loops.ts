/**
 * Makes loops lie in one another that would overlap. A step may be run anew after an error, with a wait before that, and
 * also lead back further: its wait is then on the way back to itself, but not on the way back further, and bodies that
 * overlap are refused. So behind an inner loop stands a gate: a choice through which all ways back lead, those to its
 * target and those further, and whatever is on the one is on the other.
 */
import { type LinkedNode, linkNodes } from "@/lib/core/definition/graph";
import type { Edge } from "../types/definition";
import type { Graph } from "./reached";
import { stepPath } from "./references";

/** A way back: the loop edge on which it ends, and what tells whether it is the one that was taken. */
interface Way {
  edge: Edge;
  readonly name: string;
  /** Where among the nodes the one stands that it began at. */
  readonly place: number;
  /** CEL; null: other ways begin at the same node. */
  taken: string | null;
}

export function nestLoops(graph: Graph, freshId: (base: string) => string): void {
  const ways = waysOf(graph);
  const places = new Map(graph.nodes.map(({ id }, i) => [id, i]));
  const targets = [...new Set(ways.map(({ edge }) => edge.to))];
  // From the innermost loop to the outermost, so that a gate never leads to one of a loop inside its own.
  targets.sort((a, b) => (places.get(b) ?? 0) - (places.get(a) ?? 0));
  for (const target of targets) {
    if (!overlaps(graph, target)) continue;
    const through = throughOf(graph, target);
    addGate(
      graph,
      target,
      ways.filter(({ edge }) => through(edge)),
      freshId,
    );
  }
}

function waysOf({ nodes, edges }: Graph): Way[] {
  const back = edges.filter(({ loop }) => loop !== undefined);
  return back.map((edge) => {
    const { from, port } = edge;
    const isAlone = back.filter((other) => other.from === from).length === 1;
    return {
      edge,
      name: port === undefined || port === "otherwise" || port === "error" ? from : port,
      place: nodes.findIndex(({ id }) => id === from),
      taken: isAlone ? statusIs(from, port === "error" ? "failed" : "completed") : null,
    };
  });
}

/** Whether the loop lies in another one, but for nodes that only its own ways back lead over. */
function overlaps(graph: Graph, target: string): boolean {
  const { linked, loops } = linkNodes(graph);
  const inner = loops.all.find((loop) => linked[loop.target]?.id === target);
  if (inner === undefined) return false;
  return loops.all
    .filter((outer) => outer !== inner && outer.body.has(inner.target) && !inner.body.has(outer.target))
    .some((outer) => inner.edges.some(({ from }) => !outer.body.has(from)));
}

/** Whether a way back begins behind the target, and leads there or further. */
function throughOf(graph: Graph, target: string): (edge: Edge) => boolean {
  const { linked } = linkNodes(graph);
  const ordinals = new Map(linked.map(({ id, ordinal }) => [id, ordinal]));
  const of = (id: string) => ordinals.get(id) ?? -1;
  const behind = nodesBehind(linked, of(target));
  return ({ from, to }) => behind.has(of(from)) && nodesBehind(linked, of(to)).has(of(target));
}

/** The node itself, and all that it leads to. */
function nodesBehind(linked: readonly LinkedNode[], start: number): Set<number> {
  const found = new Set([start]);
  for (const ordinal of found) for (const { to } of linked[ordinal]?.outs ?? []) found.add(to);
  return found;
}

/** Of the nodes that the ways begin at, the last that was reached is the one that the taken way began at. */
function addGate(graph: Graph, target: string, through: readonly Way[], freshId: (base: string) => string): void {
  const ways = through.toSorted((a, b) => b.place - a.place);
  const gate = freshId(`${target}.loops`);
  for (const way of ways) {
    graph.edges.splice(graph.edges.indexOf(way.edge), 1);
    const { from, port } = way.taken === null ? mark(graph, way, freshId) : way.edge;
    graph.edges.push({ from, ...(port !== undefined && { port }), to: gate });
  }
  const last = ways.length - 1;
  const portOf = ({ name }: Way, i: number) => {
    if (i === last) return "otherwise";
    return ways.findIndex((other) => other.name === name) === i ? name : `${name}_${i + 1}`;
  };
  const cases = ways.slice(0, last).map((way, i) => ({ port: portOf(way, i), when: way.taken ?? "" }));
  graph.nodes.push({ id: gate, type: "choice", cases });
  for (const [i, way] of ways.entries()) {
    way.edge = { from: gate, port: portOf(way, i), to: way.edge.to, loop: way.edge.loop };
    graph.edges.push(way.edge);
  }
}

/** Leads the way over a node of its own, by which it is told from others that begin at the same one. */
function mark(graph: Graph, way: Way, freshId: (base: string) => string): { from: string; port?: string } {
  const { from, port } = way.edge;
  const id = freshId(`${from}.${port ?? "on"}`);
  graph.nodes.push({ id, type: "transform", value: null });
  graph.edges.push({ from, ...(port !== undefined && { port }), to: id });
  way.taken = statusIs(id, "completed");
  return { from: id };
}

function statusIs(id: string, status: string): string {
  return `${stepPath({ id })}.status == ${JSON.stringify(status)}`;
}
