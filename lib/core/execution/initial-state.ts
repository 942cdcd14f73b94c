/** An execution of which nothing has happened yet: the state that every fold begins with. */
import type { CompiledGraph } from "../definition/graph";
import type { ExecutionState, StepState } from "./state";
import { blocksFor } from "./wake-at";

/** Binds the compiled graph; all else comes from events. */
export function initialState(graph: CompiledGraph): ExecutionState {
  return {
    graph,
    status: "scheduled",
    sequence: 0,
    lastAt: 0,
    workflow: graph.definition.name,
    version: 0,
    hash: "",
    key: null,
    tags: [],
    correlationId: null,
    priority: 0,
    input: { json: null },
    startedAt: null,
    closedAt: null,
    timeoutAt: null,
    output: null,
    error: null,
    cancelReason: null,
    steps: graph.nodes.map(({ id }) => pendingStep(id)),
    deadlines: blocksFor(graph.nodes.length),
    open: 0,
    scheduled: 0,
    pending: graph.nodes.length,
    completed: 0,
  };
}

function pendingStep(node: string): StepState {
  return {
    node,
    iteration: 1,
    status: "pending",
    attempt: 0,
    taskId: null,
    ended: [],
    rejected: [],
    taken: 0,
    dead: 0,
    input: null,
    port: null,
    output: null,
    error: null,
    startedAt: null,
    closedAt: null,
    since: null,
    scheduledAt: null,
    resumeAt: null,
    retryAt: null,
    totalTimeoutAt: null,
  };
}
