/** What a handler is given beside its input: which attempt it is, how to stay alive, and what it may do in its middle. */
import type { Duration } from "../types/definition";
import type { ExecutionContext } from "../types/executions";
import type { ApprovalOutcome, ApprovalRequest } from "./decisions";
import type { JsonOf } from "./json-of";
import type { JsonSchema, SchemaValue } from "./json-schema";

export interface StepContext {
  readonly executionId: string;
  readonly workflow: string;
  /** The step's id in the definition; inside maps a path: the maps' ids and its own, joined by `/`. */
  readonly node: string;
  readonly iteration: number;
  /** Inside maps: which item of each, from the outside in. */
  readonly index?: readonly number[];
  /** 1, 2, …: which try of this step (of this round, where it polls) it is. */
  readonly attempt: number;
  /** 1, 2, …: which round of polling; undefined where the step does not poll. */
  readonly round?: number;
  /** The same in all attempts of one step, or of one round: hand it to whatever must not happen twice. */
  readonly idempotencyKey: string;
  /**
   * Aborted when the result is no longer wanted: cancelled, timed out, lease lost, worker stopping.
   * Whatever the handler returns after that is thrown away.
   */
  readonly signal: AbortSignal;
  /** What the last heartbeat of an earlier attempt carried; undefined in the first. */
  readonly heartbeatDetails: unknown;
  readonly context: ExecutionContext;
  /** The W3C trace context that this attempt runs in, for calls of yours; undefined where the server writes no traces. */
  readonly traceparent?: string;
  /** How the wait ended that the handler's own directive asked for with `then: "resume"`; else undefined. */
  readonly resumed: Resumed | undefined;
  /** Lines for people, kept beside the history and shown with the attempt. */
  readonly log: StepLog;

  /** Says that it is alive and how far it is; the last details reach the next attempt as `heartbeatDetails`. */
  heartbeat(details?: unknown): void;

  /**
   * Sleeps without holding a worker. The handler is left here and later called again from its top: what it passed
   * already (`sleep`, `approval`, `run`) returns at once what was recorded under its name, and it goes on from here.
   * Whatever else stands before runs again, so put what must not into {@link run}.
   *
   *     await ctx.sleep("cool_off", "3d");
   *
   * @throws NonRetryableError `DUPLICATE_NAME` if the name was used before in this run, `BAD_DURATION`.
   */
  sleep(name: string, duration: Duration): Promise<void>;

  /**
   * Waits for a person's decision without holding a worker, as {@link sleep} does. Rejection and expiry are outcomes,
   * not exceptions. The type of `data` follows from `form`, or is named: `ctx.approval<Refund>("refund", { … })`.
   *
   *     const answer = await ctx.approval("refund", { title: "Refund?", assignees: "finance", timeout: "2d" });
   *     if (answer.decision !== "approved") return null;
   *
   * @throws NonRetryableError `DUPLICATE_NAME` if the name was used before in this run, `BAD_DURATION`.
   */
  approval<const Form extends JsonSchema>(
    name: string,
    request: ApprovalRequest<Form> & { form: Form },
  ): Promise<ApprovalOutcome<SchemaValue<Form>>>;
  approval<Data = unknown>(name: string, request?: ApprovalRequest): Promise<ApprovalOutcome<Data>>;

  /**
   * Runs a function once and records what it returns, as JSON: later runs of this handler, in this attempt and in the
   * next ones, get that and do not call it. If it throws, nothing is recorded.
   *
   *     const receipt = await ctx.run("charge", () => pay(order, ctx.idempotencyKey));
   *
   * @throws NonRetryableError `DUPLICATE_NAME` if the name was used before in this run.
   */
  run<T>(name: string, fn: () => T): Promise<JsonOf<Awaited<T>>>;
}

/** One line each, with fields of any JSON: `ctx.log.info("Charged", { amount })`. Never throws; too much is dropped. */
export interface StepLog {
  debug(text: string, fields?: Record<string, unknown>): void;
  info(text: string, fields?: Record<string, unknown>): void;
  warn(text: string, fields?: Record<string, unknown>): void;
  error(text: string, fields?: Record<string, unknown>): void;
}

/** How a wait ended. `carried` is what the directive carried in `data`. */
export type Resumed =
  | { readonly kind: "sleep"; readonly name: string; readonly carried: unknown }
  | ({ readonly kind: "approval"; readonly name: string; readonly carried: unknown } & ApprovalOutcome<unknown>);
