/**
 * Runs a draft on the engine's own core, with a clock of its own: what a server does between two decisions is done here, at
 * once and in the page. Nothing happens by itself; each move lets happen what is next, or does what a person does.
 */
import type { Definition } from "../../contract/definition";
import type { Finding } from "../../contract/findings";
import type { HistoryEvent } from "../../contract/history";
import type { JsonValue } from "../../contract/json";
import { pathOf, placeName, type TrialOutcome } from "../../contract/trial-path";
import {
  TRIAL_START,
  TRIAL_USER,
  type Trial,
  type TrialAnswer,
  type TrialChild,
  type TrialDecision,
} from "../../contract/trials";
import { validateDefinition } from "../../core/definition/validate";
import type { Command, CommandOf, Reply } from "../../core/execution/commands";
import { wakeAt } from "../../core/execution/deadlines";
import type { ExecutionState, Held } from "../../core/execution/state";
import { CLOSED_STATUSES, isClosed } from "../../core/execution/statuses";
import { epochMs } from "../../core/time";
import type { AnswerSource } from "./answers";
import { durationText } from "./duration-text";
import { attemptLimitOf, endAt, expiryOf, ms, type OpenTask, type OpenThing } from "./open";
import { CANCEL_ORDER, DUE, isBefore, type Key, PLANNED_NOW, plannedKey, SIGNALS_ORDER, WAKE_ORDER } from "./queue";
import { nothingAfter, type Plans, Recording, withAfter, withTook } from "./record";
import {
  answerOf,
  callTimeout,
  childCommand,
  decisionCommand,
  startCommand,
  type TrialStart,
  taskCommand,
  WORKER,
} from "./trial-commands";
import { TrialHost, type TrialTools } from "./trial-host";

export { TRIAL_VERSION, type TrialStart } from "./trial-commands";

/** What happens next, or happened. */
export type Happening =
  | { readonly kind: "answer" | "expiry"; readonly thing: OpenThing }
  | { readonly kind: "signal"; readonly signal: string }
  | { readonly kind: "cancel" | "wake" };

interface Due {
  readonly key: Key;
  readonly what: Happening;
  /** @returns false where nothing was to be seen of it */
  readonly act: () => boolean;
}

/** Why something that a person did was not done. */
export type Refusal = "gone" | "waits-for-key" | Exclude<Reply, "accepted">;

export type Begun = TrialRun | { findings: readonly Finding[] } | { badInput: string };

/** Whatever needs more does not end. */
const MOST_MOVES = 200_000;

/** @returns why it cannot run: what the validator finds wrong, or what the input breaks of its schema */
export function beginTrial(definition: Definition, start: TrialStart, answers: AnswerSource, tools: TrialTools): Begun {
  const findings = validateDefinition(definition).filter(({ severity }) => severity === "error");
  if (findings.length > 0) return { findings };
  const { inputSchema } = definition;
  const broken = inputSchema === undefined ? null : tools.checkSchema(inputSchema, start.input ?? null);
  return broken === null ? new TrialRun(definition, start, answers, tools) : { badInput: broken };
}

export class TrialRun {
  readonly startedAt: number;
  /** What was planned and could not be done, in sentences. */
  readonly problems: string[] = [];

  private readonly host: TrialHost;
  private readonly recording = new Recording();
  private readonly signals: { signal: string; payload: JsonValue; at: number }[];
  private cancelAt: number | null;
  /** The latest place at which something happened: what a person does at the same instant comes after it. */
  private last: Key;
  /** The place of what happens just now. */
  private now: Key;

  constructor(
    readonly definition: Definition,
    private readonly start: TrialStart,
    private readonly answers: AnswerSource,
    tools: TrialTools,
  ) {
    this.startedAt = epochMs(start.startAt ?? TRIAL_START);
    this.host = new TrialHost(definition, this.startedAt, tools, (thing) => this.giveUp(thing));
    this.last = { at: this.startedAt, phase: PLANNED_NOW, order: Number.NEGATIVE_INFINITY };
    this.now = this.last;
    this.signals = (start.signals ?? [])
      .map(({ signal, payload = null, after }) => ({ signal, payload, at: this.startedAt + ms(after) }))
      .sort((a, b) => a.at - b.at);
    this.cancelAt = start.cancel === undefined ? null : this.startedAt + ms(start.cancel.after);
    this.host.apply(startCommand(definition, start, tools), TRIAL_USER);
  }

  /** Epoch milliseconds. */
  get clock(): number {
    return this.host.clock;
  }

  get state(): ExecutionState {
    return this.host.state;
  }

  /** Grows in place. */
  get history(): readonly HistoryEvent[] {
    return this.host.history;
  }

  /** Large values, by the hash that the history names them with. */
  get values(): ReadonlyMap<string, JsonValue> {
    return this.host.values;
  }

  get isClosed(): boolean {
    return isClosed(this.state);
  }

  /** In the order in which they were opened. */
  get waiting(): readonly OpenThing[] {
    return [...this.host.open.values()];
  }

  /** Signals that will come by themselves. */
  get plannedSignals(): readonly { readonly signal: string; readonly at: number }[] {
    return this.signals;
  }

  /** Whether a person is to say what it comes to, also where its turn has not come yet. */
  isByHand(thing: OpenThing): boolean {
    if (thing.takenAt === null) this.ask(thing);
    return thing.plan === null;
  }

  /** The JSON that the state holds, itself or by reference. */
  value(held: Held | null): JsonValue {
    return this.host.value(held);
  }

  /** What happens next by itself, and when; null: nothing does. */
  get next(): { at: number; what: Happening } | null {
    const due = this.isClosed ? null : this.firstOf((thing) => this.dueOf(this.asTaken(thing)));
    return due && { at: due.key.at, what: due.what };
  }

  /** Something happens by itself before anybody is waited for. */
  get goesOn(): boolean {
    const { next } = this;
    return next !== null && (next.at <= this.clock || !this.asksPerson);
  }

  /** Something waits for what a person does. */
  get asksPerson(): boolean {
    return (this.state.waiters.length > 0 && this.signals.length === 0) || this.asksAnswer;
  }

  /** Something is open of which nobody has said what it comes to. */
  get asksAnswer(): boolean {
    return this.waiting.some((thing) => !(thing.kind === "task" && thing.waitsForKey) && this.isByHand(thing));
  }

  /** Lets the next thing happen, and time pass until then; null: there is none. */
  step(): Happening | null {
    for (let due = this.nextDue(); due !== null; due = this.nextDue()) if (this.happen(due)) return due.what;
    return null;
  }

  /**
   * Lets everything happen until it ends, or until a person is waited for: no time passes before that.
   * @returns whether more would happen, where it stopped after `most` things
   */
  run(most = MOST_MOVES): boolean {
    return this.runUnless(() => this.asksPerson, most);
  }

  /** As {@link run}, and no signal comes that is not planned: what waits for one expires. */
  playOut(most = MOST_MOVES): boolean {
    return this.runUnless(() => this.asksAnswer, most);
  }

  /** Lets time pass to that instant, and everything happen that comes due until then. */
  passTo(at: number): void {
    for (let moves = 0; moves < MOST_MOVES; moves++) {
      const due = this.nextDue();
      if (due === null || due.key.at > at) break;
      this.happen(due);
    }
    this.host.clock = Math.max(this.clock, at);
  }

  skip(durationMs: number): void {
    this.passTo(this.clock + durationMs);
  }

  /** A worker's answer to a task; where it says how long it took, it comes so long from now. */
  answer(taskId: string, answer: TrialAnswer): Refusal | null {
    const task = this.host.open.get(taskId);
    if (task?.kind !== "task") return "gone";
    if (task.waitsForKey) return "waits-for-key";
    const comesNow = !("lost" in answer) && ms(answer.took) === 0;
    return this.byHand(task, comesNow, (sofarMs) => {
      task.plan = withTook(answer, sofarMs + ms(answer.took));
    });
  }

  /** What a person decides. */
  decide(approvalId: string, decision: Exclude<TrialDecision, "expired">): Refusal | null {
    const approval = this.host.open.get(approvalId);
    if (approval?.kind !== "approval") return "gone";
    return this.byHand(approval, ms(decision.after) === 0, (sofarMs) => {
      approval.plan = withAfter(decision, sofarMs + ms(decision.after));
    });
  }

  /** How a child execution ended. */
  endChild(executionId: string, end: TrialChild): Refusal | null {
    const child = this.host.open.get(executionId);
    if (child?.kind !== "child") return "gone";
    return this.byHand(child, ms(end.took) === 0, (sofarMs) => {
      child.plan = withTook(end, sofarMs + ms(end.took));
    });
  }

  signal(signal: string, payload: JsonValue = null): Refusal | null {
    this.comeTo(() => plannedKey(this.clock, this.startedAt, SIGNALS_ORDER));
    if (this.isClosed) return "closed";
    this.now = plannedKey(this.clock, this.startedAt, SIGNALS_ORDER);
    const refusal = this.send(signal, payload);
    this.passed();
    return refusal;
  }

  cancel(options: { reason?: string; compensate?: boolean } = {}): Refusal | null {
    this.comeTo(() => plannedKey(this.clock, this.startedAt, CANCEL_ORDER));
    if (this.isClosed) return "closed";
    // It would change nothing.
    if (this.state.cancelRequested) return "duplicate";
    this.now = plannedKey(this.clock, this.startedAt, CANCEL_ORDER);
    const refusal = this.cancelNow(options);
    this.passed();
    return refusal;
  }

  get outcome(): TrialOutcome {
    const { status, output, error } = this.state;
    return {
      status: CLOSED_STATUSES.find((closed) => closed === status) ?? "open",
      output: this.value(output),
      error: error?.code ?? null,
      path: pathOf(this.history),
    };
  }

  /** This run as a trial that plays it again, and expects the same of it once it has ended. */
  recorded(name: string): Trial {
    const { signals: _, cancel: __, ...start } = this.start;
    const { status, output, error, path } = this.outcome;
    const came = status === "completed" ? { output } : error === null ? {} : { error };
    const begun: Trial = { cerebelum: "trial", format: 1, name, workflow: this.definition.name, ...start };
    return {
      ...begun,
      ...this.recording.plans(),
      ...(status === "open" ? {} : { expect: { status, ...came, path: [...path] } }),
      definition: this.definition,
    };
  }

  private runUnless(asks: () => boolean, most: number): boolean {
    for (let moves = 0; moves < most; moves++) {
      const due = this.nextDue();
      if (due === null || (due.key.at > this.clock && asks())) return false;
      this.happen(due);
    }
    return true;
  }

  private nextDue(): Due | null {
    return this.isClosed ? null : this.firstOf((thing) => this.dueOf(thing));
  }

  private firstOf(dueOf: (thing: OpenThing) => Due | null): Due | null {
    let first: Due | null = null;
    for (const due of this.allDue(dueOf)) if (first === null || isBefore(due.key, first.key)) first = due;
    return first;
  }

  private *allDue(dueOf: (thing: OpenThing) => Due | null): Generator<Due> {
    const [signal] = this.signals;
    if (signal !== undefined) {
      const act = () => {
        this.signals.shift();
        return this.send(signal.signal, signal.payload) === null;
      };
      const key = plannedKey(signal.at, this.startedAt, SIGNALS_ORDER);
      yield { key, what: { kind: "signal", signal: signal.signal }, act };
    }
    if (this.cancelAt !== null) {
      const key = plannedKey(this.cancelAt, this.startedAt, CANCEL_ORDER);
      yield { key, what: { kind: "cancel" }, act: () => this.cancelNow(this.start.cancel ?? {}) === null };
    }
    const wake = wakeAt(this.state);
    if (wake !== null) {
      const key: Key = { at: Math.max(wake, this.clock), phase: DUE, order: WAKE_ORDER };
      yield { key, what: { kind: "wake" }, act: () => this.wake() };
    }
    for (const thing of this.host.open.values()) {
      const due = dueOf(thing);
      if (due !== null) yield due;
    }
  }

  private dueOf(thing: OpenThing): Due | null {
    const expiry = thing.kind === "task" ? expiryOf(thing) : null;
    if (thing.kind === "task" && expiry !== null) {
      const key: Key = { at: Math.max(expiry.at, this.clock), phase: DUE, order: thing.turn };
      return { key, what: { kind: "expiry", thing }, act: () => this.expire(thing, expiry.code) };
    }
    if (thing.kind === "task" && thing.waitsForKey) return null;
    const what: Happening = { kind: "answer", thing };
    if (thing.takenAt === null) return { key: this.turnOf(thing), what, act: () => this.take(thing) };
    const at = endAt(thing);
    return at === null ? null : { key: plannedKey(at, thing.takenAt, thing.turn), what, act: () => this.end(thing) };
  }

  /** As it will be once its turn has come. */
  private asTaken(thing: OpenThing): OpenThing {
    if (thing.takenAt !== null || (thing.kind === "task" && thing.waitsForKey)) return thing;
    this.ask(thing);
    return { ...thing, takenAt: this.clock };
  }

  private turnOf({ turn }: OpenThing): Key {
    return { at: this.clock, phase: PLANNED_NOW, order: turn };
  }

  private happen({ key, act }: Due): boolean {
    this.host.clock = Math.max(this.clock, key.at);
    this.now = { ...key, at: this.clock };
    const isSeen = act();
    if (isSeen) this.passed();
    return isSeen;
  }

  private passed(): void {
    if (isBefore(this.last, this.now)) this.last = this.now;
  }

  /**
   * What a person does has its place in the order of the instant, where it will be again when the trial is played: what is
   * due before it happens first, and where something later has happened already, a millisecond passes.
   */
  private comeTo(key: () => Key): void {
    for (;;) {
      const due = this.nextDue();
      if (due !== null && isBefore(due.key, key())) this.happen(due);
      else if (isBefore(key(), this.last)) this.passTo(this.clock + 1);
      else return;
    }
  }

  /** @param say notes what a person said, so many milliseconds after the thing was taken */
  private byHand(thing: OpenThing, comesNow: boolean, say: (sofarMs: number) => void): Refusal | null {
    const place = () =>
      thing.takenAt === null || thing.takenAt === this.clock
        ? this.turnOf(thing)
        : plannedKey(this.clock, thing.takenAt, thing.turn);
    if (comesNow) this.comeTo(place);
    if (this.host.open.get(thing.id) !== thing) return "gone";
    if (thing.takenAt === null) this.begin(thing);
    say(this.clock - (thing.takenAt ?? this.clock));
    if (endAt(thing) !== this.clock) {
      this.write(thing);
      return null;
    }
    this.now = place();
    const refusal = this.endNow(thing);
    if (refusal === null) this.passed();
    return refusal;
  }

  /** Its turn has come: the source says what it will come to. */
  private take(thing: OpenThing): boolean {
    this.begin(thing);
    if (endAt(thing) === this.clock) return this.end(thing);
    this.write(thing);
    return false;
  }

  private begin(thing: OpenThing): void {
    this.ask(thing);
    this.recording.took(kindOf(thing), thing.asked);
    thing.takenAt = this.clock;
  }

  private ask(thing: OpenThing): void {
    const nth = this.recording.count(kindOf(thing), thing.asked);
    switch (thing.kind) {
      case "task":
        thing.asked = { ...thing.asked, nth };
        thing.plan = this.answers.task(thing.asked);
        return;
      case "approval":
        thing.asked = { ...thing.asked, nth };
        thing.plan = this.answers.approval(thing.asked);
        return;
      case "child":
        thing.asked = { ...thing.asked, nth };
        thing.plan = this.answers.child(thing.asked);
    }
  }

  /** What was planned for it comes; where that is refused, a person is to say. */
  private end(thing: OpenThing): true {
    const refusal = this.endNow(thing);
    if (refusal !== null)
      this.problems.push(
        `What is planned for ${placeName(thing.asked.node, thing.asked.index)} is refused: ${refusal}.`,
      );
    return true;
  }

  private endNow(thing: OpenThing): Refusal | null {
    this.host.remove(thing);
    const reply = this.host.apply(...this.commandOf(thing));
    if (reply === "accepted") {
      this.write(thing);
      return null;
    }
    thing.plan = null;
    this.host.open.set(thing.id, thing);
    return reply;
  }

  private commandOf(thing: OpenThing): [Command, string] {
    switch (thing.kind) {
      case "task":
        return taskCommand(thing, this.clock);
      case "approval":
        return [decisionCommand(thing), TRIAL_USER];
      case "child":
        return [childCommand(thing), "engine"];
    }
  }

  private expire(task: OpenTask, code: CommandOf<"expire-task">["code"]): true {
    const limit = attemptLimitOf(task);
    if (task.plan === null && task.takenAt !== null && limit !== null) task.plan = nothingAfter(limit);
    if (task.takenAt !== null) this.write(task);
    this.host.remove(task);
    const answer = answerOf(task, this.clock);
    if (task.asked.kind === "http") this.host.apply({ type: "fail-task", error: callTimeout(limit ?? 0), ...answer });
    else
      this.host.apply({ type: "expire-task", code, ...answer, ...(task.takenAt === null ? {} : { worker: WORKER }) });
    return true;
  }

  private wake(): true {
    const before = this.history.length;
    this.host.apply({ type: "wake" });
    if (this.history.length === before) throw new Error("the core was due, and did nothing");
    return true;
  }

  private send(signal: string, payload: JsonValue): Refusal | null {
    const reply = this.host.apply({ type: "signal", signal, payload }, TRIAL_USER);
    if (reply !== "accepted") return reply;
    this.recording.signals.push({ signal, ...(payload === null ? {} : { payload }), ...this.sinceStart() });
    return null;
  }

  private cancelNow({ reason, compensate }: NonNullable<Trial["cancel"]>): Refusal | null {
    const options = {
      ...(reason === undefined ? {} : { reason }),
      ...(compensate === undefined ? {} : { compensate }),
    };
    this.cancelAt = null;
    const reply = this.host.apply({ type: "cancel", ...options }, TRIAL_USER);
    if (reply !== "accepted") return reply;
    this.recording.cancel = { ...options, ...this.sinceStart() };
    return null;
  }

  private sinceStart(): { after?: string } {
    const afterMs = this.clock - this.startedAt;
    return afterMs === 0 ? {} : { after: durationText(afterMs) };
  }

  /** The execution waits for it no longer: played again, it would come to something a moment later, or never have its turn. */
  private giveUp(thing: OpenThing): void {
    if (thing.takenAt === null) return;
    if (thing.takenAt === this.clock && isBefore(this.now, this.turnOf(thing))) {
      this.recording.untook(kindOf(thing), thing.asked);
      return;
    }
    if (thing.plan !== null) return;
    if (thing.kind === "approval") thing.plan = "expired";
    else thing.plan = nothingAfter(this.clock - thing.takenAt + 1);
    this.write(thing);
  }

  private write(thing: OpenThing): void {
    if (thing.plan !== null) this.recording.write(kindOf(thing), thing.asked, thing.plan);
  }
}

function kindOf(thing: OpenThing): keyof Plans {
  if (thing.kind === "approval") return "approvals";
  if (thing.kind === "child") return "children";
  return thing.asked.kind === "compensation" ? "compensations" : "steps";
}
