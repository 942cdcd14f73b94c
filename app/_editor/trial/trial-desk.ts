/**
 * The trial behind its panel: how it is set up, the run, and what a person does to it; kept while one looks at something
 * else in the editor. It draws nothing and knows no React.
 *
 *     set up ──begin──▶ running ──its end, or a wait for a person──▶ standing ──a move──▶ running
 *        ▲                 └──────────── begin again, with the same answers ◀───┘
 */
import type { Definition } from "@/lib/contract/definition";
import type { Finding } from "@/lib/contract/findings";
import type { JsonValue } from "@/lib/contract/json";
import type { TrialDifference } from "@/lib/contract/trial-path";
import type { Trial } from "@/lib/contract/trials";
import { type AnswerSource, firstOf, NO_ANSWERS, plannedAnswers } from "@/lib/editor/trial/answers";
import { exampleAnswers } from "@/lib/editor/trial/example-answers";
import { type Injection, type Injections, withInjections } from "@/lib/editor/trial/injections";
import { playTrial, startOf } from "@/lib/editor/trial/play";
import { type Begun, beginTrial, type Refusal, type TrialRun, type TrialStart } from "@/lib/editor/trial/trial-run";
import { TRIAL_TOOLS } from "./tools";
import type { TrialFeed } from "./trial-feed";

export type AnswerMode = "hand" | "example" | "past";

/** A past execution whose answers are taken. */
export interface Past {
  readonly id: string;
  readonly plans: Pick<Trial, "input" | "steps" | "compensations" | "approvals" | "children" | "signals">;
}

export interface Setup {
  readonly input: JsonValue;
  readonly mode: AnswerMode;
  readonly past: Past | null;
  readonly injections: Injections;
}

/** Moves a second; null: at once. */
export type Speed = 1 | 4 | null;

export type Problem =
  | { readonly kind: "findings"; readonly findings: readonly Finding[] }
  | { readonly kind: "input"; readonly message: string }
  | { readonly kind: "bug"; readonly message: string };

/** What came of a test that was opened. */
export interface Tested {
  readonly name: string;
  readonly unanswered: readonly string[];
  readonly differences: readonly TrialDifference[];
  readonly isPassed: boolean;
}

export interface TrialState {
  readonly setup: Setup;
  readonly run: TrialRun | null;
  /** Of the run, which one it is. */
  readonly runs: number;
  /** Grows with each move: what is in the run changes in place. */
  readonly moves: number;
  readonly problem: Problem | null;
  readonly tested: Tested | null;
  readonly speed: Speed;
  readonly isPlaying: boolean;
}

export interface TrialSetting {
  /** Draws what happens in a run. */
  readonly feedOf: (run: TrialRun) => TrialFeed;
  /** Calls back so often, until what it gives is called. */
  readonly every: (ms: number, tick: () => void) => () => void;
}

export class TrialDesk {
  #state: TrialState = {
    setup: { input: null, mode: "hand", past: null, injections: new Map() },
    run: null,
    runs: 0,
    moves: 0,
    problem: null,
    tested: null,
    speed: null,
    isPlaying: false,
  };
  #feed: TrialFeed | null = null;
  #stopPlaying: (() => void) | null = null;
  readonly #listeners = new Set<() => void>();

  constructor(private readonly setting: TrialSetting) {}

  readonly state = (): TrialState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  get feed(): TrialFeed["feed"] | null {
    return this.#feed?.feed ?? null;
  }

  setUp(change: Partial<Setup>): void {
    this.#set({ setup: { ...this.#state.setup, ...change } });
  }

  /** Null: nothing is planned for it any more. */
  inject(place: string, injection: Injection | null): void {
    const injections = new Map(this.#state.setup.injections);
    if (injection === null) injections.delete(place);
    else injections.set(place, injection);
    this.setUp({ injections });
  }

  setSpeed(speed: Speed): void {
    this.pause();
    this.#set({ speed });
  }

  begin(definition: Definition): TrialRun | null {
    return this.#begin(definition, this.#start(), this.#source(definition));
  }

  /** The draft as it is now, with all that was answered so far; to its end, where it had ended, else to the same instant. */
  again(definition: Definition): void {
    const before = this.#state.run;
    if (before === null) return;
    const trial = before.recorded("");
    const source = firstOf(plannedAnswers(trial), this.#source(definition));
    const run = this.#begin(definition, startOf(trial), source);
    if (run === null) return;
    this.#move(() => (before.isClosed ? run.playOut() : run.passTo(before.clock)));
  }

  /** Opens a test and plays it with the draft. */
  play(trial: Trial, definition: Definition) {
    this.pause();
    try {
      const played = playTrial(trial, definition, TRIAL_TOOLS);
      if (!("run" in played)) return this.#refused(played);
      const { run, differences, unanswered } = played;
      const isPassed = differences.length === 0 && unanswered.length === 0 && run.isClosed;
      this.#take(run, { name: trial.name, differences, unanswered, isPassed });
    } catch (error) {
      this.#failed(error);
    }
  }

  /** At speed: until it ends or a person is waited for; one that has ended from its begin. */
  run(definition: Definition) {
    const { run: before } = this.#state;
    const run = before === null || before.isClosed ? this.begin(definition) : before;
    if (run === null) return;
    const { speed } = this.#state;
    if (speed === null) return this.#move(() => run.run());
    this.#set({ isPlaying: true });
    this.#stopPlaying = this.setting.every(1000 / speed, () => this.#playOn(run));
  }

  pause(): void {
    this.#stopPlaying?.();
    this.#stopPlaying = null;
    if (this.#state.isPlaying) this.#set({ isPlaying: false });
  }

  step(definition: Definition): void {
    const { run } = this.#state;
    if (run === null) this.begin(definition);
    else if (run.goesOn) this.toNext();
  }

  /** Also where that lets time pass for somebody who is waited for. */
  toNext(): void {
    this.#move((run) => run.step());
  }

  skip(ms: number): void {
    this.#move((run) => run.skip(ms));
  }

  /** @returns why it was not done */
  act(move: (run: TrialRun) => Refusal | null): Refusal | null {
    let refusal: Refusal | null = "gone";
    this.#move((run) => {
      refusal = move(run);
    });
    return refusal;
  }

  clear(): void {
    this.pause();
    this.#feed = null;
    this.#set({ run: null, problem: null, tested: null });
  }

  #start(): TrialStart {
    const { input, mode, past } = this.#state.setup;
    const signals = mode === "past" ? past?.plans.signals : undefined;
    return { input, ...(signals === undefined ? {} : { signals }) };
  }

  #source(definition: Definition): AnswerSource {
    const { mode, past, injections } = this.#state.setup;
    const base =
      mode === "example"
        ? lazily(() => exampleAnswers(definition))
        : mode === "past" && past !== null
          ? plannedAnswers(past.plans)
          : NO_ANSWERS;
    return withInjections(injections, base);
  }

  #begin(definition: Definition, start: TrialStart, source: AnswerSource): TrialRun | null {
    this.pause();
    try {
      const begun = beginTrial(definition, start, source, TRIAL_TOOLS);
      if ("step" in begun) {
        this.#take(begun, null);
        return begun;
      }
      this.#refused(begun);
    } catch (error) {
      this.#failed(error);
    }
    return null;
  }

  #take(run: TrialRun, tested: Tested | null): void {
    this.#feed = this.setting.feedOf(run);
    this.#set({ run, runs: this.#state.runs + 1, tested, problem: null, moves: this.#state.moves + 1 });
  }

  #refused(why: Exclude<Begun, TrialRun>): void {
    this.clear();
    this.#set({
      problem:
        "findings" in why ? { kind: "findings", findings: why.findings } : { kind: "input", message: why.badInput },
    });
  }

  #move(move: (run: TrialRun) => unknown): void {
    const { run } = this.#state;
    if (run === null) return;
    try {
      move(run);
    } catch (error) {
      this.#failed(error);
    }
    this.#feed?.follow();
    this.#set({ moves: this.#state.moves + 1 });
  }

  #playOn(run: TrialRun) {
    if (!run.goesOn) return this.pause();
    this.#move(() => run.step());
  }

  /** A bug of ours: the trial stands where it was. */
  #failed(error: unknown): void {
    this.pause();
    this.#set({ problem: { kind: "bug", message: error instanceof Error ? error.message : String(error) } });
  }

  #set(change: Partial<TrialState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }
}

/** Made only for a definition that was found to be without errors: nothing is asked before. */
function lazily(make: () => AnswerSource): AnswerSource {
  let made: AnswerSource | null = null;
  const source = () => {
    made ??= make();
    return made;
  };
  return {
    task: (asked) => source().task(asked),
    approval: (asked) => source().approval(asked),
    child: (asked) => source().child(asked),
  };
}
