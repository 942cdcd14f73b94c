/** What people may do to an execution as a whole: pause, resume, retry, fork. */
import type { EventData } from "../../contract/history";
import type { CompiledGraph } from "../definition/graph";
import { advance } from "./advance";
import type { CommandOf, Reply } from "./commands";
import { applyDue } from "./due";
import { valueFields } from "./held";
import { type Obstacle, obstacleTo } from "./possible";
import { timeoutFields } from "./start";
import type { ExecutionState } from "./state";
import { emit, hold, type Turn } from "./turn";

export function pauseExecution(turn: Turn, { reason }: CommandOf<"pause">): Reply {
  const obstacle = obstacleTo("pause", turn.state);
  if (obstacle === null) emit(turn, "ExecutionPaused", reasonOf(reason));
  return replyTo(obstacle);
}

/** Judges all that was held, in order of sequence. */
export function resumeExecution(turn: Turn, { reason }: CommandOf<"resume">): Reply {
  const { pausedAt } = turn.state;
  if (pausedAt === null) return "accepted";
  emit(turn, "ExecutionResumed", { ...reasonOf(reason), pausedMs: turn.now - pausedAt });
  advance(turn);
  applyDue(turn);
  return "accepted";
}

export function retryExecution(turn: Turn, { reason, fromNode, input }: CommandOf<"retry">): Reply {
  const { state } = turn;
  const obstacle = obstacleTo("retry", state);
  if (obstacle !== null) return replyTo(obstacle);
  if (fromNode === undefined ? input !== undefined : !hasBegun(state, fromNode)) return "not-retryable";
  const held = input === undefined ? null : hold(turn, input);
  if (input !== undefined && held === null) return "too-large";
  emit(turn, "ExecutionRetried", {
    ...reasonOf(reason),
    ...(fromNode === undefined ? {} : { fromNode }),
    ...valueFields("input", held),
    ...timeoutFields(turn, state.timeoutMs ?? state.graph.timeoutMs),
  });
  advance(turn);
  applyDue(turn);
  return "accepted";
}

/** What leads to nothing is accepted all the same. The core is never asked about what is in quarantine. */
function replyTo(obstacle: Obstacle | null): Reply {
  if (obstacle === "quarantined") throw new Error("a command to an execution in quarantine");
  return obstacle === null || obstacle === "idle" ? "accepted" : obstacle;
}

/** A retry goes back to a node of the definition's own graph that has run, or was about to. */
function hasBegun({ graph, root }: ExecutionState, node: string): boolean {
  const found = graph.nodes[graph.ordinals.get(node) ?? -1];
  return found !== undefined && found.scope === 0 && root.steps[found.position]?.startedAt != null;
}

export function forkExecution(turn: Turn, command: CommandOf<"fork">): Reply {
  const { state } = turn;
  const { source, at, version, hash, input, overrides, reason, trace } = command;
  const graph = version === state.version ? state.graph : state.graphs.get(version);
  if (graph === undefined || !fits(state, graph)) return "version-mismatch";
  const outputs: NonNullable<EventData<"ExecutionForked">["overrides"]> = {};
  for (const [node, { output }] of Object.entries(overrides ?? {})) {
    if (!mayOverride(state, node)) return "version-mismatch";
    const held = hold(turn, output);
    if (held === null) return "too-large";
    outputs[node] = valueFields("output", held);
  }
  const held = input === undefined ? null : hold(turn, input);
  if (input !== undefined && held === null) return "too-large";
  emit(turn, "ExecutionForked", {
    source,
    at,
    version,
    hash,
    ...valueFields("input", held),
    ...(overrides === undefined ? {} : { overrides: outputs }),
    ...reasonOf(reason),
    ...timeoutFields(turn, state.timeoutMs ?? graph.timeoutMs),
    ...(trace === undefined ? {} : { trace }),
  });
  advance(turn);
  applyDue(turn);
  return "accepted";
}

/** Each completed node must be there in the other version, with the same type. */
function fits({ root, graph }: ExecutionState, other: CompiledGraph): boolean {
  if (graph === other) return true;
  return root.steps.every(({ node, status }) => {
    if (status !== "completed") return true;
    const before = graph.nodes[graph.ordinals.get(node) ?? -1];
    const after = other.nodes[other.ordinals.get(node) ?? -1];
    return after !== undefined && before?.definition.type === after.definition.type;
  });
}

function mayOverride({ root }: ExecutionState, node: string): boolean {
  return root.steps.some((step) => step.node === node && step.status === "completed");
}

function reasonOf(reason: string | undefined): { reason?: string } {
  return reason === undefined ? {} : { reason };
}
