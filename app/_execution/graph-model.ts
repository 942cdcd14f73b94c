/** What the graph shows of each node and edge: the state of the turn and the item that are picked, and which way it went; pure. */
import type { Definition, Edge, MapGraph, Node } from "@/lib/contract/definition";
import type { StepStatus } from "@/lib/contract/executions";
import { DEFAULT_PORT, defaultPort } from "@/lib/core/definition/ports";
import { isOpenStep } from "@/lib/core/execution/statuses";
import type { LayoutInput } from "./graph-layout";
import { type Overlay, shownStatus } from "./step-overlay";
import {
  countItems,
  type Item,
  type ItemCounts,
  type MapItems,
  type StepTree,
  statusOfItem,
  type TakesFailure,
} from "./step-tree";
import type { Row } from "./timeline-model";

export interface NodeState {
  status: StepStatus;
  /** The execution closed before the node's turn came. */
  missed: boolean;
  /** The step that a click selects; null: none yet. */
  key: string | null;
  attempts: number;
  startedAt: number | null;
  endedAt: number | null;
  /** Its row among all its turns; null: none yet. */
  row: Row | null;
  turns: readonly Row[];
  /** Of a map: how far it is. */
  counts: ItemCounts | null;
}

export type EdgeState = "pending" | "taken" | "dead";

interface Graph {
  nodes: readonly Node[];
  edges: readonly Edge[];
}

/** A node of the definition or of the body of a map, by path. */
export interface GraphPlace {
  path: string;
  node: Node;
  /** The path of the map that it lies in. */
  map: string | null;
}

/** Where it lies, without the node itself. */
type Lies = Pick<GraphPlace, "path" | "map">;

export function bodyOf(node: Node): MapGraph | null {
  return node.type === "map" && "nodes" in node.body ? node.body : null;
}

/** All nodes that are shown: what lies in a map only where that is unfolded; outer ones first. */
export function placesOf(definition: Graph, unfolded: ReadonlySet<string>): GraphPlace[] {
  const places: GraphPlace[] = [];
  const add = ({ nodes }: Graph, map: string | null) => {
    for (const node of nodes) {
      const path = map === null ? node.id : `${map}/${node.id}`;
      places.push({ path, node, map });
      const body = unfolded.has(path) ? bodyOf(node) : null;
      if (body) add(body, path);
    }
  };
  add(definition, null);
  return places;
}

/** Edges of all graphs that are shown, by path. */
export function edgesOf(definition: Graph, unfolded: ReadonlySet<string>): (Edge & { map: string | null })[] {
  const within = ({ nodes, edges }: Graph, map: string | null): (Edge & { map: string | null })[] => {
    const prefix = map === null ? "" : `${map}/`;
    const own = edges.map((edge) => ({ ...edge, from: prefix + edge.from, to: prefix + edge.to, map }));
    const inner = nodes.flatMap((node) => {
      const body = unfolded.has(prefix + node.id) ? bodyOf(node) : null;
      return body ? within(body, prefix + node.id) : [];
    });
    return [...own, ...inner];
  };
  return within(definition, null);
}

export function layoutInputOf({ nodes, edges }: Graph, unfolded: ReadonlySet<string>, prefix = ""): LayoutInput {
  const inside = nodes.flatMap((node) => {
    const path = prefix + node.id;
    const body = unfolded.has(path) ? bodyOf(node) : null;
    return body ? [[path, layoutInputOf(body, unfolded, `${path}/`)] as const] : [];
  });
  return {
    nodes: nodes.map(({ id }) => prefix + id),
    edges: edges.map(({ from, to, loop }) => ({ from: prefix + from, to: prefix + to, loop: loop !== undefined })),
    inside: Object.fromEntries(inside),
  };
}

/** Which rows are meant: those that the selection names or lies in, else the newest turn and the item that says most. */
export class Picked {
  private readonly index: readonly number[];
  private readonly path: string | null;
  private readonly around: ReadonlySet<string>;
  /** Of the selection: a loop turns all nodes of its body together. */
  private readonly turn: number | null;

  constructor(
    private readonly tree: StepTree,
    private readonly selected: string | null,
    private readonly takesFailure: TakesFailure,
  ) {
    const row = selected === null ? undefined : tree.byKey.get(selected);
    this.index = row?.index ?? [];
    this.path = row?.node ?? null;
    this.turn = row?.iteration ?? null;
    this.around = new Set(row ? tree.around(row) : []);
  }

  /** null: its graph has not begun. */
  turnsOf({ path, map }: Lies): readonly Row[] {
    const scope = map === null ? this.tree.root : this.itemOf(map);
    return scope?.byPath.get(path)?.turns ?? [];
  }

  rowOf(place: Lies): Row | null {
    const turns = this.turnsOf(place);
    return (
      turns.find(({ key }) => key === this.selected || this.around.has(key)) ??
      turns.find(({ iteration }) => turns.length > 1 && iteration === this.turn) ??
      turns.at(-1) ??
      null
    );
  }

  itemsOf(map: string): MapItems | null {
    const row = this.rowOf({ path: map, map: parentOf(map) });
    return (row && this.tree.maps.get(row)) ?? null;
  }

  itemOf(map: string): Item | null {
    const items = this.itemsOf(map);
    if (!items) return null;
    const depth = map.split("/").length - 1;
    const isInside = this.path?.startsWith(`${map}/`) && this.index.length > depth;
    const own = isInside ? items.byNumber[this.index[depth] ?? -1] : undefined;
    return own ?? this.tellingItem(items);
  }

  private tellingItem({ byNumber }: MapItems): Item | null {
    const begun = byNumber.filter((item): item is Item => item !== undefined);
    const failed = begun.find((item) => statusOfItem(item, this.takesFailure) === "failed");
    return (
      failed ?? begun.find((item) => isOpenStep({ status: statusOfItem(item, this.takesFailure) })) ?? begun[0] ?? null
    );
  }
}

function parentOf(path: string): string | null {
  const at = path.lastIndexOf("/");
  return at === -1 ? null : path.slice(0, at);
}

export function nodeState(
  row: Row | null,
  turns: readonly Row[],
  overlay: Overlay,
  closed: boolean,
  counts: ItemCounts | null,
): NodeState {
  if (!row)
    return {
      status: "pending",
      missed: closed,
      key: null,
      attempts: 0,
      startedAt: null,
      endedAt: null,
      row: null,
      turns,
      counts,
    };
  return {
    status: shownStatus(row, overlay),
    missed: false,
    key: row.key,
    attempts: row.attempts.length,
    startedAt: row.spans.length > 0 ? row.startedAt : null,
    endedAt: row.endedAt,
    row,
    turns,
    counts,
  };
}

export function countsOf(row: Row | null, tree: StepTree, takesFailure: TakesFailure): ItemCounts | null {
  return row === null || row.items === null ? null : countItems(tree.maps.get(row), row, takesFailure);
}

/** An edge is taken when its node ended on the edge's port, dead when it ended in any other way. */
export function edgeState(edge: Edge, node: Node | undefined, source: Row | null): EdgeState {
  if (!source || source.endedAt === null || source.status === "pending") return "pending";
  if (source.status === "skipped" || source.status === "cancelled") return "dead";
  const isDefault = edge.port === undefined || (node !== undefined && edge.port === defaultPort(node));
  return source.port === (isDefault ? DEFAULT_PORT : edge.port) ? "taken" : "dead";
}

/** How often a loop was taken. */
export function turnsTaken(edge: Edge, sources: readonly Row[]): number {
  return sources.filter(({ loop, port }) => loop !== null && (edge.port === undefined || port === edge.port)).length;
}

/** A definition as stored may be newer than this page: only what has ids can be drawn. */
export function drawable(definition: Record<string, unknown> | undefined): Definition | null {
  return definition && Array.isArray(definition.nodes) && Array.isArray(definition.edges)
    ? (definition as unknown as Definition)
    : null;
}
