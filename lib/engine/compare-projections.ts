/** The rules by which each stored projection follows from a history; whatever breaks one is named. */
import type { StoredApproval, StoredDeadLetter, StoredProjections } from "@/db/queries/verification";
import { assigneeKeys } from "@/lib/contract/approvals";
import type { Verification } from "@/lib/contract/executions";
import { encodeId } from "@/lib/contract/ids";
import { canonicalJson, type JsonValue } from "@/lib/contract/json";
import { wakeAt } from "@/lib/core/execution/deadlines";
import type { EffectOf } from "@/lib/core/execution/effects";
import type { ExecutionState } from "@/lib/core/execution/state";
import { isClosed } from "@/lib/core/execution/statuses";
import { toInstant } from "@/lib/core/time";
import { fingerprint } from "./door/fingerprint";
import type { DeadLetter, FollowUps } from "./door/follow-ups";
import { encodeStep } from "./leasing/lease-token";
import { openTasks } from "./open-tasks";

export type Difference = Verification["differences"][number];

/** One place: what is stored there, and what ought to be. */
type Pair = readonly [where: string, stored: JsonValue, folded: JsonValue];

export interface FoldedHistory {
  state: ExecutionState;
  head: Buffer;
  followUps: FollowUps;
  /** The id of the execution whose history it last began with. */
  forkedFrom: string | null;
}

export function compareProjections(stored: StoredProjections, folded: FoldedHistory): Difference[] {
  return [
    ...rowPairs(stored, folded),
    ...taskPairs(stored, folded),
    ...approvalPairs(stored.approvals, folded.followUps),
    ...deadLetterPairs(stored.deadLetters, folded),
  ]
    .filter(([, there, ought]) => canonicalJson(there) !== canonicalJson(ought))
    .map(([where, there, ought]) => ({ where, stored: there, folded: ought }));
}

function rowPairs(stored: StoredProjections, { state, head, forkedFrom }: FoldedHistory): Pair[] {
  return [
    ["executions.sequence", stored.sequence, state.sequence],
    // That an execution was taken out of service is a fact about its row, which no event tells.
    ["executions.status", stored.status, isQuarantined(stored) ? stored.status : state.status],
    ["executions.head", stored.head.toString("hex"), head.toString("hex")],
    ["executions.workflow", stored.workflow, state.workflow],
    ["executions.version", stored.version, state.version],
    ["executions.start_at", iso(stored.startAt), instant(state.startAt)],
    ["executions.started_at", iso(stored.startedAt), instant(state.startedAt)],
    ["executions.closed_at", iso(stored.closedAt), instant(state.closedAt)],
    ["executions.key", stored.key, state.key],
    ["executions.parent_execution_id", executionId(stored.parent), state.parent?.executionId ?? null],
    ["executions.forked_from", executionId(stored.forkedFrom), forkedFrom],
    ["executions.correlation_id", stored.correlationId, state.correlationId],
    ["executions.tags", stored.tags, [...state.tags]],
    ["execution_tags", [...new Set(stored.searchTags)].sort(), [...new Set(state.tags)].sort()],
    ["executions.next_wake_at", ...nextWake(stored, state)],
  ];
}

function isQuarantined({ status }: StoredProjections): boolean {
  return status === "quarantined";
}

/** An alarm may ring too early, for then it finds nothing due and is set anew; it must never be missing or late. */
function nextWake(stored: StoredProjections, state: ExecutionState): [JsonValue, JsonValue] {
  const armed = stored.nextWakeAt?.getTime() ?? null;
  const needed = wakeAt(state);
  const right = isClosed(state) ? armed === null : needed === null || (armed !== null && armed <= needed);
  return right ? [null, null] : [instant(armed), instant(needed)];
}

/** A task has a row from its dispatch until an event ends it: for each that the state waits for, as it was dispatched. */
function taskPairs(stored: StoredProjections, { state, followUps }: FoldedHistory): Pair[] {
  const ids = stored.tasks.map(({ id, step }) => `${encodeId("task", BigInt(id))} for step ${step}`).sort();
  const awaited = openTasks(state).map(({ taskId, step }) => `${taskId} for step ${encodeStep(step)}`);
  const details = stored.tasks.flatMap(({ id, held, step: _, ...task }): Pair[] => {
    const dispatch = followUps.dispatches.get(encodeId("task", BigInt(id)));
    if (dispatch === undefined) return [];
    const { queue, task: name, concurrencyKey, concurrencyLimit } = dispatch;
    const where = `tasks[${dispatch.taskId}]`;
    return [
      [where, { ...task }, { queue, task: name, concurrencyKey, concurrencyLimit }],
      // In quarantine all that was looked at is held.
      [`${where}.held`, held, isQuarantined(stored) ? held : state.pausedAt !== null],
    ];
  });
  return [["tasks", ids, awaited.sort()], ...details];
}

function approvalPairs(stored: readonly StoredApproval[], { approvals, closedApprovals }: FollowUps): Pair[] {
  const closed = new Map(closedApprovals.map((one) => [one.approvalId, one]));
  const ought = approvals.map(
    (asked) => [asked.approvalId, shownApproval(asked, closed.get(asked.approvalId))] as const,
  );
  const there = stored.map((row) => [encodeId("approval", BigInt(row.id)), storedApproval(row)] as const);
  return byId("approvals", there, ought);
}

function storedApproval({ id: _, form, data, dataRef, requestedAt, expiresAt, ...row }: StoredApproval): JsonValue {
  return {
    ...row,
    form: parsed(form),
    data: parsed(data),
    dataRef: parsed(dataRef),
    requestedAt: new Date(requestedAt).toISOString(),
    expiresAt: expiresAt === null ? null : new Date(expiresAt).toISOString(),
  };
}

function shownApproval(asked: EffectOf<"open-approval">, closed: EffectOf<"close-approval"> | undefined): JsonValue {
  const { node, index, iteration, title, description, form, requestedAt, expiresAt } = asked;
  const status = closed?.status ?? "pending";
  const data = closed?.data ?? null;
  return {
    step: encodeStep(asked.step),
    node,
    index: index === undefined ? null : [...index],
    iteration,
    status,
    title,
    description,
    assignees: [...asked.assignees],
    waiting: assigneeKeys(asked.assignees)
      .sort(byCodeUnits)
      .map((assignee) => ({ assignee, status })),
    form,
    data: data !== null && "json" in data ? data.json : null,
    dataRef: data !== null && "ref" in data ? { ...data.ref } : null,
    requestedAt,
    expiresAt,
    decidedBy: closed?.decidedBy ?? null,
    comment: closed?.comment ?? null,
  };
}

/** In the order in which they were written. People resolve dead letters by hand, which no event tells. */
function deadLetterPairs(stored: readonly StoredDeadLetter[], { followUps, state }: FoldedHistory): Pair[] {
  const ought = followUps.deadLetters.map((letter, i) => [String(i), shownLetter(letter, state, stored[i])] as const);
  const there = stored.map(({ id: _, ...row }, i) => [String(i), { ...row, error: parsed(row.error) }] as const);
  return byId("dead_letters", there, ought);
}

function shownLetter(
  { node, index, iteration, attempts, error, status }: DeadLetter,
  { version }: ExecutionState,
  stored: StoredDeadLetter | undefined,
): JsonValue {
  return {
    node,
    index: index === undefined ? null : [...index],
    iteration,
    version,
    attempts,
    error: error as JsonValue,
    fingerprint: fingerprint(error.code, error.message),
    status: stored?.status === "resolved" ? "resolved" : status,
  };
}

/** Row by row; null where there is none. */
function byId(
  table: string,
  stored: readonly (readonly [string, JsonValue])[],
  ought: readonly (readonly [string, JsonValue])[],
): Pair[] {
  const there = new Map(stored);
  const folded = new Map(ought);
  const ids = [...new Set([...there.keys(), ...folded.keys()])];
  return ids.map((id) => [`${table}[${id}]`, there.get(id) ?? null, folded.get(id) ?? null]);
}

function byCodeUnits(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function parsed(text: string | null): JsonValue {
  return text === null ? null : (JSON.parse(text) as JsonValue);
}

function instant(ms: number | null): string | null {
  return ms === null ? null : toInstant(ms);
}

function iso(date: Date | null): string | null {
  return date === null ? null : date.toISOString();
}

function executionId(key: bigint | null): string | null {
  return key === null ? null : encodeId("execution", key);
}
