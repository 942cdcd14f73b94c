"use client";
/** What the timeline draws of a snapshot: its lines, the scale and what of it is in view, the critical path. */
import { useDeferredValue, useMemo, useState } from "react";
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

export interface Reach {
  from: number;
  /** The shown moment. */
  until: number;
  /** What the scale spans: the whole execution as far as it has come, whatever the moment, so that nothing moves while one scrubs. */
  end: number;
  /** It goes on, and its end with it. */
  open: boolean;
}

export function useReach(execution: Execution, { timeline, at }: Snapshot): Reach {
  const whole = timeline.newest ?? timeline;
  const from = whole.startedAt ?? Date.parse(execution.createdAt);
  const open = at === null && whole.closedAt === null && execution.closedAt === null;
  const now = useNow(open ? (whole.lastAt - from < YOUNG_MS ? 250 : 1000) : null);
  const [leftAt, setLeftAt] = useState<number | null>(null);
  if ((leftAt === null) !== (at === null)) setLeftAt(at === null ? null : now);
  const reached = Math.max(whole.lastAt, open ? now : (leftAt ?? 0));
  const end = whole.closedAt ?? (at === null && !open ? whole.lastAt : reached);
  return { from, until: at === null ? end : timeline.lastAt, end, open };
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
  { timeline, newest }: Snapshot,
  { from, end }: Reach,
  { idle, zoom }: TimelineSettings,
  exceptions: ReadonlySet<number>,
) {
  const all = (timeline.newest ?? timeline).gaps;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the newest event stands for gaps that grew in place
  const gaps = useMemo(() => idleGaps(from, end, all), [from, end, all, newest]);
  const allShort = idle === "auto" ? gaps.mostlyIdle : idle === "short";
  const whole = useMemo(
    () =>
      timeScale(
        from,
        end,
        gaps.long.filter((gap) => exceptions.has(gap.from) !== allShort),
      ),
    [from, end, gaps, allShort, exceptions],
  );
  const window: Stretch | null = useMemo(() => clipped(readWindow(zoom, from), from, end), [zoom, from, end]);
  const scale = useMemo(() => zoomed(whole, window), [whole, window]);
  return { gaps: gaps.long, allShort, whole, window, scale };
}

function clipped(window: Stretch | null, from: number, end: number): Stretch | null {
  if (window === null || window.from >= end) return null;
  return { from: Math.max(from, window.from), to: Math.min(window.to, Math.max(end, from + 1)) };
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
