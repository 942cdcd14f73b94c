/**
 * A recorded execution replayed against a draft, with the results that were recorded: whether it goes the same way, another
 * one, or comes to a step for which nothing was recorded. Pure, and on the core that runs the draft once it is published.
 *
 * What it cannot know: a step's result was the answer to the input that it had then. Where the draft gives it another, the
 * result is still the recorded one, and {@link Backtested.changedInputs} names the step.
 */
import type { Definition } from "../../contract/definition";
import type { HistoryEvent } from "../../contract/history";
import { canonicalJson, type JsonValue } from "../../contract/json";
import { placeName, stepName, type TrialOutcome } from "../../contract/trial-path";
import { findStep } from "../../core/execution/find-step";
import type { OpenThing } from "../trial/open";
import type { TrialTools } from "../trial/trial-host";
import { beginTrial, type TrialRun } from "../trial/trial-run";
import { type Divergence, firstDivergence } from "./divergence";
import { factsOf } from "./draft-facts";
import { type RecordedAnswers, recordedAnswers } from "./recorded-answers";
import { playable, type Recording, type Unplayable, valueIn } from "./recording";

/** `same`: its steps ended the same way, and so did it. `missing`: it waits for something that was not recorded. */
export type BacktestGroup = "same" | "other" | "missing";

export interface Backtested {
  readonly group: BacktestGroup;
  readonly recorded: Omit<TrialOutcome, "path">;
  readonly replayed: Omit<TrialOutcome, "path">;
  /** The draft fails, and the recording did not. */
  readonly fails: boolean;
  /** Why the draft failed, in its own words. */
  readonly message: string | null;
  readonly divergence: Divergence | null;
  /** Steps that wait for a result, a decision or a child that was not recorded. */
  readonly missing: readonly string[];
  /** Steps that were given another input than the one their result was the answer to. */
  readonly changedInputs: readonly string[];
  readonly isOutputSame: boolean;
  readonly isCut: boolean;
  /** It was paused, which a replay is not: what the pause held back comes as if there had been none. */
  readonly wasPaused: boolean;
}

/** `refused`: the draft's schema does not take the recorded input. `invalid`: the draft itself cannot run. */
export type BacktestResult =
  | Backtested
  | { readonly unplayable: Unplayable }
  | { readonly refused: string }
  | { readonly invalid: true };

export interface Replay {
  readonly result: BacktestResult;
  /** As the draft would have written it; empty where it did not run. */
  readonly history: readonly HistoryEvent[];
}

export function replay(definition: Definition, recording: Recording, tools: TrialTools): Replay {
  const played = playable(recording);
  if ("unplayable" in played) return { result: played, history: [] };
  const { history, start } = played;
  const answers = recordedAnswers(history, recording.values, factsOf(definition));
  const run = beginTrial(definition, start, answers, tools);
  if ("findings" in run) return { result: { invalid: true }, history: [] };
  if ("badInput" in run) return { result: { refused: run.badInput }, history: [] };
  playOut(run, answers);
  return { result: judged(played, run, recording), history: run.history };
}

export function backtest(definition: Definition, recording: Recording, tools: TrialTools): BacktestResult {
  return replay(definition, recording, tools).result;
}

/** Whatever needs more does not end. */
const MOST_MOVES = 200_000;

/**
 * Until it ends, or waits for what was not recorded: no time passes then. What was asked for and never answered in the
 * recording either may stay open, for it was given up later.
 */
function playOut(run: TrialRun, answers: RecordedAnswers): void {
  const isMissing = (thing: OpenThing) =>
    !(thing.kind === "task" && thing.waitsForKey) && run.isByHand(thing) && !answers.wasOpen(thing);
  for (let moves = 0; moves < MOST_MOVES; moves++) {
    run.passTo(run.clock);
    if (run.isClosed || run.next === null || run.waiting.some(isMissing)) return;
    run.step();
  }
}

function judged(
  { history, outcome, isCut }: Exclude<ReturnType<typeof playable>, { unplayable: Unplayable }>,
  run: TrialRun,
  { values }: Recording,
): Backtested {
  const { path: recordedPath, ...recorded } = outcome;
  const { path, ...replayed } = run.outcome;
  const missing = run.isClosed ? [] : waitingFor(run);
  const divergence = firstDivergence(recordedPath, path);
  const isSame = divergence === null && recorded.status === replayed.status && recorded.error === replayed.error;
  const inputs = inputsOf(history, values);
  const changedInputs = [...inputsOf(run.history, run.values)].flatMap(([step, input]) => {
    const before = inputs.get(step);
    return before === undefined || before === input ? [] : [step];
  });
  return {
    group: run.isClosed ? (isSame ? "same" : "other") : "missing",
    recorded,
    replayed,
    fails: run.isClosed && replayed.status !== "completed" && recorded.status === "completed",
    message: run.state.error?.message ?? null,
    divergence,
    missing,
    changedInputs,
    isOutputSame: canonicalJson(recorded.output) === canonicalJson(replayed.output),
    isCut,
    wasPaused: history.some(({ type }) => type === "ExecutionPaused"),
  };
}

/** Named as a place is: `charge`, `each/pack[2]`. */
function waitingFor(run: TrialRun): string[] {
  const asked = run.waiting
    .filter((thing) => run.isByHand(thing))
    .map(({ asked }) => placeName(asked.node, asked.index));
  const signals = run.state.waiters.flatMap(({ ref }) => {
    const step = findStep(run.state, ref);
    return step === undefined ? [] : [placeName(step.node, step.index)];
  });
  return [...new Set([...asked, ...signals])];
}

/** What each step was given when it was dispatched first, as canonical text. */
function inputsOf(history: readonly HistoryEvent[], values: ReadonlyMap<string, JsonValue>): Map<string, string> {
  const inputs = new Map<string, string>();
  for (const event of history) {
    if (event.type !== "StepScheduled" && event.type !== "ChildStarted") continue;
    const step = stepName(event.data);
    if (!inputs.has(step)) inputs.set(step, canonicalJson(valueIn("input", event.data, values)));
  }
  return inputs;
}
