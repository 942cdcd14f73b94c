/** Fixes of how nodes hang together: edges, outcomes, joins, loops, ids. */
import type { Edge, Node } from "../../contract/definition";
import { OTHERWISE_PORT, portsOf } from "../../core/definition/ports";
import { scopesOf } from "../../core/definition/scopes";
import { type EdgeRef, everyId, freshId, type Graph, graphAt, nodeOf, type Scope, withGraph } from "../document";
import type { Edit } from "../edits";
import type { FieldPlace } from "../fields/place-at";
import { renamedGraph } from "../rename";
import { type Fix, type Fixer, type Found, fix, setField } from "./fix";
import { nearest } from "./nearest";

type AtEdge = Extract<FieldPlace, { kind: "edge" }>;

const ofEdge =
  (fixes: (place: AtEdge, graph: Graph, found: Found) => readonly Fix[]): Fixer =>
  (found) => {
    const { place, document } = found;
    const graph = place.kind === "edge" ? graphAt(document.definition, place.scope) : null;
    return place.kind === "edge" && graph !== null ? fixes(place, graph, found) : [];
  };

function takeOut({ scope, edge }: AtEdge): Fix[] {
  return fix(`Take the edge to ${edge.to} out`, [{ type: "remove", nodes: [], edges: [{ scope, edge }] }]);
}

function lead({ scope, edge }: AtEdge, title: string, to: Partial<EdgeRef>): Fix[] {
  return fix(title, [{ type: "reconnect", scope, edge, to: { ...edge, ...to } }]);
}

export const fixUnknownNode = ofEdge((place, { nodes }) => {
  const end = place.path[0] === "from" ? "from" : "to";
  const near = nearest(
    place.edge[end],
    nodes.map(({ id }) => id),
    1,
  );
  return [...near.flatMap((id) => lead(place, `Name ${id}`, { [end]: id })), ...takeOut(place)];
});

export const fixUnknownPort = ofEdge((place, { nodes }) => {
  const source = nodes.find(({ id }) => id === place.edge.from);
  if (source === undefined || portsOf(source).length === 0) return takeOut(place);
  const near = nearest(place.edge.port, portsOf(source), 1);
  const declared: Edit[] =
    source.type === "task"
      ? [{ type: "set-node", node: source.id, path: ["ports"], value: [...(source.ports ?? []), place.edge.port] }]
      : [];
  return [
    ...near.flatMap((port) => lead(place, `Lead on from ${port}`, { port })),
    ...fix(`Declare the outcome ${place.edge.port}`, declared),
    ...(near.length === 0 && declared.length === 0 ? takeOut(place) : []),
  ];
});

export const fixCycle = ofEdge((place) => [
  ...fix(`Make the edge to ${place.edge.to} a loop`, [
    { type: "set-loop", scope: place.scope, edge: place.edge, loop: {} },
  ]),
  ...takeOut(place),
]);

export const fixLoopTarget = ofEdge((place) => [
  ...fix("Let it lead on, without a loop", [{ type: "set-loop", scope: place.scope, edge: place.edge, loop: null }]),
  ...takeOut(place),
]);

export const fixByTakingOut = ofEdge((place) => takeOut(place));

/** To where the loop begins that it leads into the middle of. */
export const fixLoopEntry = ofEdge((place, graph, { document }) => {
  const scope = scopesOf(document.definition).find(({ inside }) => (inside?.map.id ?? null) === place.scope);
  const from = scope?.ordinals.get(place.edge.from) ?? -1;
  const to = scope?.ordinals.get(place.edge.to) ?? -1;
  const entered = scope?.loops.all.filter(({ body, target }) => body.has(to) && target !== to && !body.has(from)) ?? [];
  const starts = entered.flatMap(({ target }) => graph.nodes[target]?.id ?? []);
  return [
    ...starts.flatMap((start) => lead(place, `Lead to ${start}, where the loop begins`, { to: start })),
    ...takeOut(place),
  ];
});

export const fixJoin: Fixer = (found) => {
  const { place, document } = found;
  const at = place.kind === "node" ? nodeOf(document.definition, place.node) : null;
  if (at === null) return [];
  const edges = graphAt(document.definition, at.scope)?.edges ?? [];
  const count = edges.filter(({ to, loop }) => to === at.node.id && loop === undefined).length;
  return [
    ...(count > 1 ? fix(`Wait for ${count}`, setField(found, ["join"], count)) : []),
    ...fix(count === 0 ? "Take join out" : "Wait for all", setField(found, ["join"], undefined)),
  ];
};

/** What goes on either way comes first; else the path ends, one way or the other. */
export const fixNoOtherwise: Fixer = ({ place, document: { definition } }) => {
  const at = place.kind === "node" ? nodeOf(definition, place.node) : null;
  const graph = at && graphAt(definition, at.scope);
  if (at === null || graph === null || at.node.type !== "choice") return [];
  const { id } = at.node;
  const next = meeting(graph, id);
  const end = freshId(everyId(definition), `${id}_otherwise`.slice(0, 120));
  const added = (node: Node): Edit[] => [
    { type: "add-node", scope: at.scope, node, after: { node: id, port: OTHERWISE_PORT } },
  ];
  return [
    ...(next === null
      ? []
      : fix(`Otherwise go on with ${next}`, [
          { type: "connect", scope: at.scope, edge: { from: id, port: OTHERWISE_PORT, to: next } },
        ])),
    ...fix("Otherwise end as completed", added({ id: end, type: "succeed" })),
    ...fix(
      "Otherwise end as failed",
      added({ id: end, type: "fail", code: "NO_CASE", message: `No case of ${id} holds.` }),
    ),
  ];
};

/** Where the ways of a choice come together again; of one way, what comes after its first node. */
function meeting(graph: Graph, choice: string): string | null {
  const forward = graph.edges.filter(({ loop }) => loop === undefined);
  const ways = forward.filter(({ from, port }) => from === choice && port !== "error").map(({ to }) => to);
  const [first, ...others] = ways.map((to) => reached(forward, to));
  if (first === undefined) return null;
  const isOne = new Set(ways).size === 1;
  return (
    [...first].find((id) => id !== choice && !(isOne && id === ways[0]) && others.every((way) => way.has(id))) ?? null
  );
}

/** Nearest first, itself too. */
function reached(edges: readonly Edge[], start: string): ReadonlySet<string> {
  const found = new Set([start]);
  for (const id of found) for (const { from, to } of edges) if (from === id) found.add(to);
  return found;
}

/** In another graph its edges and expressions follow it; in the same one they stay with the first of that name. */
export const fixDuplicateId: Fixer = ({ finding, place, document: { definition } }) => {
  if (place.kind !== "node") return [];
  const ids = everyId(definition);
  const isItem = !finding.path.endsWith("/id");
  const taken = isItem ? `${place.node}.item` : place.node;
  const to = freshId(ids, `${taken.slice(0, 120)}_2`);
  if (isItem) return fix(`Call the other one ${to}`, [{ type: "rename-node", node: taken, to }]);
  const [graphPath = "", ordinal = ""] = split(finding.path);
  const next = withGraph(definition, scopeOf(definition, graphPath), (graph) => {
    const isTwice = graph.nodes.filter(({ id }) => id === taken).length > 1;
    if (!isTwice) return renamedGraph(graph, new Map([[taken, to]]));
    return { ...graph, nodes: graph.nodes.map((node, i) => (i === Number(ordinal) ? { ...node, id: to } : node)) };
  });
  return fix(`Call this one ${to}`, [{ type: "replace", definition: next }]);
};

function split(path: string): string[] {
  const match = /^(.*)\/nodes\/(\d+)\/id$/.exec(path);
  return match === null ? [] : match.slice(1);
}

function scopeOf(definition: Graph, graphPath: string): Scope {
  const ordinals = [...graphPath.matchAll(/\/nodes\/(\d+)\/body/g)].map(([, ordinal]) => Number(ordinal));
  let graph: Graph | null = definition;
  let scope: Scope = null;
  for (const ordinal of ordinals) {
    const node: Node | undefined = graph?.nodes[ordinal];
    scope = node?.id ?? null;
    graph = node?.type === "map" && "nodes" in node.body ? node.body : null;
  }
  return scope;
}

const LONGEST_MAP_ID = 123;

export const fixLongId: Fixer = ({ place, document: { definition } }) => {
  if (place.kind !== "node") return [];
  const to = freshId(everyId(definition), place.node.slice(0, LONGEST_MAP_ID - 4));
  return fix("Shorten its id", [{ type: "rename-node", node: place.node, to }]);
};
