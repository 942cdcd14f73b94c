/** A leased task row as the message a worker gets: input, context and checkpoints come from the folded state, not from the row. */
import type { LeasedRow } from "@/db/stores/flush";
import { encodeId } from "@/lib/contract/ids";
import type { JsonValue } from "@/lib/contract/json";
import { continuedAt } from "@/lib/contract/traceparent";
import type { Task } from "@/lib/contract/workers";
import { findCompensation, findStep } from "@/lib/core/execution/find-step";
import type { CompensationState, ExecutionState, Held, StepState } from "@/lib/core/execution/state";
import { stepKey } from "@/lib/core/execution/step-key";
import { toInstant } from "@/lib/core/time";
import { spanIdOf } from "@/lib/tracing/traces";
import { decodeStep, encodeLeaseToken } from "../leasing/lease-token";
import type { Folded } from "./folded";

/** What a task is a dispatch of; a compensation is its own, and answers for no step. */
type Dispatched = { step: StepState } | { compensation: CompensationState };

/** Whether the folded state is the one that dispatched this task; if not, it is behind the row and must be read anew. */
export function knowsTask({ state }: Folded, row: LeasedRow): boolean {
  const dispatched = dispatchedBy(state, row);
  return dispatched !== null && placeIn(dispatched).taskId === encodeId("task", BigInt(row.t));
}

/** `values`: those that {@link valuesOfTask} names, by hash. `details`: what an earlier attempt left, as JSON text. */
export function taskMessage(
  folded: Folded,
  row: LeasedRow,
  values: ReadonlyMap<string, JsonValue>,
  details: string | null,
): Task {
  const { state } = folded;
  const dispatched = dispatchedBy(state, row);
  if (dispatched === null) throw new Error(`task row ${row.t} names step ${row.r}, which its execution lacks`);
  const value = (held: Held | null): JsonValue => {
    if (held === null) return null;
    return "json" in held ? held.json : (values.get(held.ref.hash) ?? null);
  };
  const executionId = encodeId("execution", folded.id);
  const { node, iteration, index, attempt, input } = placeIn(dispatched);
  return {
    taskId: encodeId("task", BigInt(row.t)),
    leaseToken: encodeLeaseToken(folded.id, row.r, BigInt(row.k)),
    leaseExpiresAt: new Date(row.expiresAt).toISOString(),
    executionId,
    workflow: state.workflow,
    version: state.version,
    node,
    iteration,
    ...(index === undefined ? {} : { index: [...index] }),
    attempt,
    ...("step" in dispatched && dispatched.step.round > 0 ? { round: dispatched.step.round } : {}),
    idempotencyKey: idempotencyKey(executionId, dispatched),
    task: row.task,
    queue: row.queue,
    input: value(input),
    context: {
      input: value(state.input),
      tags: [...state.tags],
      correlationId: state.correlationId,
      startedAt: toInstant(state.startedAt ?? state.lastAt),
    },
    ...("step" in dispatched ? noted(dispatched.step, value) : {}),
    ...(details === null ? {} : { heartbeatDetails: JSON.parse(details) as JsonValue }),
    ...attemptTimeout(state, row),
    // Below the span that the dispatch will have once it is over.
    ...(state.trace === undefined ? {} : { traceparent: continuedAt(state.trace, spanIdOf(BigInt(row.t))) }),
  };
}

/** Hashes of the large values that the message of this task needs. */
export function valuesOfTask({ state }: Folded, row: LeasedRow): string[] {
  const dispatched = dispatchedBy(state, row);
  if (dispatched === null) return [];
  const checkpoints = "step" in dispatched ? dispatched.step.checkpoints.map(({ value }) => value) : [];
  const held = [placeIn(dispatched).input, state.input, ...checkpoints];
  return held.flatMap((value) => (value !== null && "ref" in value ? [value.ref.hash] : []));
}

/** Which earlier attempts may have left details for this one; null where there were none. */
export function attemptsBefore({ state }: Folded, row: LeasedRow): { iteration: number; round: number } | null {
  const dispatched = dispatchedBy(state, row);
  if (dispatched === null) return null;
  const { attempt, iteration } = placeIn(dispatched);
  return attempt > 1 ? { iteration, round: "step" in dispatched ? dispatched.step.round : 0 } : null;
}

function dispatchedBy(state: ExecutionState, row: LeasedRow): Dispatched | null {
  const ref = decodeStep(row.r);
  if (ref === null) return null;
  if (ref.compensation === undefined) {
    const step = findStep(state, ref);
    return step === undefined ? null : { step };
  }
  const compensation = findCompensation(state, ref);
  return compensation === undefined ? null : { compensation };
}

function attemptTimeout({ graph }: ExecutionState, row: LeasedRow): Pick<Task, "attemptTimeoutMs"> {
  const ref = decodeStep(row.r);
  const node = graph.nodes[ref?.ordinal ?? -1];
  const attemptTimeoutMs = (ref?.compensation === undefined ? node?.task : node?.compensation)?.timeouts.attemptMs;
  return attemptTimeoutMs == null ? {} : { attemptTimeoutMs };
}

function placeIn(dispatched: Dispatched): StepState | CompensationState {
  return "step" in dispatched ? dispatched.step : dispatched.compensation;
}

function idempotencyKey(executionId: string, dispatched: Dispatched): string {
  if ("step" in dispatched) return stepKey(executionId, dispatched.step);
  return `${stepKey(executionId, dispatched.compensation)}:compensate`;
}

/** What earlier tasks of the step noted down, and how the wait ended that its handler asked for last. */
function noted(
  { checkpoints, resumed: name }: StepState,
  value: (held: Held) => JsonValue,
): Pick<Task, "checkpoints" | "resumed"> {
  if (checkpoints.length === 0) return {};
  const resumed = checkpoints.find((checkpoint) => checkpoint.name === name);
  return {
    ...(resumed === undefined ? {} : { resumed: value(resumed.value) }),
    checkpoints: checkpoints.map((checkpoint) => ({ name: checkpoint.name, value: value(checkpoint.value) })),
  };
}
