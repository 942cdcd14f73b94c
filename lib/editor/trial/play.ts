/** Plays a trial to its end, and says how what came of it differs from what was expected. */
import type { Definition } from "../../contract/definition";
import { compareOutcome, placeName, type TrialDifference } from "../../contract/trial-path";
import type { Trial } from "../../contract/trials";
import { plannedAnswers } from "./answers";
import type { TrialTools } from "./trial-host";
import { type Begun, beginTrial, type TrialRun } from "./trial-run";

export interface Played {
  run: TrialRun;
  /** Steps that wait for an answer that the trial does not plan; it ends there. */
  unanswered: readonly string[];
  /** Empty: it passed. */
  differences: readonly TrialDifference[];
}

export function playTrial(trial: Trial, definition: Definition, tools: TrialTools): Played | Exclude<Begun, TrialRun> {
  const run = beginTrial(definition, startOf(trial), plannedAnswers(trial), tools);
  if (!("step" in run)) return run;
  run.playOut();
  const unanswered = run.isClosed ? [] : run.waiting.filter((thing) => run.isByHand(thing));
  return {
    run,
    unanswered: unanswered.map(({ asked }) => placeName(asked.node, asked.index)),
    differences: trial.expect === undefined ? [] : compareOutcome(trial.expect, run.outcome),
  };
}

export function startOf({ startAt, input, key, tags, correlationId, signals, cancel }: Trial) {
  return {
    ...(startAt === undefined ? {} : { startAt }),
    ...(input === undefined ? {} : { input }),
    ...(key === undefined ? {} : { key }),
    ...(tags === undefined ? {} : { tags }),
    ...(correlationId === undefined ? {} : { correlationId }),
    ...(signals === undefined ? {} : { signals }),
    ...(cancel === undefined ? {} : { cancel }),
  };
}
