/**
 * One run of a handler, from its top to where it ends or is left: the same in a worker and in local execution.
 *
 *     running ──returns or throws──▶ ended
 *        └──sleep or approval not passed yet──▶ wanting to wait ──nothing of `ctx.run` is under way──▶ left
 *
 * Nobody can stop a function in its middle. One that is left stays where it is for ever: what it awaits never settles, so
 * that neither its `catch` nor its `finally` runs, and whatever it still calls on its context does nothing. It is a run of
 * its own that goes on from there later, from the top, with what was recorded.
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Task } from "@/lib/contract/workers";
import { isCompensationKey } from "@/lib/core/execution/step-key";
import { type Deferred, deferred } from "../deferred";
import type { ApprovalOutcome, ApprovalRequest } from "../dsl/decisions";
import { approvalRequest, milliseconds } from "../dsl/directives";
import type { AnyStep } from "../dsl/step";
import type { Resumed, StepContext } from "../dsl/step-context";
import { NonRetryableError } from "../errors";
import type { Duration, JsonValue } from "../types/definition";
import { Journal } from "./journal";
import { LogBuffer } from "./log-buffer";
import { type Outcome, outcomeOf, outcomeOfThrown, type Waiting } from "./outcome";
import { asJson, serialise } from "./payload";

/** What is known of a dispatch: a worker is sent it as a task, local execution makes it. */
export type Dispatch = Pick<
  Task,
  | "executionId"
  | "workflow"
  | "node"
  | "iteration"
  | "index"
  | "attempt"
  | "round"
  | "idempotencyKey"
  | "input"
  | "context"
  | "resumed"
  | "checkpoints"
  | "heartbeatDetails"
  | "traceparent"
>;

export interface HandlerHost {
  /** Epoch milliseconds, for the lines that it logs. */
  now(): number;
  /** It is alive, and this is how far it is; undefined: it said nothing of that. */
  onHeartbeat(details: JsonValue | undefined): void;
  /** There is something to record that should not wait. */
  onNote?(): void;
}

export class HandlerRun {
  readonly journal: Journal;
  readonly logs: LogBuffer;
  private readonly controller = new AbortController();
  /** Functions of `ctx.run` that have begun. */
  private readonly underway = new Set<Promise<unknown>>();
  private readonly left: Deferred<Outcome> = deferred<Outcome>();
  private wanted: Waiting | null = null;
  /** Ended or left: nothing that the handler still calls has any effect. */
  private over = false;

  constructor(
    private readonly step: Pick<AnyStep, "id" | "handler">,
    private readonly dispatch: Dispatch,
    private readonly host: HandlerHost,
  ) {
    this.journal = new Journal(dispatch.checkpoints);
    this.logs = new LogBuffer(host.now);
  }

  /** Whether nobody waits for its outcome any longer. */
  get isAbandoned(): boolean {
    return this.controller.signal.aborted;
  }

  /** Tells the handler to stop, and why. */
  abandon(why: string): void {
    this.controller.abort(new DOMException(why, "AbortError"));
  }

  /** Never rejects. */
  run(): Promise<Outcome> {
    return Promise.race([this.end(), this.left.promise]);
  }

  private async end(): Promise<Outcome> {
    const outcome = this.allowed(await this.call());
    this.over = true;
    // What has begun is recorded, so that it does not run beside its own repetition.
    if (outcome.status !== "completed") await Promise.allSettled(this.underway);
    return outcome;
  }

  private async call(): Promise<Outcome> {
    const of = `step "${this.step.id}"`;
    const handler = this.step.handler as (input: unknown, context: StepContext) => unknown;
    try {
      return outcomeOf(await handler(this.dispatch.input, this.context()), of);
    } catch (thrown) {
      return outcomeOfThrown(thrown, of);
    }
  }

  /** A wish to wait that could not end well is a failure with a reason. */
  private allowed(outcome: Outcome): Outcome {
    if (outcome.status !== "sleep" && outcome.status !== "approval") return outcome;
    const wish = outcome.status === "sleep" ? outcome.sleep : outcome.approval;
    if (this.isCompensation) return outcomeOfThrown(refusedWait(), "");
    if (wish.then !== "resume" || wish.name === undefined || !this.journal.has(wish.name)) return outcome;
    const message = `The name ${JSON.stringify(wish.name)} stands for something that this step recorded already. Each wait needs a name of its own.`;
    return outcomeOfThrown(new NonRetryableError(message, { code: "DUPLICATE_NAME" }), "");
  }

  private get isCompensation(): boolean {
    return isCompensationKey(this.dispatch.idempotencyKey);
  }

  private context(): StepContext {
    const { input: _, checkpoints: __, resumed, ...known } = this.dispatch;
    return {
      ...known,
      heartbeatDetails: known.heartbeatDetails,
      context: known.context as StepContext["context"],
      resumed: resumed as Resumed | undefined,
      signal: this.controller.signal,
      log: this.logs.log,
      heartbeat: (details) => {
        if (this.over) return;
        this.host.onHeartbeat(details === undefined ? undefined : asJson(details, "Heartbeat details"));
      },
      sleep: (name, duration) => unawaited(this.sleep(name, duration)),
      approval: (name: string, request: ApprovalRequest = {}) => unawaited(this.approval(name, request)),
      run: (name, fn) => unawaited(this.once(name, fn)),
    } as StepContext;
  }

  private async sleep(name: string, duration: Duration): Promise<void> {
    if (this.over) return never();
    const durationMs = milliseconds(duration, `ctx.sleep("${name}")`);
    if (this.passed("sleep", name) !== null) return;
    return this.leave({ status: "sleep", sleep: { durationMs, then: "resume", name } });
  }

  private async approval(name: string, request: ApprovalRequest): Promise<ApprovalOutcome<unknown>> {
    if (this.over) return never();
    const what = `ctx.approval("${name}")`;
    const asked = asJson<object>(approvalRequest(request, what), `The request of ${what}`);
    const outcome = this.passed("approval", name);
    if (outcome === null) return this.leave({ status: "approval", approval: { ...asked, then: "resume", name } });
    const { decision, data, comment, decidedBy } = outcome as unknown as ApprovalOutcome<unknown>;
    return { decision, data, comment, decidedBy } as ApprovalOutcome<unknown>;
  }

  /** How the wait of that name ended, or null where it is still to come. */
  private passed(kind: Resumed["kind"], name: string): JsonValue | null {
    this.controller.signal.throwIfAborted();
    if (this.isCompensation) throw refusedWait();
    const known = this.journal.pass(name);
    if (known === null) return null;
    const { value } = known;
    if (isObject(value) && value.kind === kind && value.name === name) return value;
    const message = `What this step recorded as ${JSON.stringify(name)} is no ${kind}: the handler has changed since. Give the ${kind} another name.`;
    throw new NonRetryableError(message, { code: "DUPLICATE_NAME" });
  }

  private async once(name: string, fn: () => unknown): Promise<never> {
    if (this.over) return never();
    this.controller.signal.throwIfAborted();
    const known = this.journal.pass(name);
    if (known !== null) return known.value as never;
    const work = this.record(name, fn);
    this.underway.add(work);
    try {
      return (await work) as never;
    } finally {
      this.underway.delete(work);
    }
  }

  private async record(name: string, fn: () => unknown): Promise<unknown> {
    const text = serialise(await fn(), `What ctx.run("${name}") returned`);
    // A compensation keeps nothing: its attempts are short and whole.
    if (!this.isCompensation) this.journal.note(name, text);
    if (this.journal.isFull) this.host.onNote?.();
    return JSON.parse(text);
  }

  private leave(wish: Waiting): Promise<never> {
    if (this.wanted === null) {
      this.wanted = wish;
      void this.leaveAtRest(wish);
    }
    return never();
  }

  /** Once nothing of `ctx.run` is under way; if the handler ends before, that counts. */
  private async leaveAtRest(wish: Waiting): Promise<void> {
    do {
      await Promise.allSettled(this.underway);
      await nextTurn();
    } while (this.underway.size > 0);
    if (this.over) return;
    this.over = true;
    this.left.resolve(wish);
  }
}

function refusedWait(): NonRetryableError {
  const message = "A compensation cannot sleep or ask: let it do its work, or fail.";
  return new NonRetryableError(message, { code: "DIRECTIVE_REFUSED" });
}

function isObject(value: JsonValue): value is { [key: string]: JsonValue } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function never(): Promise<never> {
  return new Promise(() => {});
}

/** One that nobody awaits fails nobody, least of all the whole process. */
function unawaited<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}
