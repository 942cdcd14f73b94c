/** What validation says about loops: where they lead back to, what enters and leaves them, how they lie in one another. */
import type { Finding } from "../../contract/findings";
import type { CompiledEdge, LinkedNode } from "./graph";
import { type CompiledLoop, type LoopEdge, MAX_LOOP_NESTING } from "./loops";
import { error, type Place } from "./place";
import { defaultPort } from "./ports";
import { type JudgedScope, placeOf } from "./scopes";

/** Of a graph without cycles: in another one nobody knows which way is back. */
export function checkLoops(scope: JudgedScope): Finding[] {
  const { nodes, loops } = scope;
  if (loops.all.length === 0) return [];
  const ports = nodes.flatMap((node) => checkLoopPorts(scope, node));
  const deep = nodes.find((node) => node.loops.length > MAX_LOOP_NESTING);
  if (deep !== undefined) return [...ports, nestingFinding(scope, deep)];
  return [
    ...loops.all.flatMap((loop) => checkTarget(scope, loop)),
    ...ports,
    ...nodes.flatMap(({ outs }) => outs.flatMap((edge) => checkEntry(scope, edge))),
    ...nodes.flatMap((node) => checkExits(scope, node)),
    ...checkOverlaps(scope),
  ];
}

function nestingFinding(scope: JudgedScope, { id, ordinal }: LinkedNode): Finding {
  const message = `Let fewer loops lie inside one another: ${id} is in more than ${MAX_LOOP_NESTING}.`;
  return error("LOOP_NESTING", placeOf(scope, ordinal), message);
}

function checkTarget(scope: JudgedScope, { target, edges, body }: CompiledLoop): Finding[] {
  return edges
    .filter(({ from }) => !body.has(from))
    .map((edge) => {
      const message = `Let the loop lead back to ${idOf(scope, edge.from)} itself or to a node that leads there: ${idOf(scope, target)} does not.`;
      return error("LOOP_TARGET", placeOfEdge(scope, edge.at, "/to"), message);
    });
}

/** A port that leads back leads nowhere else, and only to one place. */
function checkLoopPorts(scope: JudgedScope, { id, outs, loopEdges }: LinkedNode): Finding[] {
  const firsts = loopEdges.filter((edge) => loopEdges.every(({ port, at }) => port !== edge.port || at >= edge.at));
  return firsts.flatMap(({ port, to, at }) => {
    const others = [...outs, ...loopEdges].filter((edge) => edge.port === port).length - 1;
    if (others === 0) return [];
    const more = others === 1 ? "another edge is" : `${others} other edges are`;
    const message = `Give the loop edge from ${id} to ${idOf(scope, to)} a port of its own: ${more} on ${port}, too.`;
    return [error("LOOP_PORT", placeOfEdge(scope, at), message)];
  });
}

/** A body is entered at its target alone, for there a turn begins. */
function checkEntry(scope: JudgedScope, edge: CompiledEdge): Finding[] {
  const entered = scope.loops.around(edge.to).find((number) => {
    const loop = scope.loops.all[number];
    return loop !== undefined && loop.target !== edge.to && !loop.body.has(edge.from);
  });
  if (entered === undefined) return [];
  const target = idOf(scope, scope.loops.all[entered]?.target ?? -1);
  const message = `Lead this edge to ${target} or past the loop: ${idOf(scope, edge.to)} is inside the loop that begins at ${target}.`;
  return [error("LOOP_ENTRY", placeOfForward(scope, edge), message)];
}

/** What leaves a body waits until the body is done, and what stays does not: one port cannot do both. */
function checkExits(scope: JudgedScope, { id, outs, loops }: LinkedNode): Finding[] {
  if (loops.length === 0 || outs.length < 2) return [];
  return [...new Set(outs.map(({ port }) => port))].flatMap((port) => {
    const edges = outs.filter((edge) => edge.port === port);
    const furthest = edges.reduce((a, b) => (b.leaves.length > a.leaves.length ? b : a));
    const staying = edges.find(({ leaves }) => leaves.length < furthest.leaves.length);
    if (staying === undefined) return [];
    const message = `Give the edge from ${id} to ${idOf(scope, furthest.to)} a port of its own: it leaves a loop, and the one to ${idOf(scope, staying.to)} on ${port}, too, stays inside.`;
    return [error("LOOP_PORT", placeOfForward(scope, furthest), message)];
  });
}

/** From the largest to the smallest: all nodes of a body must then lie in the same innermost one of those before. */
function checkOverlaps(scope: JudgedScope): Finding[] {
  const innermost = new Map<number, CompiledLoop>();
  return scope.loops.all.toReversed().flatMap((loop) => {
    const around = innermost.get(loop.target);
    const others = [...loop.body].map((ordinal) => innermost.get(ordinal));
    for (const ordinal of loop.body) innermost.set(ordinal, loop);
    const other = others.find((each) => each !== undefined && each !== around) ?? around;
    return other === undefined || others.every((each) => each === around) ? [] : [overlap(scope, loop, other)];
  });
}

function overlap(scope: JudgedScope, { target, edges }: CompiledLoop, other: CompiledLoop): Finding {
  const first = edges.reduce((a: LoopEdge | undefined, b) => (a === undefined || b.at < a.at ? b : a), undefined);
  const message = `Let the loops that begin at ${idOf(scope, target)} and at ${idOf(scope, other.target)} lie one inside the other, or have no node in common.`;
  return error("LOOP_OVERLAP", placeOfEdge(scope, first?.at ?? 0), message);
}

function idOf({ nodes }: JudgedScope, ordinal: number): string {
  return nodes[ordinal]?.id ?? "?";
}

function placeOfForward(scope: JudgedScope, edge: CompiledEdge): Place {
  const source = scope.graph.nodes[edge.from];
  const port = source && defaultPort(source);
  const to = idOf(scope, edge.to);
  const at = scope.graph.edges.findIndex(
    (it) => it.from === source?.id && it.to === to && (it.port ?? port) === edge.port && it.loop === undefined,
  );
  return placeOfEdge(scope, at);
}

function placeOfEdge({ path, graph }: JudgedScope, at: number, suffix = ""): Place {
  const node = graph.edges[at]?.from;
  return { path: `${path}/edges/${at}${suffix}`, ...(node === undefined ? {} : { node }) };
}
