/** A leased task row as the message a worker gets: input and context come from the folded state, not from the row. */
import type { LeasedRow } from "@/db/stores/flush";
import { encodeId } from "@/lib/contract/ids";
import type { JsonValue } from "@/lib/contract/json";
import type { Task } from "@/lib/contract/workers";
import { findStep } from "@/lib/core/execution/find-step";
import type { Held } from "@/lib/core/execution/state";
import { stepKey } from "@/lib/core/execution/step-key";
import { toInstant } from "@/lib/core/time";
import { decodeStep, encodeLeaseToken } from "../leasing/lease-token";
import type { Folded } from "./event-store";

/** Whether the folded state is the one that dispatched this task; if not, it is behind the row and must be read anew. */
export function knowsTask({ state }: Folded, row: LeasedRow): boolean {
  const step = decodeStep(row.r);
  return step !== null && findStep(state, step)?.taskId === encodeId("task", BigInt(row.t));
}

/** `values`: the large values among input and context, by hash. */
export function taskMessage(folded: Folded, row: LeasedRow, values: ReadonlyMap<string, JsonValue>): Task {
  const { state } = folded;
  const ref = decodeStep(row.r);
  const step = ref === null ? undefined : findStep(state, ref);
  if (step === undefined) throw new Error(`task row ${row.t} names step ${row.r}, which its execution lacks`);
  const value = (held: Held | null): JsonValue => {
    if (held === null) return null;
    return "json" in held ? held.json : (values.get(held.ref.hash) ?? null);
  };
  const executionId = encodeId("execution", folded.id);
  return {
    taskId: encodeId("task", BigInt(row.t)),
    leaseToken: encodeLeaseToken(folded.id, row.r, BigInt(row.k)),
    leaseExpiresAt: new Date(row.expiresAt).toISOString(),
    executionId,
    workflow: state.workflow,
    version: state.version,
    node: step.node,
    iteration: step.iteration,
    ...(step.index === undefined ? {} : { index: [...step.index] }),
    attempt: step.attempt,
    idempotencyKey: stepKey(executionId, step),
    task: row.task,
    queue: row.queue,
    input: value(step.input),
    context: {
      input: value(state.input),
      tags: [...state.tags],
      correlationId: state.correlationId,
      startedAt: toInstant(state.startedAt ?? state.lastAt),
    },
    ...(row.details === null ? {} : { heartbeatDetails: JSON.parse(row.details) as JsonValue }),
  };
}

/** Hashes of the large values that the message of this task needs. */
export function valuesOfTask(folded: Folded, row: LeasedRow): string[] {
  const ref = decodeStep(row.r);
  const held = [ref === null ? null : (findStep(folded.state, ref)?.input ?? null), folded.state.input];
  return held.flatMap((value) => (value !== null && "ref" in value ? [value.ref.hash] : []));
}
