/**
 * The tasks of one execution: what a server keeps as rows, and a worker runs.
 *
 *     dispatched ──▶ waiting for a place ──▶ under way ──outcome──▶ answered
 *          any of them ──dropped or too late──▶ gone; its handler is told to stop
 */
import type { LogItem } from "@/lib/contract/logs";
import type { TrialAnswer } from "@/lib/contract/trials";
import { HTTP_TASK } from "@/lib/core/definition/graph";
import type { Command, TaskAnswer } from "@/lib/core/execution/commands";
import type { EffectOf } from "@/lib/core/execution/effects";
import type { ExecutionState, Held } from "@/lib/core/execution/state";
import type { AnyStep } from "../dsl/step";
import type { StepContext } from "../dsl/step-context";
import { type Dispatch, HandlerRun } from "../handler/handler-run";
import type { Outcome } from "../handler/outcome";
import { Room } from "../handler/room";
import type { JsonValue } from "../types/definition";
import { CALL_TIMEOUT_MS } from "./call-url";
import { dispatchOf } from "./dispatch-of";
import type { Waiter } from "./keyed-places";
import type { LocalEngine } from "./local-engine";
import type { LocalSettings } from "./local-settings";
import { type PlayedWorld, plannedMs } from "./played-world";

type Dispatched = EffectOf<"dispatch-task">;

export interface TaskHost {
  readonly id: string;
  readonly state: ExecutionState;
  readonly engine: LocalEngine;
  readonly settings: LocalSettings;
  value(held: Held | null): JsonValue;
  apply(command: Command, actor?: string): unknown;
  stepOf(task: string): AnyStep;
  log(lines: readonly LogItem[]): void;
  /** What it throws is a bug. */
  guarded(work: () => unknown): void;
  /** A bug, and no failure of a step. */
  broken(error: unknown): void;
}

interface LocalTask extends Dispatched {
  readonly dispatchedAt: number;
  /** While it waits for a place. */
  waiter: Waiter | null;
  queueEndsAt: number | null;
  underway: Underway | null;
}

interface Underway {
  readonly startedAt: number;
  attemptEndsAt: number | null;
  heartbeatEndsAt: number | null;
  /** Of a worker that is played, and lost. */
  leaseEndsAt: number | null;
  handler: { run: HandlerRun; dispatch: Dispatch } | null;
  stop(why: string): void;
  over(): void;
}

/** As events name who ran a task. */
const LOCAL_WORKER = "local";
/** Nothing is sent anywhere: all of it fits. */
const EVERYTHING = Number.POSITIVE_INFINITY;
/** A server's lease that nobody renews. */
const LEASE_MS = 10_000;

export class LocalTasks {
  private readonly tasks = new Map<string, LocalTask>();
  /** What heartbeats carried, by idempotency key. */
  private readonly details = new Map<string, JsonValue>();
  private held = false;

  constructor(private readonly host: TaskHost) {}

  dispatch(effect: Dispatched): void {
    const now = this.now();
    const queueEndsAt = effect.queueTimeoutMs === null ? null : now + effect.queueTimeoutMs;
    const task: LocalTask = { ...effect, dispatchedAt: now, waiter: null, queueEndsAt, underway: null };
    this.tasks.set(task.taskId, task);
    // Of a paused execution only what undoes it is dispatched, and nothing holds that.
    this.enter(task);
  }

  /** The step waits for it no longer. */
  drop(taskId: string, why: string): void {
    const task = this.tasks.get(taskId);
    if (task === undefined) return;
    const { underway } = task;
    this.collectLogs(task);
    this.remove(task);
    underway?.stop(why);
  }

  dropAll(why: string): void {
    for (const taskId of [...this.tasks.keys()]) this.drop(taskId, why);
  }

  /** What has no place yet gets none; what runs goes on. */
  hold(): void {
    this.held = true;
    for (const task of this.tasks.values()) this.withdraw(task);
  }

  release(pausedMs: number): void {
    this.held = false;
    for (const task of this.tasks.values()) {
      if (task.underway !== null) continue;
      if (task.queueEndsAt !== null) task.queueEndsAt += pausedMs;
      this.enter(task);
    }
  }

  /** The tasks that handlers and calls are at work on, with the time since which. */
  get running(): ReadonlyMap<string, number> {
    const begun = [...this.tasks.values()].flatMap(({ taskId, underway }) =>
      underway === null ? [] : [[taskId, underway.startedAt] as const],
    );
    return new Map(begun);
  }

  nextAt(): number | null {
    const times = [...this.tasks.values()].map((task) => deadlineOf(task, this.held)?.at);
    return times.reduce<number | null>((least, at) => (at === undefined ? least : Math.min(least ?? at, at)), null);
  }

  /** Ends what took too long. */
  expire(now: number): void {
    for (const task of [...this.tasks.values()]) {
      const deadline = deadlineOf(task, this.held);
      if (deadline === null || deadline.at > now || !this.tasks.has(task.taskId)) continue;
      // The call of a world that is played; one that is made ends by itself.
      if (task.task === HTTP_TASK && task.underway !== null) {
        this.answer(task, { type: "fail-task", error: callTimeout(task) }, "engine");
        continue;
      }
      this.record(task);
      const worker = task.underway === null ? {} : { worker: LOCAL_WORKER };
      this.host.apply({ type: "expire-task", code: deadline.code, ...this.answerOf(task), ...worker });
    }
  }

  private enter(task: LocalTask) {
    const { concurrencyKey, concurrencyLimit, queue, priority } = task;
    const begin = () => this.begin(task);
    if (concurrencyKey === null) return begin();
    const key = JSON.stringify([queue, concurrencyKey]);
    task.waiter = { key, limit: concurrencyLimit ?? 1, priority, begin };
    this.host.engine.places.enter(task.waiter);
  }

  private withdraw({ waiter, underway }: LocalTask): void {
    if (waiter !== null && underway === null) this.host.engine.places.withdraw(waiter);
  }

  private begin(task: LocalTask): void {
    const { world } = this.host.settings;
    if (world === undefined) this.run(task);
    else this.play(task, world);
  }

  private run(task: LocalTask): void {
    const now = this.now();
    const { attemptTimeoutMs, heartbeatTimeoutMs } = task;
    const isCall = task.task === HTTP_TASK;
    const underway: Underway = {
      startedAt: now,
      attemptEndsAt: attemptTimeoutMs === null || isCall ? null : now + attemptTimeoutMs,
      heartbeatEndsAt: heartbeatTimeoutMs === null || isCall ? null : now + heartbeatTimeoutMs,
      leaseEndsAt: null,
      handler: null,
      stop: () => {},
      over: this.host.engine.begin(),
    };
    task.underway = underway;
    // In a turn of its own, so that no handler runs inside a decision.
    setImmediate(() => {
      if (!this.tasks.has(task.taskId)) return;
      const work = isCall ? this.call(task, underway) : this.handle(task, underway);
      work.catch((error: unknown) => this.host.broken(error));
    });
  }

  /** Nothing is under way: what is planned is due at its time. */
  private play(task: LocalTask, world: PlayedWorld): void {
    const { engine } = this.host;
    const order = engine.nextOrder();
    const underway: Underway = {
      startedAt: this.now(),
      attemptEndsAt: null,
      heartbeatEndsAt: null,
      leaseEndsAt: null,
      handler: null,
      stop: () => {},
      over: () => {},
    };
    task.underway = underway;
    engine.turn(order, () => {
      if (this.tasks.has(task.taskId)) this.host.guarded(() => this.take(task, underway, world, order));
    });
  }

  private take(task: LocalTask, underway: Underway, world: PlayedWorld, order: number): void {
    const { host } = this;
    const { node, index = [] } = dispatchOf(host, task.step, () => undefined);
    const kind = task.step.compensation === undefined ? "steps" : "compensations";
    const asked = { kind, node, index } as const;
    const plan = world.next(asked, () => this.tasks.has(task.taskId));
    if (plan === null) return;
    const now = this.now();
    const isCall = task.task === HTTP_TASK;
    const limitMs = task.attemptTimeoutMs ?? (isCall ? CALL_TIMEOUT_MS : null);
    const tookMs = plannedMs(plan.took);
    if ("lost" in plan || (limitMs !== null && limitMs <= tookMs)) {
      underway.attemptEndsAt = limitMs === null ? null : now + limitMs;
      if ("lost" in plan && !isCall) Object.assign(underway, silence(task, now + tookMs));
      host.engine.stir();
      return;
    }
    const answer = () => {
      if (!this.tasks.has(task.taskId)) return;
      const reply = this.answer(task, endingOf(plan), isCall ? "engine" : "worker:local");
      if (reply !== "accepted") world.refused(asked, String(reply));
    };
    if (tookMs === 0) answer();
    else host.engine.alarm(now + tookMs, () => host.guarded(answer), order);
  }

  private async handle(task: LocalTask, underway: Underway): Promise<void> {
    const { host } = this;
    const dispatch = dispatchOf(host, task.step, (key) => this.details.get(key));
    const step = host.stepOf(task.task);
    const handler = (input: unknown, context: StepContext) => host.settings.handle(step, input, context);
    const run = new HandlerRun({ id: step.id, handler }, dispatch, {
      now: () => this.now(),
      onHeartbeat: (details) => this.heartbeat(task, dispatch.idempotencyKey, details),
    });
    underway.handler = { run, dispatch };
    underway.stop = (why) => run.abandon(why);
    const outcome = await run.run();
    if (!this.tasks.has(task.taskId)) return;
    this.collectLogs(task);
    const checkpoints = checkpointsOf(run);
    this.answer(task, { ...commandOf(outcome), ...(checkpoints.length === 0 ? {} : { checkpoints }) }, "worker:local");
  }

  private async call(task: LocalTask, underway: Underway): Promise<void> {
    const { host } = this;
    const stopping = new AbortController();
    underway.stop = () => stopping.abort();
    const { input, idempotencyKey, node } = dispatchOf(host, task.step, () => undefined);
    const outcome = await host.settings
      .call(node, input, {
        idempotencyKey,
        timeoutMs: task.attemptTimeoutMs ?? CALL_TIMEOUT_MS,
        signal: stopping.signal,
      })
      .catch((error: unknown) => {
        if (stopping.signal.aborted) return null;
        throw error;
      });
    if (outcome === null || !this.tasks.has(task.taskId)) return;
    const ending: Ending =
      "output" in outcome
        ? { type: "complete-task", output: outcome.output }
        : { type: "fail-task", error: outcome.error };
    this.answer(task, ending, "engine");
  }

  private answer(task: LocalTask, ending: Ending, actor: string): unknown {
    const worker = actor === "engine" ? {} : { worker: LOCAL_WORKER };
    const answer = { ...this.answerOf(task), ...worker };
    this.remove(task);
    return this.host.apply({ ...ending, ...answer } as Command, actor);
  }

  private answerOf({ step, taskId, dispatchedAt, underway }: LocalTask): TaskAnswer {
    const startedAt = underway?.startedAt ?? this.now();
    return { step, taskId, lease: taskId, queuedMs: startedAt - dispatchedAt, ranMs: this.now() - startedAt };
  }

  private heartbeat(task: LocalTask, key: string, details: JsonValue | undefined): void {
    const { underway, heartbeatTimeoutMs } = task;
    if (!this.tasks.has(task.taskId) || underway === null) return;
    if (details !== undefined) this.details.set(key, details);
    if (heartbeatTimeoutMs !== null) underway.heartbeatEndsAt = this.now() + heartbeatTimeoutMs;
    this.host.engine.stir();
  }

  /** What a handler noted down, although it has not ended: as a worker's heartbeats would have told it by now. */
  private record(task: LocalTask): void {
    const checkpoints = task.underway?.handler == null ? [] : checkpointsOf(task.underway.handler.run);
    if (checkpoints.length === 0) return;
    this.host.apply({ type: "checkpoint-task", checkpoints, ...this.answerOf(task) }, "worker:local");
  }

  private collectLogs({ taskId, underway }: LocalTask): void {
    if (underway?.handler == null) return;
    const { run, dispatch } = underway.handler;
    const { node, iteration, index, attempt } = dispatch;
    const place = { node, iteration, ...(index === undefined ? {} : { index }), attempt, taskId };
    const lines = run.logs.take(new Room(EVERYTHING));
    if (lines.length > 0) this.host.log(lines.map((line) => ({ ...JSON.parse(line), ...place })));
  }

  private remove(task: LocalTask): void {
    this.tasks.delete(task.taskId);
    this.withdraw(task);
    if (task.underway === null) return;
    if (task.waiter !== null) this.host.engine.places.leave(task.waiter.key);
    task.underway.over();
  }

  private now(): number {
    return this.host.engine.clock.now();
  }
}

type Ending =
  | Pick<Extract<Command, { type: "complete-task" }>, "type" | "output" | "port">
  | Pick<Extract<Command, { type: "fail-task" }>, "type" | "error">
  | Omit<Extract<Command, { type: "sleep-task" }>, keyof TaskAnswer>
  | Omit<Extract<Command, { type: "approval-task" }>, keyof TaskAnswer>;

function commandOf(outcome: Outcome): Ending {
  switch (outcome.status) {
    case "completed": {
      const { port } = outcome;
      const output = JSON.parse(outcome.output) as JsonValue;
      return { type: "complete-task", output, ...(port === undefined ? {} : { port }) };
    }
    case "failed":
      return { type: "fail-task", error: outcome.error };
    case "sleep":
      return { type: "sleep-task", ...outcome.sleep };
    case "approval":
      return { type: "approval-task", ...outcome.approval };
  }
}

/** As a planned answer says it. */
function endingOf(plan: Exclude<TrialAnswer, { lost: true }>): Ending {
  if ("output" in plan) {
    const { output, port } = plan;
    return { type: "complete-task", output, ...(port === undefined ? {} : { port }) };
  }
  if ("error" in plan) return { type: "fail-task", error: plan.error };
  if ("sleep" in plan) {
    const { duration, ...directive } = plan.sleep;
    return { type: "sleep-task", durationMs: plannedMs(duration), ...directive };
  }
  const { timeout, ...asking } = plan.ask;
  return { type: "approval-task", ...asking, ...(timeout === undefined ? {} : { timeoutMs: plannedMs(timeout) }) };
}

/** When a worker that says nothing from then on is known to be lost. */
function silence({ heartbeatTimeoutMs }: LocalTask, lostAt: number): Partial<Underway> {
  return {
    heartbeatEndsAt: heartbeatTimeoutMs === null ? null : lostAt + heartbeatTimeoutMs,
    leaseEndsAt: lostAt + LEASE_MS,
  };
}

function callTimeout({ attemptTimeoutMs }: LocalTask) {
  const limitMs = attemptTimeoutMs ?? CALL_TIMEOUT_MS;
  return { code: "ATTEMPT_TIMEOUT", message: `The call took longer than ${limitMs} ms.` };
}

function checkpointsOf({ journal }: HandlerRun): { name: string; value: JsonValue }[] {
  return journal.takeAll().map(({ name, text }) => ({ name, value: JSON.parse(text) as JsonValue }));
}

type ExpiryCode = Extract<Command, { type: "expire-task" }>["code"];

/** Of two deadlines the earlier one. */
function deadlineOf({ underway, queueEndsAt }: LocalTask, held: boolean): { at: number; code: ExpiryCode } | null {
  const deadlines: [number | null, ExpiryCode][] =
    underway === null
      ? [[held ? null : queueEndsAt, "QUEUE_TIMEOUT"]]
      : [
          [underway.attemptEndsAt, "ATTEMPT_TIMEOUT"],
          [underway.heartbeatEndsAt, "HEARTBEAT_TIMEOUT"],
          [underway.leaseEndsAt, "LEASE_EXPIRED"],
        ];
  return deadlines.reduce<{ at: number; code: ExpiryCode } | null>(
    (earliest, [at, code]) => (at === null || (earliest !== null && earliest.at <= at) ? earliest : { at, code }),
    null,
  );
}
