/** What the outside must do because of an event: rows to write, leases to drop. Events say what happened, effects what follows. */
import type { ErrorInfo, EventOf, HistoryEvent, Parent } from "../../contract/history";
import type { JsonValue } from "../../contract/json";
import type { CompiledTask } from "../definition/graph";
import { atEvent, refOf, stepIn } from "./draft";
import { heldIn } from "./held";
import { innermostFailure } from "./innermost-failure";
import type { ExecutionState, Held } from "./state";
import type { StepRef } from "./step-ref";

/** Where an effect belongs, as events write it. */
interface Place {
  node: string;
  iteration: number;
  index?: readonly number[];
}

export type Effect =
  | {
      type: "dispatch-task";
      taskId: string;
      step: StepRef;
      task: string;
      queue: string;
      /** The node's and the execution's together. */
      priority: number;
      /** The worker to prefer for a while; null: any. */
      stickyWorker: string | null;
      /** Tasks of one queue with the same key share the limit; null: no limit. */
      concurrencyKey: string | null;
      concurrencyLimit: number | null;
      /** From now on; null: none. The host turns them into instants when it dispatches and leases. */
      queueTimeoutMs: number | null;
      attemptTimeoutMs: number | null;
      heartbeatTimeoutMs: number | null;
    }
  /** The step waits for this task no longer: its row goes, its lease token is dead, its worker is told at its next heartbeat. */
  | { type: "drop-task"; taskId: string }
  /** Paused: ready tasks are not leased until `release-tasks`, which moves queue deadlines by the pause. */
  | { type: "hold-tasks" }
  | { type: "release-tasks"; pausedMs: number }
  | ({
      type: "open-approval";
      approvalId: string;
      step: StepRef;
      title: string | null;
      description: string | null;
      assignees: readonly string[];
      form: JsonValue | null;
      requestedAt: string;
      expiresAt: string | null;
    } & Place)
  | {
      type: "close-approval";
      approvalId: string;
      status: "approved" | "rejected" | "expired" | "cancelled";
      data: Held | null;
      comment: string | null;
      decidedBy: string | null;
      at: string;
    }
  /** A message: start this execution under this id, unless it is there already; where that is refused, tell the parent. */
  | {
      type: "start-child";
      executionId: string;
      workflow: string;
      version: number;
      hash: string;
      input: Held | null;
      priority: number;
      correlationId: string | null;
      parent: Parent;
    }
  /** A message. */
  | { type: "cancel-child"; executionId: string; reason: string }
  /** A message: the child that this execution is has closed. */
  | { type: "tell-parent"; parent: Parent; status: string; output: Held | null; error: ErrorInfo | null }
  /** Of the innermost step whose failure the execution failed by. */
  | ({ type: "write-dead-letter"; attempts: number; error: ErrorInfo } & Place)
  /** Its open dead letters are retried. */
  | { type: "retry-dead-letters" }
  | { type: "close" };

export type EffectOf<T extends Effect["type"]> = Extract<Effect, { type: T }>;

/** `state` is one that has folded the event, or later ones of the same command too. */
export function effects(event: HistoryEvent, state: ExecutionState): Effect[] {
  switch (event.type) {
    case "StepScheduled":
      return [dispatchTask(event, state)];
    case "CompensationScheduled":
      return [dispatchCompensation(event, state)];
    case "StepCompleted":
    case "StepAttemptFailed":
    case "StepPolled":
    case "SleepStarted":
    case "CompensationCompleted":
    case "CompensationFailed":
      return dropTask(event.data);
    case "StepFailed":
    case "StepCancelled":
      return [...dropTask(event.data), ...giveUp(event, state)];
    case "ApprovalRequested":
      return [...dropTask(event.data), openApproval(event, state)];
    case "ApprovalDecided":
    case "ApprovalExpired":
      return [closeApproval(event)];
    case "ChildStarted":
      return [startChild(event, state)];
    case "ExecutionPaused":
      return [{ type: "hold-tasks" }];
    case "ExecutionResumed":
      return [{ type: "release-tasks", pausedMs: event.data.pausedMs }];
    case "ExecutionRetried":
      return [{ type: "retry-dead-letters" }];
    case "ExecutionTerminated":
      return [...dropTask(event.data), ...closeEffects(event, state)];
    case "ExecutionFailed":
      return [...deadLetter(event, state), ...closeEffects(event, state)];
    case "ExecutionCompleted":
    case "ExecutionTimedOut":
    case "ExecutionCancelled":
      return closeEffects(event, state);
    default:
      return [];
  }
}

function dispatchTask({ data }: EventOf<"StepScheduled">, state: ExecutionState): Effect {
  const at = atEvent(state, data);
  const { task } = at.node;
  if (task === null) throw new Error(`${data.node} is no task of this graph`);
  const { sticky, concurrencyLimit } = task;
  return {
    ...dispatchOf(data, task, state),
    step: refOf(at),
    stickyWorker: sticky ? state.lastWorker : null,
    concurrencyKey: data.concurrencyKey ?? null,
    concurrencyLimit: data.concurrencyKey === undefined ? null : concurrencyLimit,
  };
}

function dispatchCompensation({ data }: EventOf<"CompensationScheduled">, state: ExecutionState): Effect {
  const at = atEvent(state, data);
  const { compensation } = at.node;
  if (compensation === null) throw new Error(`${data.node} has no compensation in this graph`);
  const number = state.compensations.findIndex(({ taskId }) => taskId === data.taskId);
  return {
    ...dispatchOf(data, compensation, state),
    step: { ...refOf(at), compensation: number },
    stickyWorker: null,
    concurrencyKey: null,
    concurrencyLimit: null,
  };
}

function dispatchOf(
  { taskId, task, queue }: { taskId: string; task: string; queue: string },
  { priority, timeouts }: CompiledTask,
  state: ExecutionState,
) {
  return {
    type: "dispatch-task" as const,
    taskId,
    task,
    queue,
    priority: priority + state.priority,
    queueTimeoutMs: timeouts.queueMs,
    attemptTimeoutMs: timeouts.attemptMs,
    heartbeatTimeoutMs: timeouts.heartbeatMs,
  };
}

function dropTask({ taskId }: { taskId?: string | undefined }): Effect[] {
  return taskId === undefined ? [] : [{ type: "drop-task", taskId }];
}

/** A step that ended early leaves an approval that is void, or a child that is told. */
function giveUp(event: EventOf<"StepFailed" | "StepCancelled">, state: ExecutionState): Effect[] {
  const { approvalId, executionId } = event.data;
  if (approvalId !== undefined) return [voidApproval(approvalId, event.at)];
  if (executionId === undefined) return [];
  const { definition } = atEvent(state, event.data).node;
  if (definition.type === "workflow" && definition.onCancel === "abandon") return [];
  const why = event.type === "StepCancelled" ? event.data.why : event.data.error.code;
  return [{ type: "cancel-child", executionId, reason: `The step ${event.data.node} of its parent ended: ${why}.` }];
}

function voidApproval(approvalId: string, at: string): Effect {
  return { type: "close-approval", approvalId, status: "cancelled", data: null, comment: null, decidedBy: null, at };
}

function closeApproval(event: EventOf<"ApprovalDecided" | "ApprovalExpired">): Effect {
  const { approvalId } = event.data;
  if (event.type === "ApprovalExpired") return { ...EXPIRED, approvalId, at: event.at };
  const { decision, comment, decidedBy } = event.data;
  return {
    type: "close-approval",
    approvalId,
    status: decision,
    data: heldIn("data", event.data),
    comment: comment ?? null,
    decidedBy,
    at: event.at,
  };
}

const EXPIRED = { type: "close-approval", status: "expired", data: null, comment: null, decidedBy: null } as const;

function openApproval({ data, at }: EventOf<"ApprovalRequested">, state: ExecutionState): Effect {
  const { approvalId, title, description, assignees, form, expiresAt } = data;
  return {
    type: "open-approval",
    approvalId,
    step: refOf(atEvent(state, data)),
    ...placeOf(data),
    title: title ?? null,
    description: description ?? null,
    assignees: assignees ?? [],
    form: form ?? null,
    requestedAt: at,
    expiresAt: expiresAt ?? null,
  };
}

function startChild({ data }: EventOf<"ChildStarted">, { priority, correlationId, parent }: ExecutionState): Effect {
  const { executionId, workflow, version, hash, wait } = data;
  return {
    type: "start-child",
    executionId,
    workflow,
    version,
    hash,
    input: heldIn("input", data),
    priority,
    correlationId,
    // The host knows the id of the execution whose event this is.
    parent: { executionId: "", ...placeOf(data), depth: (parent?.depth ?? 0) + 1, wait },
  };
}

function placeOf({ node, iteration, index }: { node: string; iteration: number; index?: number[] | undefined }) {
  return { node, iteration, ...(index === undefined ? {} : { index }) };
}

function closeEffects(event: HistoryEvent, { status, parent, output, error }: ExecutionState): Effect[] {
  const close: Effect = { type: "close" };
  if (parent === null || !parent.wait) return [close];
  return [close, { type: "tell-parent", parent, status, output, error: toldError(error) ?? errorOf(event) }];
}

/** Where in the child it happened means nothing to the parent. */
function toldError(error: ExecutionState["error"]): ErrorInfo | null {
  if (error === null) return null;
  const { node: _, index: __, ...told } = error;
  return told;
}

/** What is said of an execution that ran out of time: its event tells no error. */
export const TIMED_OUT = { code: "TIMED_OUT", message: "The execution ran out of time." } as const;

function errorOf(event: HistoryEvent): ErrorInfo | null {
  if (event.type === "ExecutionTimedOut") return TIMED_OUT;
  if (event.type !== "ExecutionCancelled" && event.type !== "ExecutionTerminated") return null;
  const { reason } = event.data;
  const code = event.type === "ExecutionCancelled" ? "CANCELLED" : "TERMINATED";
  return { code, message: reason ?? `The execution was ${code.toLowerCase()}.` };
}

/** Types of nodes whose failure is worth repairing, and errors that are answers rather than failures. */
const REPAIRABLE: ReadonlySet<string> = new Set(["task", "http", "workflow", "map"]);
const ANSWERS: ReadonlySet<string> = new Set(["REJECTED", "APPROVAL_EXPIRED", "SIGNAL_EXPIRED"]);

function deadLetter({ data }: EventOf<"ExecutionFailed">, state: ExecutionState): Effect[] {
  if (data.node === undefined) return [];
  const failed = atEvent(state, { node: data.node, index: data.index });
  if (!REPAIRABLE.has(failed.node.definition.type) || stepIn(state, failed).error === null) return [];
  const at = innermostFailure(state, failed);
  const { node, iteration, attempt, error } = stepIn(state, at);
  if (error === null || ANSWERS.has(error.code)) return [];
  const index = at.index.length === 0 ? {} : { index: [...at.index] };
  return [{ type: "write-dead-letter", node, iteration, ...index, attempts: attempt, error }];
}
