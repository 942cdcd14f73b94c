/** What the graph shows of each node and edge: the state of the newest step of the node, and which way it went; pure. */
import type { Definition, Edge, Node } from "@/lib/contract/definition";
import type { StepStatus } from "@/lib/contract/executions";
import { DEFAULT_PORT, defaultPort } from "@/lib/core/definition/ports";
import { type Overlay, shownStatus } from "./step-overlay";
import type { Row, TimelineModel } from "./timeline-model";

export interface NodeState {
  status: StepStatus;
  /** The execution closed before the node's turn came. */
  missed: boolean;
  /** The step that a click selects; null: none yet. */
  key: string | null;
  attempts: number;
  startedAt: number | null;
  endedAt: number | null;
}

export type EdgeState = "pending" | "taken" | "dead";

/** By node id: its newest iteration. */
export function newestRows(timeline: TimelineModel): Map<string, Row> {
  const newest = new Map<string, Row>();
  for (const row of timeline.rows) {
    const known = newest.get(row.node);
    if (!known || row.iteration >= known.iteration) newest.set(row.node, row);
  }
  return newest;
}

export function nodeState(row: Row | undefined, overlay: Overlay, closed: boolean): NodeState {
  if (!row) return { status: "pending", missed: closed, key: null, attempts: 0, startedAt: null, endedAt: null };
  return {
    status: shownStatus(row, overlay),
    missed: false,
    key: row.key,
    attempts: row.attempts.length,
    startedAt: row.spans.length > 0 ? row.startedAt : null,
    endedAt: row.endedAt,
  };
}

/** An edge is taken when its node ended on the edge's port, dead when it ended in any other way. */
export function edgeState(edge: Edge, node: Node | undefined, source: Row | undefined): EdgeState {
  if (!source || source.endedAt === null || source.status === "pending") return "pending";
  if (source.status === "skipped" || source.status === "cancelled") return "dead";
  const isDefault = edge.port === undefined || (node !== undefined && edge.port === defaultPort(node));
  return source.port === (isDefault ? DEFAULT_PORT : edge.port) ? "taken" : "dead";
}

/** A definition as stored may be newer than this page: only what has ids can be drawn. */
export function drawable(definition: Record<string, unknown> | undefined): Definition | null {
  return definition && Array.isArray(definition.nodes) && Array.isArray(definition.edges)
    ? (definition as unknown as Definition)
    : null;
}
