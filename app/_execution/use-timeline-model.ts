"use client";
/** What the timeline draws of a snapshot: its lines, the scale and what of it is in view, the critical path. */
import { useDeferredValue, useMemo } from "react";
import { useNow } from "@/lib/client/clock";
import { useWorkflowVersion } from "@/lib/client/queries";
import type { Definition, Edge, Node } from "@/lib/contract/definition";
import type { Execution } from "@/lib/contract/executions";
import { ERROR_PORT } from "@/lib/core/definition/ports";
import { type CriticalPath, criticalPath, routesOf } from "./critical-path";
import type { Snapshot } from "./execution-feed";
import { drawable } from "./graph-model";
import type { Overlay } from "./step-overlay";
import { type TakesFailure, treeOf } from "./step-tree";
import { idleGaps, type Stretch, timeScale, zoomed } from "./time-scale";
import { hasErred, linesOf } from "./timeline-lines";
import type { Row } from "./timeline-model";
import type { TimelineSettings } from "./use-timeline-settings";
import { readWindow } from "./zoom-window";

/** A young execution grows visibly: its bars move four times a second, an older one's once. */
const YOUNG_MS = 60_000;

/** From when to when the shown moment of an execution reaches, and whether it still goes on. */
export function useReach(execution: Execution, { timeline, at }: Snapshot) {
  const from = timeline.startedAt ?? Date.parse(execution.createdAt);
  const open = at === null && timeline.closedAt === null && execution.closedAt === null;
  const now = useNow(open ? (timeline.lastAt - from < YOUNG_MS ? 250 : 1000) : null);
  const until = open
    ? Math.max(now, timeline.lastAt)
    : at === null
      ? (timeline.closedAt ?? timeline.lastAt)
      : timeline.lastAt;
  return { from, until, open };
}

export function useDefinition({ workflow, version }: Execution): Definition | null {
  const { data } = useWorkflowVersion(workflow, version);
  return useMemo(() => drawable(data?.definition), [data]);
}

/** Of the definition with all its maps: the paths of nodes that have an edge on `error`. */
export function failureTakers(definition: Definition | null): TakesFailure {
  const takers = new Set<string>();
  const add = ({ nodes, edges }: { nodes: readonly Node[]; edges: readonly Edge[] }, prefix: string) => {
    for (const { from, port } of edges) if (port === ERROR_PORT) takers.add(prefix + from);
    for (const node of nodes) if (node.type === "map" && "nodes" in node.body) add(node.body, `${prefix}${node.id}/`);
  };
  if (definition) add(definition, "");
  return (path) => takers.has(path);
}

/** @param asked otherwise it is not computed */
export function useCriticalPath(
  snapshot: Snapshot,
  definition: Definition | null,
  overlay: Overlay,
  { from, until }: { from: number; until: number },
  asked: boolean,
): CriticalPath | null {
  const routes = useMemo(() => routesOf(definition), [definition]);
  const version = useDeferredValue(snapshot.version);
  const { rows } = snapshot.timeline;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version stands for rows that changed in place
  return useMemo(
    () => (asked ? criticalPath({ rows, routes, from, until, taken: overlay }) : null),
    [asked, version, rows, routes, from, until, overlay],
  );
}

export function useScales(
  { timeline, version }: Snapshot,
  { from, until }: { from: number; until: number },
  { idle, zoom }: TimelineSettings,
  exceptions: ReadonlySet<number>,
) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version stands for gaps that grew in place
  const gaps = useMemo(() => idleGaps(from, until, timeline.gaps), [from, until, timeline, version]);
  const allShort = idle === "auto" ? gaps.mostlyIdle : idle === "short";
  const whole = useMemo(
    () =>
      timeScale(
        from,
        until,
        gaps.long.filter((gap) => exceptions.has(gap.from) !== allShort),
      ),
    [from, until, gaps, allShort, exceptions],
  );
  const window: Stretch | null = useMemo(() => clipped(readWindow(zoom, from), from, until), [zoom, from, until]);
  const scale = useMemo(() => zoomed(whole, window), [whole, window]);
  return { gaps: gaps.long, allShort, whole, window, scale };
}

function clipped(window: Stretch | null, from: number, until: number): Stretch | null {
  if (window === null || window.from >= until) return null;
  return { from: Math.max(from, window.from), to: Math.min(window.to, Math.max(until, from + 1)) };
}

export function useLines(
  { timeline, version }: Snapshot,
  definition: Definition | null,
  { find, errors }: TimelineSettings,
  toggled: ReadonlySet<string>,
  selected: string | null,
) {
  const wanted = useDeferredValue(find.trim().toLowerCase());
  const takesFailure = useMemo(() => failureTakers(definition), [definition]);
  const matches = useMemo(
    () =>
      wanted === "" && !errors
        ? null
        : (row: Row) => row.key.toLowerCase().includes(wanted) && (!errors || hasErred(row)),
    [wanted, errors],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version stands for rows that changed in place
  return useMemo(() => {
    const tree = treeOf(timeline);
    return { tree, takesFailure, lines: linesOf({ tree, takesFailure, toggled, selected, matches }) };
  }, [timeline, version, takesFailure, toggled, selected, matches]);
}
