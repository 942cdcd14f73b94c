/**
 * Plays a trial on the local executor: the same core, on a clock that jumps, with the world around the execution played by
 * the plan. What comes of it is what comes of it in the editor's page.
 */

import type { HistoryEvent } from "@/lib/contract/history";
import { compareOutcome, pathOf, type TrialDifference, type TrialOutcome } from "@/lib/contract/trial-path";
import { TRIAL_CHANCE, TRIAL_START, TRIAL_USER, type Trial, trialId } from "@/lib/contract/trials";
import type { AnyWorkflow } from "../any-workflow";
import { type Deferred, deferred } from "../deferred";
import { type Clock, virtualClock } from "../local/clock";
import { LocalEngine } from "../local/local-engine";
import type { LocalExecution } from "../local/local-execution";
import { PlayedWorld, plannedMs } from "../local/played-world";
import { startLocally } from "../local/start-locally";
import type { Definition } from "../types/definition";
import { checkDefinition } from "../validate";

export interface RanTrial {
  readonly outcome: TrialOutcome;
  /** Steps that wait for an answer that is not planned; it ended there. */
  readonly unanswered: readonly string[];
  /** What could not be done as it was planned, in sentences. */
  readonly problems: readonly string[];
  /** From what is expected. */
  readonly differences: readonly TrialDifference[];
  readonly history: readonly HistoryEvent[];
}

/** Signals, and then the cancel, come before what was opened meanwhile. */
const SIGNALS_ORDER = -2;
const CANCEL_ORDER = -1;
/** Whatever writes more does not end. */
const MOST_EVENTS = 1_000_000;
const CLOSED = ["completed", "failed", "cancelled", "terminated", "timed_out"] as const;

/**
 * @throws DefinitionError for a definition that is wrong, CerebelumError `INVALID_INPUT` for an input that breaks its schema
 */
export async function runTrial(trial: Trial, definition: Definition): Promise<RanTrial> {
  checkDefinition(definition, [], []);
  const world = new PlayedWorld(trial);
  const stuck = deferred();
  let events = 0;
  const clock = clockUntil(world, trial.startAt ?? TRIAL_START, stuck);
  const execution = startLocally(bare(definition), startOf(trial), clock, {
    world,
    random: () => TRIAL_CHANCE,
    newId: idMaker(),
    onEvent: () => {
      if (++events < MOST_EVENTS) return;
      world.problems.push("It does not end.");
      stuck.resolve();
    },
  });
  planOutside(trial, execution, LocalEngine.at(clock));
  void LocalEngine.at(clock)
    .rest()
    .then(() => stuck.resolve());
  await Promise.race([execution.until(() => execution.isClosed), stuck.promise]);
  return resultOf(trial, execution, world);
}

function bare(definition: Definition): AnyWorkflow {
  return { name: definition.name, definition, warnings: [], steps: [], children: [] };
}

function startOf({ input = null, key, tags, correlationId }: Trial) {
  return {
    input,
    ...(key === undefined ? {} : { key }),
    ...(tags === undefined ? {} : { tags }),
    ...(correlationId === undefined ? {} : { correlationId }),
  };
}

/** Jumps, until something waits for an answer that nobody has planned. */
function clockUntil(world: PlayedWorld, startAt: string, stuck: Deferred<void>): Clock {
  const clock = virtualClock(startAt);
  return {
    now: clock.now,
    async sleepUntil(at, options) {
      if (!options.idle || at <= clock.now() || world.unanswered.length === 0) return clock.sleepUntil(at, options);
      stuck.resolve();
      await clock.sleepUntil(at, { ...options, idle: false });
    },
  };
}

function idMaker(): (of: "execution" | "task" | "approval") => string {
  const made = { execution: 0, task: 1, approval: 1 };
  return (of) => trialId(of, made[of]++);
}

function planOutside({ signals = [], cancel }: Trial, execution: LocalExecution, engine: LocalEngine): void {
  const startedAt = engine.clock.now();
  const plan = (after: string | number | undefined, order: number, act: () => unknown) => {
    const open = () => {
      if (!execution.isClosed) execution.guarded(act);
    };
    const afterMs = plannedMs(after);
    if (afterMs === 0) engine.turn(order, open);
    else engine.alarm(startedAt + afterMs, open, order);
  };
  for (const { signal, payload = null, after } of signals)
    plan(after, SIGNALS_ORDER, () => execution.apply({ type: "signal", signal, payload }, TRIAL_USER));
  if (cancel === undefined) return;
  const { after, ...options } = cancel;
  plan(after, CANCEL_ORDER, () => execution.apply({ type: "cancel", ...options }, TRIAL_USER));
}

function resultOf(trial: Trial, execution: LocalExecution, world: PlayedWorld): RanTrial {
  const { status, output, error } = execution.state;
  const outcome: TrialOutcome = {
    status: CLOSED.find((closed) => closed === status) ?? "open",
    output: execution.value(output),
    error: error?.code ?? null,
    path: pathOf(execution.history),
  };
  return {
    outcome,
    unanswered: execution.isClosed ? [] : world.unanswered,
    problems: world.problems,
    differences: trial.expect === undefined ? [] : compareOutcome(trial.expect, outcome),
    history: execution.history,
  };
}
