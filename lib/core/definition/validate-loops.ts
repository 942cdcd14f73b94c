/** What validation says about loops: where they lead back to, what enters and leaves them, how they lie in one another. */
import type { Finding } from "../../contract/findings";
import { type CompiledEdge, defaultPort } from "./graph";
import { groupBy } from "./group-by";
import { type CompiledLoop, type LoopEdge, MAX_LOOP_NESTING } from "./loops";
import { error, type Place } from "./place";
import { type JudgedScope, placeOf } from "./scopes";

/** Of a graph without cycles: in another one nobody knows which way is back. */
export function checkLoops(scope: JudgedScope): Finding[] {
  if (scope.loops.all.length === 0) return [];
  const ports = checkLoopPorts(scope);
  const nesting = checkNesting(scope);
  if (nesting.length > 0) return [...ports, ...nesting];
  return [...checkTargets(scope), ...ports, ...checkEntries(scope), ...checkExits(scope), ...checkOverlaps(scope)];
}

function checkTargets(scope: JudgedScope): Finding[] {
  return scope.loops.all.flatMap(({ target, edges, body }) =>
    edges
      .filter(({ from }) => !body.has(from))
      .map((edge) => {
        const message = `Let the loop lead back to ${idOf(scope, edge.from)} itself or to a node that leads there: ${idOf(scope, target)} does not.`;
        return error("LOOP_TARGET", placeOfEdge(scope, edge.at, "/to"), message);
      }),
  );
}

/** A port that leads back leads nowhere else, and only to one place. */
function checkLoopPorts(scope: JudgedScope): Finding[] {
  const { graph, ordinals } = scope;
  const ofPorts = groupBy(
    graph.edges.map((edge, at) => ({ ...edge, at })).filter(({ from }) => ordinals.has(from)),
    ({ from, port }) => `${from} ${port ?? defaultPort(graph.nodes[ordinals.get(from) ?? -1] ?? { type: "task" })}`,
  );
  return [...ofPorts.values()].flatMap((edges) => {
    const back = edges.find(({ loop }) => loop !== undefined);
    if (back === undefined || edges.length === 1) return [];
    const others = edges.length === 2 ? "another edge is" : `${edges.length - 1} other edges are`;
    const message = `Give the loop edge from ${back.from} to ${back.to} a port of its own: ${others} on the same one.`;
    return [error("LOOP_PORT", placeOfEdge(scope, back.at), message)];
  });
}

/** A body is entered at its target alone, for there a turn begins. */
function checkEntries(scope: JudgedScope): Finding[] {
  return forwardEdges(scope).flatMap(({ edge, at }) => {
    const entered = scope.loops.around(edge.to).find((number) => {
      const loop = scope.loops.all[number];
      return loop !== undefined && loop.target !== edge.to && !loop.body.has(edge.from);
    });
    if (entered === undefined) return [];
    const target = idOf(scope, scope.loops.all[entered]?.target);
    const message = `Lead this edge to ${target} or past the loop: ${idOf(scope, edge.to)} is inside the loop that begins at ${target}.`;
    return [error("LOOP_ENTRY", placeOfEdge(scope, at), message)];
  });
}

/** What leaves a body waits until the body is done, and what stays does not: one port cannot do both. */
function checkExits(scope: JudgedScope): Finding[] {
  const ofPorts = groupBy(forwardEdges(scope), ({ edge: { from, port } }) => `${from} ${port}`);
  return [...ofPorts.values()].flatMap((edges) => {
    const most = edges.reduce((a, b) => (b.edge.leaves.length > a.edge.leaves.length ? b : a));
    const staying = edges.find(({ edge }) => edge.leaves.length < most.edge.leaves.length);
    if (staying === undefined) return [];
    const from = idOf(scope, most.edge.from);
    const message = `Give this edge of ${from} a port of its own: it leaves a loop, and the one to ${idOf(scope, staying.edge.to)} on the same port stays inside.`;
    return [error("LOOP_PORT", placeOfEdge(scope, most.at), message)];
  });
}

/** From the largest to the smallest: all nodes of a body must then lie in the same innermost one of those before. */
function checkOverlaps(scope: JudgedScope): Finding[] {
  const innermost = new Map<number, CompiledLoop>();
  return scope.loops.all.toReversed().flatMap((loop) => {
    const around = innermost.get(loop.target);
    const stray = [...loop.body].find((ordinal) => innermost.get(ordinal) !== around);
    for (const ordinal of loop.body) innermost.set(ordinal, loop);
    if (stray === undefined) return [];
    return [overlap(scope, loop, innermostOf(scope, loop, stray) ?? around ?? loop)];
  });
}

/** The smallest loop larger than this one that has the node, too. */
function innermostOf({ loops }: JudgedScope, { number }: CompiledLoop, ordinal: number): CompiledLoop | undefined {
  return loops.all[loops.around(ordinal).find((other) => other > number) ?? -1];
}

function overlap(scope: JudgedScope, { target, edges }: CompiledLoop, other: CompiledLoop): Finding {
  const message = `Let the loops that begin at ${idOf(scope, target)} and ${idOf(scope, other.target)} lie one inside the other, or have no node in common.`;
  return error("LOOP_OVERLAP", placeOfEdge(scope, firstOf(edges)?.at ?? 0), message);
}

function checkNesting(scope: JudgedScope): Finding[] {
  const deep = scope.nodes.find(({ loops }) => loops.length > MAX_LOOP_NESTING);
  if (deep === undefined) return [];
  const message = `Let fewer loops lie inside one another: ${deep.id} is in more than ${MAX_LOOP_NESTING}.`;
  return [error("LOOP_NESTING", placeOf(scope, deep.ordinal), message)];
}

interface PlacedEdge {
  readonly edge: CompiledEdge;
  readonly at: number;
}

/** With their places among the edges of the scope. */
function forwardEdges({ graph, nodes, ordinals }: JudgedScope): PlacedEdge[] {
  const next = new Map<number, number>();
  return graph.edges.flatMap(({ from, to, loop }, at) => {
    const source = ordinals.get(from) ?? -1;
    if (loop !== undefined || !ordinals.has(to)) return [];
    const out = next.get(source) ?? 0;
    next.set(source, out + 1);
    const edge = nodes[source]?.outs[out];
    return edge === undefined ? [] : [{ edge, at }];
  });
}

function firstOf(edges: readonly LoopEdge[]): LoopEdge | undefined {
  return edges.reduce<LoopEdge | undefined>((a, b) => (a === undefined || b.at < a.at ? b : a), undefined);
}

function idOf({ nodes }: JudgedScope, ordinal: number | undefined): string {
  return nodes[ordinal ?? -1]?.id ?? "?";
}

function placeOfEdge({ path, graph }: JudgedScope, at: number, suffix = ""): Place {
  const node = graph.edges[at]?.from;
  return { path: `${path}/edges/${at}${suffix}`, ...(node === undefined ? {} : { node }) };
}
