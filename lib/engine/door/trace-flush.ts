/**
 * What one committed flush adds to the traces: a span for each dispatch of a task, for each wait, and for each execution
 * that closed. Their ids follow from the keys of execution and task, so that a span has its place in the trace although
 * another process, before a restart, handed out what hangs below it.
 */

import type { EventOf, HistoryEvent } from "@/lib/contract/history";
import { encodeId, keyTime } from "@/lib/contract/ids";
import { continuedAt } from "@/lib/contract/traceparent";
import { findStep } from "@/lib/core/execution/find-step";
import type { ExecutionState } from "@/lib/core/execution/state";
import { epochMs } from "@/lib/core/time";
import { type Attributes, type Span, spanIdOf, type Traces } from "@/lib/tracing/traces";
import type { Draft } from "./draft";
import type { Folded } from "./folded";
import { keyOf } from "./json-text";

export function traceFlush(traces: Pick<Traces, "record">, drafts: readonly Draft[]): void {
  for (const { before, after, events } of drafts) {
    const { trace } = after.state;
    if (trace === undefined) continue;
    const parent = continuedAt(trace, spanIdOf(after.id));
    const told = new Set<string>();
    for (const { event } of events) {
      const span = dispatchSpan(after, event, told) ?? waitSpan(before, after, event);
      if (span !== null) traces.record({ ...span, parent });
    }
    if (before.state.closedAt === null && after.state.closedAt !== null)
      traces.record({ ...executionSpan(after, after.state.closedAt), parent: trace });
  }
}

type Placed = Omit<Span, "parent">;

function executionSpan({ id, state }: Folded, closedAt: number): Placed {
  const { status, error, startedAt, workflow } = state;
  return {
    name: `execution ${workflow}`,
    spanId: spanIdOf(id),
    startedAt: Math.min(startedAt ?? keyTime(id), closedAt),
    endedAt: closedAt,
    attributes: { ...ofExecution(id, state), "cerebelum.execution.status": status },
    failed: status === "completed" ? null : (error?.code ?? status.toUpperCase()),
  };
}

/** From the dispatch to whatever ended it; null where the event ended none. `told`: those that have one already. */
function dispatchSpan({ id, state }: Folded, event: HistoryEvent, told: Set<string>): Placed | null {
  if (event.type === "StepScheduled" || event.type === "CompensationScheduled" || event.type === "ResultRejected")
    return null;
  const { data } = event;
  if (!("taskId" in data) || data.taskId === undefined || !("node" in data) || told.has(data.taskId)) return null;
  told.add(data.taskId);
  const key = keyOf("task", data.taskId);
  const endedAt = epochMs(event.at);
  return {
    name: `step ${data.node}`,
    spanId: spanIdOf(key),
    startedAt: Math.min(keyTime(key), endedAt),
    endedAt,
    attributes: {
      ...ofExecution(id, state),
      ...ofStep(data),
      "cerebelum.task.id": data.taskId,
      ...("attempt" in data && data.attempt !== undefined ? { "cerebelum.attempt": data.attempt } : {}),
      ...("worker" in data && data.worker !== undefined ? { "cerebelum.worker.id": data.worker } : {}),
      ...("queuedMs" in data && data.queuedMs !== undefined ? { "cerebelum.queued_ms": data.queuedMs } : {}),
      ...("ranMs" in data && data.ranMs !== undefined ? { "cerebelum.ran_ms": data.ranMs } : {}),
    },
    failed: "error" in data && data.error !== undefined ? data.error.code : null,
  };
}

const WAITS = {
  SleepCompleted: "sleep",
  ApprovalDecided: "approval",
  ApprovalExpired: "approval",
  SignalConsumed: "signal",
  SignalExpired: "signal",
  ChildClosed: "child",
} as const;

function endsWait(event: HistoryEvent): event is EventOf<keyof typeof WAITS> {
  return event.type in WAITS;
}

/** Of a wait that is over: since when it waited is what the state said before. */
function waitSpan(before: Folded, { id, state }: Folded, event: HistoryEvent): Placed | null {
  if (!endsWait(event)) return null;
  const { data } = event;
  const endedAt = epochMs(event.at);
  return {
    name: `${WAITS[event.type]} ${data.node}`,
    spanId: null,
    startedAt: Math.min(waitingSince(before.state, data) ?? endedAt, endedAt),
    endedAt,
    attributes: { ...ofExecution(id, state), ...ofStep(data) },
    failed: event.type === "ApprovalExpired" || event.type === "SignalExpired" ? "EXPIRED" : null,
  };
}

/** Null where it began in this very flush. */
function waitingSince(state: ExecutionState, { node, index = [] }: { node: string; index?: number[] }): number | null {
  const ordinal = state.graph.ordinals.get(node);
  if (ordinal === undefined) return null;
  const step = findStep(state, { ordinal, index });
  return step?.status === "waiting" ? step.since : null;
}

function ofExecution(id: bigint, { workflow, version }: ExecutionState): Attributes {
  return {
    "cerebelum.execution.id": encodeId("execution", id),
    "cerebelum.workflow": workflow,
    "cerebelum.version": version,
  };
}

function ofStep({ node, iteration, index }: { node: string; iteration: number; index?: number[] }): Attributes {
  return {
    "cerebelum.node": node,
    "cerebelum.iteration": iteration,
    ...(index === undefined ? {} : { "cerebelum.index": index.join("/") }),
  };
}
