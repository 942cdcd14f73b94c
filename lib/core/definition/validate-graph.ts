/** What validation says about how nodes hang together: ids, edges, ports, cycles, joins. */
import type { Node } from "../../contract/definition";
import type { Finding } from "../../contract/findings";
import { MAX_NODES } from "../../contract/limits";
import { groupBy } from "./group-by";
import type { Arc } from "./order";
import { at, error, type Place } from "./place";
import { defaultPort, portsOf } from "./ports";
import { type JudgedScope, placedNodes, placeOf } from "./scopes";

/** Ids are unique in the whole document, whatever map a node is in. */
export function checkIds(scopes: readonly JudgedScope[]): Finding[] {
  const first = new Map<string, Place>();
  const count = scopes.reduce((sum, { nodes }) => sum + nodes.length, 0);
  return [
    ...scopes.filter(({ nodes }) => nodes.length === 0).map(emptyGraph),
    ...(count > MAX_NODES ? [error("TOO_MANY_NODES", { path: "/nodes" }, tooMany(count))] : []),
    ...scopes.flatMap((scope) =>
      placedNodes(scope).flatMap(({ node: { id }, place }): Finding[] => {
        if (scope.inside?.isTask && id.length > MAX_ID) return [longId(scope.inside.map.id, place)];
        const earlier = first.get(id);
        first.set(id, earlier ?? place);
        return earlier === undefined ? [] : [duplicateId(scope, id, place, earlier)];
      }),
    ),
  ];
}

const MAX_ID = 128;

function emptyGraph({ path, inside }: JudgedScope): Finding {
  const place = { path: `${path}/nodes`, ...(inside === null ? {} : { node: inside.map.id }) };
  return error("EMPTY_GRAPH", place, "Add a node: the graph has none.");
}

function tooMany(count: number): string {
  return `Split the workflow, with child workflows: it has ${count} nodes, maps included, and may have ${MAX_NODES}.`;
}

function longId(map: string, place: Place): Finding {
  const message = `Shorten the id of this map by ${`${map}.item`.length - MAX_ID}: the task in it is named ${map}.item.`;
  return error("MALFORMED_ID", place, message);
}

function duplicateId({ inside }: JudgedScope, id: string, place: Place, earlier: Place): Finding {
  if (!inside?.isTask) {
    return error("DUPLICATE_ID", at(place, "/id"), `Give this node another id: ${earlier.path} is called ${id}, too.`);
  }
  const message = `Give this map or ${earlier.path} another id: the task in the map is called ${id}, too.`;
  return error("DUPLICATE_ID", place, message);
}

export function checkEdges(scope: JudgedScope, all: ReadonlyMap<string, JudgedScope>): Finding[] {
  return scope.graph.edges.flatMap(({ from, port, to }, i): Finding[] => {
    const place = { path: `${scope.path}/edges/${i}` };
    const source = scope.graph.nodes[scope.ordinals.get(from) ?? -1];
    return [
      ...checkEnd(scope, all, at(place, "/from"), from),
      ...checkEnd(scope, all, at(place, "/to"), to),
      ...(source === undefined ? [] : checkPort(source, port, { ...place, node: from })),
    ];
  });
}

function checkEnd(
  { ordinals }: JudgedScope,
  all: ReadonlyMap<string, JudgedScope>,
  place: Place,
  id: string,
): Finding[] {
  if (ordinals.has(id)) return [];
  const message = all.has(id)
    ? `${id} is in another graph, and edges do not lead into maps or out of them: name a node of this graph.`
    : `There is no node ${id}: name one that there is, or take the edge out.`;
  return [error("UNKNOWN_NODE", place, message)];
}

function checkPort(source: Node, port: string | undefined, place: Place): Finding[] {
  const ports = portsOf(source);
  if (ports.includes(port ?? defaultPort(source))) return [];
  const where = port === undefined ? place : at(place, "/port");
  return [error("UNKNOWN_PORT", where, unknownPort(source, port ?? defaultPort(source), ports))];
}

function unknownPort({ id, type }: Node, port: string, ports: readonly string[]): string {
  if (ports.length === 0) return `${id} is a ${type} node, after which nothing runs: take the edge out.`;
  return `${id} has no port ${port}: use one of ${ports.join(", ")}.`;
}

/** Loop edges do not count: they start their target without asking. */
export function checkJoins(scope: JudgedScope): Finding[] {
  const incoming = groupBy(
    scope.graph.edges.filter(({ loop }) => loop === undefined),
    ({ to }) => to,
  );
  return scope.graph.nodes.flatMap(({ id, join }, ordinal): Finding[] => {
    const count = incoming.get(id)?.length ?? 0;
    if (typeof join !== "number" || (join >= 1 && join <= count)) return [];
    const message =
      count === 0
        ? `${id} waits for ${join} incoming edges and has none: take join out.`
        : `${id} waits for ${join} of its ${count} incoming edges: use a number from 1 to ${count}, any or all.`;
    return [error("JOIN_OUT_OF_RANGE", at(placeOf(scope, ordinal), "/join"), message)];
  });
}

export function checkCycles(scope: JudgedScope): Finding[] {
  return scope.cycles.map((cycle) => cycleFinding(scope, cycle));
}

function cycleFinding({ path, graph }: JudgedScope, cycle: readonly Arc[]): Finding {
  const closing = cycle.at(-1)?.at ?? 0;
  const ids = cycle.map(({ from }) => graph.nodes[from]?.id);
  const shown = ids.length > 8 ? [...ids.slice(0, 4), "…", ...ids.slice(-3)] : ids;
  const node = graph.edges[closing]?.from;
  return error(
    "CYCLE",
    { path: `${path}/edges/${closing}`, ...(node === undefined ? {} : { node }) },
    `The edges lead in a circle, ${[...shown, ids[0]].join(" → ")}: take one out, or give the one that leads back a loop.`,
  );
}
