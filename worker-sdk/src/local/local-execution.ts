/**
 * Hosts one execution in this process: the core decides, this does what follows from it. It holds what a server keeps in
 * tables: the history, large values, approvals, what was logged; its tasks are in {@link LocalTasks}.
 */
import { createHash } from "node:crypto";
import type { HistoryEvent } from "@/lib/contract/history";
import { LOG_LINES_AN_EXECUTION } from "@/lib/contract/limits";
import type { LogItem } from "@/lib/contract/logs";
import {
  type Command,
  type CommandOf,
  type Decision,
  type Reply,
  type WorkflowName,
  workflowKey,
} from "@/lib/core/execution/commands";
import { wakeAt } from "@/lib/core/execution/deadlines";
import { decide } from "@/lib/core/execution/decide";
import { atEvent, refOf } from "@/lib/core/execution/draft";
import { type Effect, type EffectOf, effects } from "@/lib/core/execution/effects";
import { evolveAll } from "@/lib/core/execution/evolve";
import { awaitedChild, findStep } from "@/lib/core/execution/find-step";
import { initialState } from "@/lib/core/execution/initial-state";
import type { ExecutionState, Held } from "@/lib/core/execution/state";
import { isClosed } from "@/lib/core/execution/statuses";
import { type Deferred, deferred } from "../deferred";
import type { AnyStep } from "../dsl/step";
import type { CerebelumError } from "../errors";
import type { JsonValue } from "../types/definition";
import { checkInput, checkSchema } from "./check-schema";
import { LocalApprovals } from "./local-approvals";
import type { LocalEngine, Member } from "./local-engine";
import type { LocalSettings } from "./local-settings";
import { LocalTasks, type TaskHost } from "./local-tasks";
import { type LocalVersion, missingStep } from "./local-workflows";
import { type PlayedWorld, plannedMs } from "./played-world";

type Decided = Extract<Decision, { kind: "decided" }>;

/** A history to go on from, with the large values that it refers to. */
export interface Beginning {
  events: readonly HistoryEvent[];
  values: ReadonlyMap<string, JsonValue>;
}

interface Watcher {
  condition: () => boolean;
  met: Deferred<void>;
}

/** Who decides in a world that is played. */
const PLAYED_USER = "user:local";

const NOTHING: Beginning = { events: [], values: new Map() };

export class LocalExecution implements Member, TaskHost {
  state: ExecutionState;
  readonly history: HistoryEvent[] = [];
  readonly logs: LogItem[] = [];
  readonly approvals: LocalApprovals;
  /** Those that its steps started, in order. */
  readonly children: LocalExecution[] = [];
  readonly tasks = new LocalTasks(this);

  /** Large values by hash, as a server would keep them beside the events. */
  private readonly values: Map<string, JsonValue>;
  private readonly unheard: HistoryEvent[] = [];
  private telling = false;
  private watchers: Watcher[] = [];
  private failure: { error: unknown } | null = null;

  constructor(
    readonly engine: LocalEngine,
    readonly settings: LocalSettings,
    readonly id: string,
    readonly version: LocalVersion,
    { events, values }: Beginning = NOTHING,
  ) {
    this.state = evolveAll(initialState(version.graph), events);
    this.history.push(...events);
    this.values = new Map(values);
    this.approvals = new LocalApprovals(id, version.definition.name);
  }

  get isClosed(): boolean {
    return isClosed(this.state);
  }

  /** @throws what a bug threw, here or in a handler of events; whatever the core refuses is a reply. */
  apply(command: Command, actor = "engine"): Reply {
    const { reply, events, state, values } = this.decide(command, actor);
    for (const { hash, json } of values) this.values.set(hash, json);
    this.state = state;
    this.history.push(...events);
    if (!this.isClosed) this.engine.add(this);
    for (const event of events) for (const effect of effects(event, state)) this.perform(effect);
    this.tell(events);
    this.engine.stir();
    return reply;
  }

  /** The JSON that the state holds, itself or by reference. */
  value(held: Held | null): JsonValue {
    if (held === null) return null;
    return "json" in held ? held.json : (this.values.get(held.ref.hash) ?? null);
  }

  /** Resolves as soon as the condition holds, which is asked after every command. */
  async until(condition: () => boolean): Promise<void> {
    if (this.failure !== null) throw this.failure.error;
    if (condition()) return;
    const met = deferred();
    this.watchers.push({ condition, met });
    await met.promise;
  }

  nextAt(): number | null {
    const times = [wakeAt(this.state), this.tasks.nextAt()].filter((at) => at !== null);
    return times.length === 0 ? null : Math.min(...times);
  }

  applyDue(now: number): void {
    this.guarded(() => {
      this.tasks.expire(now);
      const due = wakeAt(this.state);
      if (due !== null && due <= now) this.apply({ type: "wake" });
    });
  }

  receive(command: Command): void {
    this.guarded(() => this.apply(command));
  }

  stepOf(task: string): AnyStep {
    return this.version.steps.get(task) ?? missingStep(task);
  }

  log(lines: readonly LogItem[]): void {
    this.logs.push(...lines);
    this.logs.splice(0, this.logs.length - LOG_LINES_AN_EXECUTION);
    for (const line of lines) this.settings.onLog?.(this.id, line);
  }

  broken(error: unknown): void {
    this.failure ??= { error };
    this.tasks.dropAll("The execution is broken");
    this.engine.remove(this);
    for (const { met } of this.watchers.splice(0)) met.reject(error);
  }

  /**
   * What a fork of it begins with: its history up to the end of the command that wrote that event, or, where that closed
   * it, to the end of the one before; null where nothing is left.
   */
  copyUntil(at: number): Beginning | null {
    const command = this.history[at - 1]?.command ?? 0;
    const whole = this.history.filter((event) => event.command <= command);
    const isOver = isClosed(evolveAll(initialState(this.version.graph), whole));
    const events = isOver ? whole.filter((event) => event.command < command) : whole;
    return events.length === 0 ? null : { events, values: this.values };
  }

  private decide(command: Command, actor: string): Decided {
    const workflows = new Map<string, { version: number; hash: string } | null>();
    for (;;) {
      const decision = decide(this.state, command, {
        now: this.engine.clock.now(),
        actor,
        executionId: this.id,
        random: this.settings.random,
        newTaskId: () => this.settings.newId("task"),
        newApprovalId: () => this.settings.newId("approval"),
        newExecutionId: () => this.settings.newId("execution"),
        sha256,
        values: this.values,
        workflows,
        checkSchema,
      });
      if (decision.kind === "decided") return decision;
      if (decision.values.length > 0) throw new Error(`A value is missing: ${decision.values.join(", ")}`);
      for (const name of decision.workflows) workflows.set(workflowKey(name), this.lookUp(name));
    }
  }

  private lookUp(name: WorkflowName): { version: number; hash: string } | null {
    // Children that are played do not run: any workflow is there.
    if (this.settings.world !== undefined) return { version: name.version ?? 1, hash: sha256(name.workflow) };
    const found = this.settings.workflows.find(name);
    return found && { version: found.version, hash: found.hash };
  }

  private perform(effect: Effect) {
    switch (effect.type) {
      case "dispatch-task":
        return this.tasks.dispatch(effect);
      case "drop-task":
        return this.tasks.drop(effect.taskId, "The step waits for this task no longer");
      case "hold-tasks":
        return this.tasks.hold();
      case "release-tasks":
        return this.tasks.release(effect.pausedMs);
      case "open-approval":
        this.approvals.open(effect);
        if (this.settings.world !== undefined) this.playApproval(effect, this.settings.world);
        return;
      case "close-approval":
        return this.approvals.close(effect, this.value(effect.data));
      case "start-child":
        return this.settings.world === undefined
          ? this.startChild(effect)
          : this.playChild(effect, this.settings.world);
      case "cancel-child": {
        const { executionId, reason } = effect;
        return this.engine.post(() => this.engine.find(executionId)?.receive({ type: "cancel", reason }));
      }
      case "tell-parent":
        return this.tellParent(effect);
      // What a server lists for repair is here the failed execution itself.
      case "write-dead-letter":
      case "retry-dead-letters":
        return;
      case "close":
        this.tasks.dropAll("The execution is closed");
        return this.engine.remove(this);
    }
  }

  private playApproval({ approvalId, step, node, index = [] }: EffectOf<"open-approval">, world: PlayedWorld): void {
    const asked = { kind: "approvals", node, index } as const;
    const isOpen = () => this.approvals.find(approvalId)?.status === "pending" && !this.isClosed;
    const order = this.engine.nextOrder();
    this.inTurn(order, isOpen, () => {
      const plan = world.next(asked, isOpen);
      if (plan === null || plan === "expired") return;
      const { after, ...decision } = plan;
      this.after(plannedMs(after), order, isOpen, () => {
        const command = { type: "decide-approval" as const, step, approvalId, ...decision, decidedBy: PLAYED_USER };
        const reply = this.apply(command, PLAYED_USER);
        if (reply !== "accepted") world.refused(asked, reply);
      });
    });
  }

  private playChild({ executionId, parent }: EffectOf<"start-child">, world: PlayedWorld): void {
    if (!parent.wait) return;
    const { node, index = [] } = parent;
    const asked = { kind: "children", node, index } as const;
    const step = refOf(atEvent(this.state, parent));
    const isOpen = () => {
      const found = findStep(this.state, step);
      return found !== undefined && awaitedChild(found) === executionId && !this.isClosed;
    };
    const order = this.engine.nextOrder();
    this.inTurn(order, isOpen, () => {
      const plan = world.next(asked, isOpen);
      if (plan === null) return;
      this.after(plannedMs(plan.took), order, isOpen, () => {
        const end =
          "output" in plan
            ? { status: "completed" as const, output: plan.output }
            : { status: plan.status ?? ("failed" as const), error: plan.error };
        const reply = this.apply({ type: "child-closed", step, executionId, ...end });
        if (reply !== "accepted") world.refused(asked, reply);
      });
    });
  }

  private inTurn(order: number, isOpen: () => boolean, take: () => void): void {
    this.engine.turn(order, () => {
      if (isOpen()) this.guarded(take);
    });
  }

  private after(ms: number, order: number, isOpen: () => boolean, act: () => void): void {
    const ring = () => {
      if (isOpen()) this.guarded(act);
    };
    if (ms === 0) ring();
    else this.engine.alarm(this.engine.clock.now() + ms, ring, order);
  }

  private startChild({ executionId, input, parent, correlationId, ...named }: EffectOf<"start-child">) {
    const { workflow, version, hash, priority } = named;
    const found = this.settings.workflows.find({ workflow, version });
    if (found === null) throw new Error(`the workflow ${workflow} is not known any more`);
    const child = new LocalExecution(this.engine, this.settings, executionId, found);
    this.children.push(child);
    const json = structuredClone(this.value(input));
    const start = { workflow, version, hash, priority, input: json, parent: { ...parent, executionId: this.id } };
    this.engine.post(() => {
      const refused = refusedInput(() => checkInput(found.definition, json));
      if (refused === null)
        child.receive({ type: "start", ...start, ...(correlationId === null ? {} : { correlationId }) });
      else this.guarded(() => this.closeChild(parent, { executionId, status: "failed", error: refused }));
    });
  }

  private tellParent({ parent, status, output, error }: EffectOf<"tell-parent">) {
    const json = output === null ? {} : { output: this.value(output) };
    const closed = { executionId: this.id, status, ...json, ...(error === null ? {} : { error }) };
    this.engine.post(() => {
      const above = this.engine.find(parent.executionId);
      if (above instanceof LocalExecution) above.guarded(() => above.closeChild(parent, closed));
    });
  }

  private closeChild(
    place: EffectOf<"tell-parent">["parent"],
    closed: Omit<CommandOf<"child-closed">, "type" | "step">,
  ): void {
    this.apply({ type: "child-closed", step: refOf(atEvent(this.state, place)), ...closed });
  }

  /** In order, also where whoever hears of one event gives the next command at once. */
  private tell(events: readonly HistoryEvent[]): void {
    this.unheard.push(...events);
    if (this.telling) return;
    this.telling = true;
    try {
      for (let event = this.unheard.shift(); event !== undefined; event = this.unheard.shift())
        this.settings.onEvent?.(this.id, event);
    } finally {
      this.telling = false;
    }
    this.watchers = this.watchers.filter((watcher) => !isMet(watcher));
  }

  guarded(work: () => unknown): void {
    try {
      work();
    } catch (error) {
      this.broken(error);
    }
  }
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** One whose condition throws is told, and nobody else. */
function isMet({ condition, met }: Watcher): boolean {
  try {
    if (!condition()) return false;
    met.resolve();
  } catch (error) {
    met.reject(error);
  }
  return true;
}

function refusedInput(check: () => void) {
  try {
    check();
    return null;
  } catch (error) {
    const { code, message, errors } = error as CerebelumError;
    return { code, message, details: { errors: errors.map((each) => ({ ...each })) } };
  }
}
