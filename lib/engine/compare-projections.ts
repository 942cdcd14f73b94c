/** The rules by which each stored projection follows from a folded state; whatever breaks one is named. */
import type { StoredProjections } from "@/db/queries/verification";
import type { Verification } from "@/lib/contract/executions";
import { encodeId } from "@/lib/contract/ids";
import { canonicalJson, type JsonValue } from "@/lib/contract/json";
import type { ExecutionState } from "@/lib/core/execution/state";
import { isClosed } from "@/lib/core/execution/statuses";
import { wakeAt } from "@/lib/core/execution/wake-at";
import { toInstant } from "@/lib/core/time";
import { encodeStep } from "./leasing/lease-token";

export type Difference = Verification["differences"][number];

export function compareProjections(
  stored: StoredProjections,
  { state, head }: { state: ExecutionState; head: Buffer },
): Difference[] {
  const pairs: [string, JsonValue, JsonValue][] = [
    ["executions.sequence", stored.sequence, state.sequence],
    // That an execution was taken out of service is a fact about its row, which no event tells.
    ["executions.status", stored.status, stored.status === "quarantined" ? "quarantined" : state.status],
    ["executions.head", stored.head.toString("hex"), head.toString("hex")],
    ["executions.workflow", stored.workflow, state.workflow],
    ["executions.version", stored.version, state.version],
    ["executions.started_at", stored.startedAt?.toISOString() ?? null, instant(state.startedAt)],
    ["executions.closed_at", stored.closedAt?.toISOString() ?? null, instant(state.closedAt)],
    ["executions.key", stored.key, state.key],
    ["executions.correlation_id", stored.correlationId, state.correlationId],
    ["executions.tags", stored.tags, [...state.tags]],
    ["execution_tags", [...new Set(stored.searchTags)].sort(), [...new Set(state.tags)].sort()],
    ["executions.next_wake_at", ...nextWake(stored, state)],
    ["tasks", openTasks(stored), awaitedTasks(state)],
  ];
  return pairs
    .filter(([, there, folded]) => canonicalJson(there) !== canonicalJson(folded))
    .map(([where, there, folded]) => ({ where, stored: there, folded }));
}

function instant(ms: number | null): string | null {
  return ms === null ? null : toInstant(ms);
}

/** An alarm may ring too early, for then it finds nothing due and is set anew; it must never be missing or late. */
function nextWake(stored: StoredProjections, state: ExecutionState): [JsonValue, JsonValue] {
  const armed = stored.nextWakeAt?.getTime() ?? null;
  const needed = wakeAt(state);
  const right = isClosed(state) ? armed === null : needed === null || (armed !== null && armed <= needed);
  return right ? [null, null] : [instant(armed), instant(needed)];
}

function openTasks({ tasks }: StoredProjections): JsonValue {
  return tasks.map(({ id, step }) => `${encodeId("task", BigInt(id))} for step ${step}`).sort();
}

/** A task has a row from its dispatch until an event ends it. */
function awaitedTasks({ steps }: ExecutionState): JsonValue {
  return steps
    .flatMap(({ taskId, index }, ordinal) =>
      taskId === null
        ? []
        : [`${taskId} for step ${encodeStep(index === undefined ? { ordinal } : { ordinal, index: [...index] })}`],
    )
    .sort();
}
