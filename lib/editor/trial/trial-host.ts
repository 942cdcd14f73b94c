/**
 * Hosts the engine's core for one execution of a trial: applies commands, keeps the history, large values and what is open.
 * When things happen, and what they come to, is not its business.
 */
import type { Definition } from "../../contract/definition";
import type { HistoryEvent } from "../../contract/history";
import type { JsonValue } from "../../contract/json";
import { TRIAL_CHANCE, trialId } from "../../contract/trials";
import { compileGraph, HTTP_TASK } from "../../core/definition/graph";
import {
  type Command,
  type DecideEnv,
  type Decision,
  type Reply,
  type WorkflowName,
  workflowKey,
} from "../../core/execution/commands";
import { decide } from "../../core/execution/decide";
import { atEvent, refOf } from "../../core/execution/draft";
import { type Effect, type EffectOf, effects } from "../../core/execution/effects";
import { awaitedChild, findCompensation, findStep } from "../../core/execution/find-step";
import { initialState } from "../../core/execution/initial-state";
import type { ExecutionState, Held } from "../../core/execution/state";
import type { StepRef } from "../../core/execution/step-ref";
import { epochMs } from "../../core/time";
import type { AskedTask } from "./answers";
import type { OpenChild, OpenTask, OpenThing } from "./open";

/** What a page, or a test, has and this folder may not import. */
export interface TrialTools {
  /** SHA-256 of UTF-8 text, in hex. */
  readonly sha256: (text: string) => string;
  readonly checkSchema: DecideEnv["checkSchema"];
}

type Decided = Extract<Decision, { kind: "decided" }>;

export class TrialHost {
  state: ExecutionState;
  /** Grows in place. */
  readonly history: HistoryEvent[] = [];
  /** Large values by hash. */
  readonly values = new Map<string, JsonValue>();
  /** By id, in the order in which they were opened. */
  readonly open = new Map<string, OpenThing>();
  private readonly made = { execution: 1, task: 1, approval: 1 };
  private turns = 0;

  /** @param dropped hears of what the execution waits for no longer */
  constructor(
    definition: Definition,
    public clock: number,
    private readonly tools: TrialTools,
    private readonly dropped: (thing: OpenThing) => void,
  ) {
    this.state = initialState(compileGraph(definition));
  }

  apply(command: Command, actor = "engine"): Reply {
    const { reply, events, state, values } = this.decide(command, actor);
    for (const { hash, json } of values) this.values.set(hash, json);
    this.state = state;
    this.history.push(...events);
    for (const event of events) for (const effect of effects(event, state)) this.perform(effect);
    for (const thing of [...this.open.values()])
      if (thing.kind === "child" && !this.isAwaited(thing)) this.drop(thing.id);
    return reply;
  }

  /** The JSON that the state holds, itself or by reference. */
  value(held: Held | null): JsonValue {
    if (held === null) return null;
    return "json" in held ? held.json : (this.values.get(held.ref.hash) ?? null);
  }

  /** It has come to something: its place is free for the next one of its key. */
  remove(thing: OpenThing): void {
    this.open.delete(thing.id);
    if (thing.kind === "task") this.fillKey(thing.dispatched);
  }

  private decide(command: Command, actor: string): Decided {
    const workflows = new Map<string, { version: number; hash: string }>();
    for (;;) {
      const decision = decide(this.state, command, {
        now: this.clock,
        actor,
        executionId: trialId("execution", 0),
        random: () => TRIAL_CHANCE,
        newTaskId: () => trialId("task", this.made.task++),
        newApprovalId: () => trialId("approval", this.made.approval++),
        newExecutionId: () => trialId("execution", this.made.execution++),
        sha256: this.tools.sha256,
        values: this.values,
        workflows,
        checkSchema: this.tools.checkSchema,
      });
      if (decision.kind === "decided") return decision;
      if (decision.values.length > 0) throw new Error(`A value is missing: ${decision.values.join(", ")}`);
      for (const name of decision.workflows) workflows.set(workflowKey(name), this.stub(name));
    }
  }

  /** Children do not run here: what they come to is an answer, so that any workflow is there. */
  private stub({ workflow, version = 1 }: WorkflowName): { version: number; hash: string } {
    return { version, hash: this.tools.sha256(workflow) };
  }

  private perform(effect: Effect) {
    switch (effect.type) {
      case "dispatch-task":
        return this.dispatch(effect);
      case "drop-task":
        return this.drop(effect.taskId);
      case "open-approval":
        return this.ask(effect);
      case "close-approval":
        return this.drop(effect.approvalId);
      case "start-child":
        return this.startChild(effect);
      case "cancel-child":
        return this.drop(effect.executionId);
      case "close":
        for (const id of [...this.open.keys()]) this.drop(id);
        return;
      // Nothing pauses a trial, it has no parent, and its failures are seen here.
      case "hold-tasks":
      case "release-tasks":
      case "tell-parent":
      case "write-dead-letter":
      case "retry-dead-letters":
        return;
    }
  }

  private drop(id: string): void {
    const thing = this.open.get(id);
    if (thing === undefined) return;
    this.remove(thing);
    this.dropped(thing);
  }

  private opened(step: StepRef) {
    return { step, openedAt: this.clock, turn: ++this.turns, takenAt: null, plan: null };
  }

  private dispatch(dispatched: EffectOf<"dispatch-task">): void {
    const { taskId: id, step } = dispatched;
    const task: OpenTask = {
      kind: "task",
      id,
      ...this.opened(step),
      asked: this.askedTask(dispatched),
      dispatched,
      waitsForKey: dispatched.concurrencyKey !== null,
    };
    this.open.set(id, task);
    this.fillKey(dispatched);
  }

  private askedTask({ step, task }: EffectOf<"dispatch-task">): AskedTask {
    const undo = findCompensation(this.state, step);
    if (undo !== undefined) {
      const { node, index = [], iteration, attempt, input } = undo;
      const place = { node, index, iteration, nth: 0 };
      return { ...place, kind: "compensation", task, input: this.value(input), attempt, round: 0, resumed: false };
    }
    const found = findStep(this.state, step);
    if (found === undefined) throw new Error(`there is no step at ${JSON.stringify(step)}`);
    const { node, index = [], iteration, attempt, round, input, resumed } = found;
    const kind = task === HTTP_TASK ? "http" : "task";
    const polls = this.state.graph.nodes[step.ordinal]?.task?.poll != null;
    const turn = { attempt, round: polls ? round : 0, resumed: resumed !== null };
    return { node, index, iteration, nth: 0, kind, task, input: this.value(input), ...turn };
  }

  private ask({ approvalId: id, step, node, index = [], iteration, ...asking }: EffectOf<"open-approval">): void {
    const wait = findStep(this.state, step)?.wait;
    const directive = wait?.kind === "approval" ? wait.directive : null;
    const { title, description, form, assignees, expiresAt } = asking;
    const place = { node, index, iteration, nth: 0 };
    const handler = { fromHandler: directive !== null, name: directive?.name ?? null };
    const asked = { ...place, ...handler, title, description, form, assignees };
    const expires = { expiresAt: expiresAt === null ? null : epochMs(expiresAt) };
    this.open.set(id, { kind: "approval", id, ...this.opened(step), asked, ...expires });
  }

  private startChild({ executionId: id, workflow, version, input, parent }: EffectOf<"start-child">): void {
    if (!parent.wait) return;
    const { node, index = [], iteration } = parent;
    const asked = { node, index, iteration, nth: 0, workflow, version, input: this.value(input) };
    this.open.set(id, { kind: "child", id, ...this.opened(refOf(atEvent(this.state, parent))), asked });
  }

  private isAwaited({ id, step }: OpenChild): boolean {
    const found = findStep(this.state, step);
    return found !== undefined && awaitedChild(found) === id;
  }

  /** As many tasks of a key have their turn as its limit says, by priority, then as they came. */
  private fillKey({ queue, concurrencyKey, concurrencyLimit }: EffectOf<"dispatch-task">): void {
    if (concurrencyKey === null) return;
    const all = [...this.open.values()].filter(
      (thing): thing is OpenTask =>
        thing.kind === "task" && thing.dispatched.queue === queue && thing.dispatched.concurrencyKey === concurrencyKey,
    );
    const waiting = all.filter(({ waitsForKey }) => waitsForKey);
    const free = (concurrencyLimit ?? 1) - (all.length - waiting.length);
    waiting.sort((a, b) => b.dispatched.priority - a.dispatched.priority || a.turn - b.turn);
    for (const task of waiting.slice(0, Math.max(0, free))) {
      task.waitsForKey = false;
      task.turn = ++this.turns;
    }
  }
}
