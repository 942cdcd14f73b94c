/** What the page gives to a trial, for its tests: hashing, and schemas. */
import { createHash } from "node:crypto";
import type { Definition } from "@/lib/contract/definition";
import type { Trial } from "@/lib/contract/trials";
import type { AnswerSource } from "@/lib/editor/trial/answers";
import { NO_ANSWERS, plannedAnswers } from "@/lib/editor/trial/answers";
import type { TrialTools } from "@/lib/editor/trial/trial-host";
import { beginTrial, type TrialRun, type TrialStart } from "@/lib/editor/trial/trial-run";
import { checkSchema } from "@/worker-sdk/src/local/check-schema";

export const TOOLS: TrialTools = {
  sha256: (text) => createHash("sha256").update(text).digest("hex"),
  checkSchema,
};

export function began(
  definition: Definition,
  { answers = NO_ANSWERS, ...start }: TrialStart & { answers?: AnswerSource } = {},
): TrialRun {
  const run = beginTrial(definition, start, answers, TOOLS);
  if (!("step" in run)) throw new Error(`it does not begin: ${JSON.stringify(run)}`);
  return run;
}

/** Run as planned, as far as it goes without a person. */
export function ran(
  definition: Definition,
  plan: Pick<Trial, "steps" | "compensations" | "approvals" | "children"> & TrialStart = {},
): TrialRun {
  const { steps, compensations, approvals, children, ...start } = plan;
  const answers = plannedAnswers({ steps, compensations, approvals, children });
  const run = began(definition, { ...start, answers });
  run.run();
  return run;
}

/** `a completed`, `review#2 failed`, `b completed:expired`. */
export function endings(run: TrialRun): string[] {
  return run.outcome.path.map(({ step, ended, port }) => `${step} ${ended}${port === undefined ? "" : `:${port}`}`);
}

/** Milliseconds since the start of each event of that type. */
export function times(run: TrialRun, type: string): number[] {
  return run.history.filter((event) => event.type === type).map(({ at }) => Date.parse(at) - run.startedAt);
}

/** The id of what waits at that node. */
export function waitingAt(run: TrialRun, node: string): string {
  const found = run.waiting.find(({ asked }) => asked.node === node);
  if (found === undefined) throw new Error(`nothing waits at ${node}`);
  return found.id;
}
