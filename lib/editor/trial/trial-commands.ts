/** What a trial asks of the core: its start, and what tasks, people and children come to. */
import type { Definition } from "../../contract/definition";
import { canonicalJson } from "../../contract/json";
import { TRIAL_USER, type Trial, type TrialAnswer } from "../../contract/trials";
import type { Command } from "../../core/execution/commands";
import { ms, type OpenApproval, type OpenChild, type OpenTask } from "./open";
import type { TrialTools } from "./trial-host";

/** What a run begins with; `signals` and `cancel` come by themselves. */
export type TrialStart = Pick<Trial, "startAt" | "input" | "key" | "tags" | "correlationId" | "signals" | "cancel">;

/** As events name who ran a task. */
export const WORKER = "local";
/** Of the draft, as its events name it. */
export const TRIAL_VERSION = 1;

export function startCommand(
  definition: Definition,
  { input = null, key, tags, correlationId }: TrialStart,
  { sha256 }: TrialTools,
): Command {
  return {
    type: "start",
    workflow: definition.name,
    version: TRIAL_VERSION,
    hash: sha256(canonicalJson(definition)),
    input,
    ...(key === undefined ? {} : { key }),
    ...(tags === undefined ? {} : { tags }),
    ...(correlationId === undefined ? {} : { correlationId }),
  };
}

export function taskCommand(task: OpenTask, now: number): [Command, string] {
  const { plan } = task;
  if (plan === null || "lost" in plan) throw new Error(`no answer is planned for ${task.id}`);
  const answer = { ...answerCommand(plan), ...answerOf(task, now) };
  return task.asked.kind === "http" ? [answer, "engine"] : [{ ...answer, worker: WORKER }, `worker:${WORKER}`];
}

function answerCommand(plan: Exclude<TrialAnswer, { lost: true }>) {
  if ("output" in plan) {
    const { output, port } = plan;
    return { type: "complete-task" as const, output, ...(port === undefined ? {} : { port }) };
  }
  if ("error" in plan) return { type: "fail-task" as const, error: plan.error };
  if ("sleep" in plan) {
    const { duration, ...directive } = plan.sleep;
    return { type: "sleep-task" as const, durationMs: ms(duration), ...directive };
  }
  const { timeout, ...asking } = plan.ask;
  return { type: "approval-task" as const, ...asking, ...(timeout === undefined ? {} : { timeoutMs: ms(timeout) }) };
}

export function answerOf({ step, id, openedAt, takenAt }: OpenTask, now: number) {
  const begunAt = takenAt ?? now;
  return { step, taskId: id, lease: id, queuedMs: begunAt - openedAt, ranMs: now - begunAt };
}

export function callTimeout(limitMs: number) {
  return { code: "ATTEMPT_TIMEOUT", message: `The call took longer than ${limitMs} ms.` };
}

export function decisionCommand({ plan, step, id }: OpenApproval): Command {
  if (plan === null || plan === "expired") throw new Error(`no decision is planned for ${id}`);
  const { after: _, ...decision } = plan;
  return { type: "decide-approval", step, approvalId: id, ...decision, decidedBy: TRIAL_USER };
}

export function childCommand({ plan, step, id }: OpenChild): Command {
  if (plan === null) throw new Error(`no end is planned for ${id}`);
  const closed = { type: "child-closed" as const, step, executionId: id };
  if ("output" in plan) return { ...closed, status: "completed", output: plan.output };
  return { ...closed, status: plan.status ?? "failed", error: plan.error };
}
