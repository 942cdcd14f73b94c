/** What the graph view hands to React Flow: nodes and edges of the definition, with the state of their steps at the shown moment. */
import { MarkerType } from "@xyflow/react";
import { useMemo } from "react";
import { graphTexts as words } from "@/lib/client/texts/timeline";
import type { Definition } from "@/lib/contract/definition";
import { ERROR_PORT } from "@/lib/core/definition/ports";
import { classNames } from "../_ui/class-names";
import type { CriticalPath } from "./critical-path";
import type { StepEdge } from "./graph-edge";
import type { Layout, Placed } from "./graph-layout";
import {
  bodyOf,
  countsOf,
  type EdgeState,
  edgeState,
  edgesOf,
  type GraphPlace,
  nodeState,
  Picked,
  placesOf,
  turnsTaken,
} from "./graph-model";
import type { StepNode } from "./graph-node";
import { tellingRow, treeOf } from "./step-tree";
import type { TimelineProps } from "./timeline-view";
import { failureTakers } from "./use-timeline-model";

/** How far a loop keeps from what it passes. */
const CLEARANCE = 28;

export interface DrawnProps extends TimelineProps {
  definition: Definition;
  layout: Layout;
  /** Paths of the maps whose bodies are shown. */
  unfolded: ReadonlySet<string>;
  onUnfold: (path: string) => void;
}

export function useDrawn(
  { snapshot, overlay, selected, onSelect, definition, layout, unfolded, onUnfold, execution }: DrawnProps,
  { until, open }: { until: number; open: boolean },
  path: CriticalPath | null,
) {
  const { timeline, version } = snapshot;
  const closed = execution.closedAt !== null;
  const takesFailure = useMemo(() => failureTakers(definition), [definition]);
  const placed = useMemo(() => new Map(layout.places.map((place) => [place.id, place])), [layout]);
  const shown = useMemo(
    () => placesOf(definition, unfolded).filter((place) => placed.has(place.path)),
    [definition, unfolded, placed],
  );
  const onPath = useMemo(() => path && nodesOnPath(path, timeline), [path, timeline]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version stands for rows that changed in place
  const picked = useMemo(
    () => new Picked(treeOf(timeline), selected, takesFailure),
    [timeline, version, selected, takesFailure],
  );
  const endOfOpen = open ? 0 : until;
  const nodes = useMemo<StepNode[]>(() => {
    const tree = treeOf(timeline);
    return shown.map((at) => {
      const row = picked.rowOf(at);
      const state = nodeState(row, picked.turnsOf(at), overlay, closed, countsOf(row, tree, takesFailure));
      const { x, y, width, height, direction } = placed.get(at.path) as Placed;
      const isOpen = bodyOf(at.node) ? unfolded.has(at.path) : null;
      return {
        id: at.path,
        type: "step",
        position: { x, y },
        width,
        height,
        ...(at.map !== null && { parentId: at.map }),
        ariaLabel: words.nodeLabel(
          at.path,
          [words.state(state), state.counts && words.progress(state.counts)].filter(Boolean).join(", "),
        ),
        data: {
          path: at.path,
          id: at.node.id,
          type: at.node.type,
          direction,
          state,
          picked: selected !== null && selected === (state.key ?? at.path),
          onPath: onPath?.has(at.path) ?? null,
          live: open,
          until: endOfOpen,
          unfolded: isOpen,
          onUnfold,
          onSelect,
          item: isOpen ? itemOf(picked, at.path) : null,
        },
      };
    });
  }, [
    shown,
    picked,
    placed,
    overlay,
    closed,
    selected,
    onPath,
    open,
    endOfOpen,
    unfolded,
    onUnfold,
    onSelect,
    timeline,
    takesFailure,
  ]);
  const edges = useMemo<StepEdge[]>(() => {
    const byPath = new Map(shown.map((at) => [at.path, at]));
    return edgesOf(definition, unfolded).flatMap((edge, index) => {
      const source = byPath.get(edge.from);
      if (!source || !placed.has(edge.to)) return [];
      const state = edgeState(edge, source.node, picked.rowOf(source));
      return [drawnEdge(edge, index, state, source, placed, picked, path)];
    });
  }, [definition, unfolded, shown, placed, picked, path]);
  return { nodes, edges };
}

function drawnEdge(
  edge: ReturnType<typeof edgesOf>[number],
  index: number,
  state: EdgeState,
  source: GraphPlace,
  placed: ReadonlyMap<string, Placed>,
  picked: Picked,
  path: CriticalPath | null,
): StepEdge {
  const turns = edge.loop ? turnsTaken(edge, picked.turnsOf(source)) : null;
  const taken = turns === null ? state === "taken" : turns > 0;
  const from = placed.get(edge.from) as Placed;
  const isOnPath = path !== null && linksOf(path).has(`${edge.from} ${edge.to}`);
  const tone = isOnPath
    ? "var(--accent)"
    : taken
      ? edge.port === ERROR_PORT
        ? "var(--red-fill)"
        : "var(--green-fill)"
      : "var(--line-strong)";
  return {
    id: String(index),
    type: "step",
    source: edge.from,
    target: edge.to,
    className: classNames(
      `edge-${taken ? "taken" : state}`,
      edge.port === ERROR_PORT && "edge-error",
      turns !== null && "edge-loop",
      isOnPath && "edge-path",
    ),
    markerEnd: { type: MarkerType.ArrowClosed, width: 14, height: 14, color: tone },
    selectable: false,
    focusable: false,
    zIndex: edge.map === null ? 0 : 1,
    data: {
      state: taken ? "taken" : state,
      port: edge.port ?? "",
      turns,
      clear: turns === null ? 0 : clearOf(edge, placed),
      down: from.direction === "down",
    },
  };
}

/** Beside everything that lies between both ends of a loop, in the coordinates of the whole. */
function clearOf(edge: { from: string; to: string }, placed: ReadonlyMap<string, Placed>): number {
  const from = placed.get(edge.from) as Placed;
  const to = placed.get(edge.to) as Placed;
  const siblings = [...placed.values()].filter((place) => place.parent === from.parent);
  const [along, across] = from.direction === "down" ? (["y", "x"] as const) : (["x", "y"] as const);
  const low = Math.min(from[along], to[along]) - 1;
  const high = Math.max(from[along], to[along]) + 1;
  const between = siblings.filter((place) => place[along] >= low && place[along] <= high);
  const inner =
    across === "x"
      ? Math.max(...between.map(({ x, width }) => x + width)) + CLEARANCE
      : Math.min(...between.map(({ y }) => y)) - CLEARANCE;
  let offset = 0;
  for (let parent = from.parent; parent !== undefined; parent = placed.get(parent)?.parent)
    offset += placed.get(parent)?.[across] ?? 0;
  return inner + offset;
}

function itemOf(picked: Picked, map: string): StepNode["data"]["item"] {
  const item = picked.itemOf(map);
  const items = picked.itemsOf(map);
  if (!item || !items) return null;
  const keyOf = (other: typeof item | undefined) => (other && tellingRow(other)?.key) ?? null;
  return {
    number: item.number,
    of: items.map.items ?? items.byNumber.length,
    before: keyOf(items.byNumber.findLast((other, at) => other && at < item.number)),
    after: keyOf(items.byNumber.find((other, at) => other && at > item.number)),
  };
}

function nodesOnPath({ steps }: CriticalPath, { byKey }: TimelineProps["snapshot"]["timeline"]): ReadonlySet<string> {
  const paths = new Set<string>();
  for (const key of steps) {
    const parts = byKey.get(key)?.node.split("/") ?? [];
    for (let depth = 1; depth <= parts.length; depth++) paths.add(parts.slice(0, depth).join("/"));
  }
  return paths;
}

const links = new WeakMap<CriticalPath, ReadonlySet<string>>();

/** Nodes that follow one another on it. */
function linksOf(path: CriticalPath): ReadonlySet<string> {
  const known = links.get(path);
  if (known) return known;
  const nodes = path.steps.map((key) => key.replace(/(\[[\d,]+\])?(#\d+)?$/, ""));
  const found = new Set(nodes.slice(1).map((node, at) => `${nodes[at]} ${node}`));
  links.set(path, found);
  return found;
}
