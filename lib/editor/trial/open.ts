/**
 * What a trial waits for beside time: tasks, questions to people, child executions.
 *
 *     opened ──its turn comes: the source of answers is asked──▶ taken ──answer, decision, end──▶ gone
 *        either of them ──the execution waits for it no longer, or it expires──▶ gone
 */
import {
  TRIAL_CALL_MS,
  TRIAL_LEASE_MS,
  type TrialAnswer,
  type TrialChild,
  type TrialDecision,
} from "../../contract/trials";
import { parseDuration } from "../../core/durations";
import type { CommandOf } from "../../core/execution/commands";
import type { EffectOf } from "../../core/execution/effects";
import type { StepRef } from "../../core/execution/step-ref";
import type { AskedApproval, AskedChild, AskedTask } from "./answers";

interface Open<Kind extends string, Asked, Plan> {
  readonly kind: Kind;
  /** Of the task, the approval, the child execution. */
  readonly id: string;
  readonly step: StepRef;
  readonly openedAt: number;
  /** Its place among all that is opened: what has its turn first is planned first. */
  turn: number;
  /** `nth` holds once it is taken. */
  asked: Asked;
  takenAt: number | null;
  /** What it will come to; null: nobody has said. */
  plan: Plan | null;
}

export interface OpenTask extends Open<"task", AskedTask, TrialAnswer> {
  readonly dispatched: EffectOf<"dispatch-task">;
  /** Its concurrency key is used up: it has no turn yet. */
  waitsForKey: boolean;
}

export interface OpenApproval extends Open<"approval", AskedApproval, TrialDecision> {
  readonly expiresAt: number | null;
}

export type OpenChild = Open<"child", AskedChild, TrialChild>;

export type OpenThing = OpenTask | OpenApproval | OpenChild;

type ExpiryCode = CommandOf<"expire-task">["code"];

/** Of a plan's `took` or `after`; what is no duration was refused where the trial was read. */
export function ms(duration: string | number | undefined): number {
  return parseDuration(duration ?? 0) ?? 0;
}

/** When what is planned for a taken thing comes; null: nothing comes of it by itself. */
export function endAt(thing: OpenThing): number | null {
  const { takenAt, plan } = thing;
  if (takenAt === null || plan === null || plan === "expired") return null;
  if (thing.kind !== "task") return takenAt + ms("after" in plan ? plan.after : "took" in plan ? plan.took : 0);
  if ("lost" in plan) return null;
  const took = "took" in plan ? ms(plan.took) : 0;
  const limit = attemptLimitOf(thing);
  return limit !== null && limit <= took ? null : takenAt + took;
}

/** When a task expires unless something comes before, and by which of its limits. */
export function expiryOf(task: OpenTask): { at: number; code: ExpiryCode } | null {
  const { takenAt, dispatched, openedAt, waitsForKey } = task;
  if (takenAt === null) {
    const { queueTimeoutMs } = dispatched;
    return waitsForKey && queueTimeoutMs !== null ? { at: openedAt + queueTimeoutMs, code: "QUEUE_TIMEOUT" } : null;
  }
  if (endAt(task) !== null) return null;
  const limit = attemptLimitOf(task);
  const deadlines = limit === null ? [] : [{ at: takenAt + limit, code: "ATTEMPT_TIMEOUT" as ExpiryCode }];
  return [...deadlines, ...silenceOf(task, takenAt)].reduce<{ at: number; code: ExpiryCode } | null>(
    (first, one) => (first !== null && first.at <= one.at ? first : one),
    null,
  );
}

/** How long an attempt may run; null: as long as it likes. */
export function attemptLimitOf({ dispatched, asked }: OpenTask): number | null {
  return dispatched.attemptTimeoutMs ?? (asked.kind === "http" ? TRIAL_CALL_MS : null);
}

/** What ends the task of a worker that is lost. The engine's own calls are renewed by the engine. */
function silenceOf({ plan, dispatched, asked }: OpenTask, takenAt: number): { at: number; code: ExpiryCode }[] {
  if (plan === null || !("lost" in plan) || asked.kind === "http") return [];
  const lostAt = takenAt + ms(plan.took);
  const { heartbeatTimeoutMs } = dispatched;
  return [
    ...(heartbeatTimeoutMs === null ? [] : [{ at: lostAt + heartbeatTimeoutMs, code: "HEARTBEAT_TIMEOUT" as const }]),
    { at: lostAt + TRIAL_LEASE_MS, code: "LEASE_EXPIRED" as const },
  ];
}
