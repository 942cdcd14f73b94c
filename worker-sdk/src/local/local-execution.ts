/**
 * Hosts one execution in this process: the core decides, this runs handlers and keeps time. It holds what a server
 * keeps in tables: the history, and the tasks that are under way.
 */
import { createHash } from "node:crypto";
import type { HistoryEvent as CoreEvent } from "@/lib/contract/history";
import type { JsonValue } from "@/lib/contract/json";
import type { CompiledGraph } from "@/lib/core/definition/graph";
import type { Command, StepRef } from "@/lib/core/execution/commands";
import { decide } from "@/lib/core/execution/decide";
import { type Effect, effects } from "@/lib/core/execution/effects";
import { initialState } from "@/lib/core/execution/initial-state";
import type { ExecutionState, Held } from "@/lib/core/execution/state";
import { stepKey } from "@/lib/core/execution/step-key";
import { wakeAt } from "@/lib/core/execution/wake-at";
import { deferred } from "../deferred";
import type { AnyStep } from "../dsl/step";
import { serialise } from "../handler/payload";
import { runHandler } from "../handler/run-handler";
import type { HistoryEvent } from "../types";
import type { Clock } from "./clock";

export interface LocalHost {
  executionId: string;
  graph: CompiledGraph;
  steps: ReadonlyMap<string, AnyStep>;
  clock: Clock;
  onEvent?: (event: HistoryEvent) => void;
}

interface RunningTask {
  controller: AbortController;
  step: StepRef;
  startedAt: number;
  /** Epoch milliseconds, or null where nothing ends it. */
  attemptEndsAt: number | null;
  heartbeatMs: number | null;
  heartbeatEndsAt: number | null;
}

export class LocalExecution {
  state: ExecutionState;
  readonly history: CoreEvent[] = [];

  /** Large values by hash, as a server would keep them beside the events. */
  private readonly values = new Map<string, JsonValue>();
  private readonly tasks = new Map<string, RunningTask>();
  private readonly heartbeatDetails = new Map<number, JsonValue>();
  private tasksMade = 0;
  /** Ends the current wait for time, because something happened. */
  private stir = new AbortController();
  private failure: { error: unknown } | null = null;

  constructor(private readonly host: LocalHost) {
    this.state = initialState(host.graph);
  }

  /** Runs until it is closed. */
  async run(start: Extract<Command, { type: "start" }>): Promise<void> {
    this.apply(start, "user:local");
    while (this.state.closedAt === null) {
      if (this.failure !== null) throw this.failure.error;
      await this.waitForNext();
      this.applyDue();
    }
  }

  get id(): string {
    return this.host.executionId;
  }

  cancel(reason: string): void {
    if (this.state.closedAt === null) this.apply({ type: "cancel", reason }, "user:local");
  }

  /** The JSON that the state holds, itself or by reference. */
  value(held: Held | null): JsonValue {
    if (held === null) return null;
    return "json" in held ? held.json : (this.values.get(held.ref.hash) ?? null);
  }

  private async waitForNext(): Promise<void> {
    this.stir = new AbortController();
    const { signal } = this.stir;
    const next = Math.min(wakeAt(this.state) ?? Number.POSITIVE_INFINITY, ...this.deadlines());
    const idle = this.tasks.size === 0;
    if (next !== Number.POSITIVE_INFINITY) return this.host.clock.sleepUntil(next, { idle, signal });
    const { promise, resolve } = deferred();
    signal.addEventListener("abort", () => resolve(), { once: true });
    await promise;
  }

  private deadlines(): number[] {
    return [...this.tasks.values()].flatMap(({ attemptEndsAt, heartbeatEndsAt }) =>
      [attemptEndsAt, heartbeatEndsAt].filter((at) => at !== null),
    );
  }

  private applyDue(): void {
    const now = this.host.clock.now();
    for (const [taskId, task] of this.tasks) {
      const code = isOver(task.attemptEndsAt, now)
        ? "ATTEMPT_TIMEOUT"
        : isOver(task.heartbeatEndsAt, now)
          ? "HEARTBEAT_TIMEOUT"
          : null;
      if (code === null) continue;
      const ranMs = now - task.startedAt;
      this.apply({ type: "expire-task", code, step: task.step, taskId, lease: taskId, queuedMs: 0, ranMs });
    }
    if (isOver(wakeAt(this.state), now)) this.apply({ type: "wake" });
  }

  private apply(command: Command, actor = "engine"): void {
    const decision = decide(this.state, command, {
      now: this.host.clock.now(),
      actor,
      executionId: this.host.executionId,
      random: Math.random,
      newTaskId: () => `tsk_local_${++this.tasksMade}`,
      sha256: (text) => createHash("sha256").update(text).digest("hex"),
      values: this.values,
    });
    if (decision.kind === "needs") throw new Error(`A value is missing: ${decision.values.join(", ")}`);
    for (const { hash, json } of decision.values) this.values.set(hash, json);
    this.state = decision.state;
    for (const event of decision.events) {
      this.history.push(event);
      this.host.onEvent?.(event as HistoryEvent);
    }
    for (const event of decision.events) for (const effect of effects(event, this.state)) this.perform(effect);
    this.stir.abort();
  }

  private perform(effect: Effect): void {
    switch (effect.type) {
      case "dispatch-task":
        this.dispatch(effect);
        return;
      case "drop-task":
        this.tasks.get(effect.taskId)?.controller.abort(new DOMException("The step was cancelled", "AbortError"));
        this.tasks.delete(effect.taskId);
        return;
      case "close":
        for (const { controller } of this.tasks.values())
          controller.abort(new DOMException("The execution is closed", "AbortError"));
        this.tasks.clear();
    }
  }

  private dispatch(effect: Extract<Effect, { type: "dispatch-task" }>): void {
    const now = this.host.clock.now();
    const task: RunningTask = {
      controller: new AbortController(),
      step: effect.step,
      startedAt: now,
      attemptEndsAt: effect.attemptTimeoutMs === null ? null : now + effect.attemptTimeoutMs,
      heartbeatMs: effect.heartbeatTimeoutMs,
      heartbeatEndsAt: effect.heartbeatTimeoutMs === null ? null : now + effect.heartbeatTimeoutMs,
    };
    this.tasks.set(effect.taskId, task);
    // In a turn of its own, so that no handler runs inside a decision.
    setImmediate(() => {
      this.runTask(effect, task).catch((error: unknown) => {
        this.failure = { error };
        this.stir.abort();
      });
    });
  }

  private async runTask(
    { taskId, step: ref, task: name }: Extract<Effect, { type: "dispatch-task" }>,
    task: RunningTask,
  ) {
    if (this.tasks.get(taskId) !== task) return;
    const handler = this.host.steps.get(name);
    if (handler === undefined) throw new Error(`No handler is named ${name}`);
    const outcome = await runHandler(handler, this.inputOf(ref), this.contextOf(ref, taskId, task));
    if (this.tasks.get(taskId) !== task) return;
    this.tasks.delete(taskId);
    const ranMs = this.host.clock.now() - task.startedAt;
    const answer = { step: ref, taskId, lease: taskId, worker: "local", queuedMs: 0, ranMs };
    if (outcome.status === "failed") this.apply({ type: "fail-task", error: outcome.error, ...answer }, "worker:local");
    else {
      const output = JSON.parse(outcome.output) as JsonValue;
      this.apply(
        { type: "complete-task", output, ...(outcome.port !== undefined && { port: outcome.port }), ...answer },
        "worker:local",
      );
    }
  }

  private inputOf(ref: StepRef): JsonValue {
    // A copy, so that a handler that changes its input changes nothing else.
    return structuredClone(this.value(this.state.steps[ref.ordinal]?.input ?? null));
  }

  private contextOf(ref: StepRef, taskId: string, task: RunningTask) {
    const step = this.state.steps[ref.ordinal];
    if (step === undefined) throw new Error(`The state has no step at ${ref.ordinal}`);
    const { executionId, clock } = this.host;
    return {
      executionId,
      workflow: this.state.workflow,
      node: step.node,
      iteration: step.iteration,
      attempt: step.attempt,
      idempotencyKey: stepKey(executionId, step),
      signal: task.controller.signal,
      heartbeat: (details?: unknown) => {
        if (details !== undefined)
          this.heartbeatDetails.set(ref.ordinal, JSON.parse(serialise(details, "Heartbeat details")) as JsonValue);
        if (task.heartbeatMs !== null && this.tasks.get(taskId) === task)
          task.heartbeatEndsAt = clock.now() + task.heartbeatMs;
        this.stir.abort();
      },
      heartbeatDetails: step.attempt > 1 ? this.heartbeatDetails.get(ref.ordinal) : undefined,
      context: {
        input: structuredClone(this.value(this.state.input)),
        tags: [...this.state.tags],
        correlationId: this.state.correlationId,
        startedAt: new Date(this.state.startedAt ?? clock.now()).toISOString(),
      },
    };
  }
}

function isOver(at: number | null, now: number): boolean {
  return at !== null && at <= now;
}
