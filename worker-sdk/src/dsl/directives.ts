/** What a handler may end with instead of a plain value: another port, a wait that holds no worker, or failure for good. */
import { parseDuration } from "@/lib/core/durations";
import { type Failure, NonRetryableError } from "../errors";
import type { Duration } from "../types/definition";
import type { ApprovalRequest, Approved } from "./decisions";
import type { JsonOf } from "./json-of";
import type { JsonSchema, SchemaValue } from "./json-schema";

/** Marks a directive. By name, so that one made by another copy of this package is known too. */
export const DIRECTIVE: unique symbol = Symbol.for("@cerebelum/sdk directive");

/** What becomes of the step once a wait is over: it completes, or its handler is called again. */
export type Then = "complete" | "resume";

/** A handler's answer on an extra port; made by {@link port}. */
export class PortResult<Name extends string, T> {
  readonly [DIRECTIVE] = "port";
  constructor(
    readonly port: Name,
    readonly output: T,
  ) {}
}

/** The step sleeps; made by {@link sleepFor}. */
export class SleepDirective<Data, After extends Then> {
  readonly [DIRECTIVE] = "sleep";
  constructor(
    readonly durationMs: number,
    /** Then it completes with this; resumed, its handler finds it in `ctx.resumed.carried`. */
    readonly data: Data,
    readonly then: After,
    /** Where it is resumed: the checkpoint that keeps how the wait ended. */
    readonly name: string | undefined,
  ) {}
}

/** The step waits for a person; made by {@link askApproval}. */
export class ApprovalDirective<Answer, After extends Then> {
  readonly [DIRECTIVE] = "approval";
  /** Only for the compiler. */
  declare readonly types?: { answer: Answer };
  constructor(
    readonly request: {
      readonly title?: string;
      readonly description?: string;
      readonly assignees?: readonly string[];
      readonly form?: JsonSchema;
      readonly timeoutMs?: number;
    },
    readonly data: unknown,
    readonly then: After,
    readonly name: string | undefined,
  ) {}
}

/** No further attempt; made by {@link failForGood}. */
export class FailDirective {
  readonly [DIRECTIVE] = "fail";
  constructor(readonly error: NonRetryableError) {}
}

export type Directive =
  | PortResult<string, unknown>
  | SleepDirective<unknown, Then>
  | ApprovalDirective<unknown, Then>
  | FailDirective;

/** The directive that a handler ended with, or null where it returned a value. */
export function directiveOf(result: unknown): Directive | null {
  return typeof result === "object" && result !== null && DIRECTIVE in result ? (result as Directive) : null;
}

/**
 * Completes the step on one of its extra `ports`; without output, null.
 *
 *     step("classify", async (mail: Mail) => (isSpam(mail) ? port("spam", { score: 9 }) : mail), { ports: ["spam"] })
 *
 * A port that the step does not declare fails it with `UNKNOWN_PORT`.
 */
export function port<const Name extends string, T = null>(name: Name, output?: T): PortResult<Name, T> {
  return new PortResult(name, (output ?? null) as T);
}

/**
 * Ends the dispatch; the step sleeps without a worker. Then it completes with `data` (default null), or with
 * `then: "resume"` its handler is called again, same attempt, with `ctx.resumed`.
 *
 *     return sleepFor("3d", { data: receipt });
 *
 * @throws NonRetryableError `BAD_DURATION`
 */
export function sleepFor<Data = null>(
  duration: Duration,
  options?: { data?: Data; then?: "complete" },
): SleepDirective<Data, "complete">;
export function sleepFor(
  duration: Duration,
  options: { then: "resume"; name: string; data?: unknown },
): SleepDirective<unknown, "resume">;
export function sleepFor(
  duration: Duration,
  { data = null, then = "complete", name }: { data?: unknown; then?: Then; name?: string } = {},
): SleepDirective<unknown, Then> {
  return new SleepDirective(milliseconds(duration, "sleepFor"), data, then, name);
}

/**
 * Ends the dispatch; the step waits for a person's decision without a worker. Approved, it completes with
 * `{ decision, data, comment, decidedBy }`; rejected or expired it ends on `error` with `REJECTED` or
 * `APPROVAL_EXPIRED`. With `then: "resume"` its handler is called again in either case, same attempt, with
 * `ctx.resumed`. The type of `data` follows from `form`.
 *
 *     return askApproval({ title: `Refund ${order.id}?`, assignees: ["finance"], timeout: "2d" });
 *
 * @throws NonRetryableError `BAD_DURATION`
 */
export function askApproval<const Form extends JsonSchema = true>(
  request: ApprovalRequest<Form> & { data?: unknown; then?: "complete" },
): ApprovalDirective<Approved<SchemaValue<Form>>, "complete">;
export function askApproval(
  request: ApprovalRequest & { data?: unknown; then: "resume"; name: string },
): ApprovalDirective<unknown, "resume">;
export function askApproval({
  data = null,
  then = "complete",
  name,
  ...request
}: ApprovalRequest & { data?: unknown; then?: Then; name?: string }): ApprovalDirective<unknown, Then> {
  return new ApprovalDirective(approvalRequest(request, "askApproval"), data, then, name);
}

/** A request as the protocol sends it. @throws NonRetryableError `BAD_DURATION` */
export function approvalRequest(
  { title, description, assignees, form, timeout }: ApprovalRequest,
  where: string,
): ApprovalDirective<unknown, Then>["request"] {
  return {
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    ...(assignees !== undefined && { assignees: typeof assignees === "string" ? [assignees] : assignees }),
    ...(form !== undefined && { form }),
    ...(timeout !== undefined && { timeoutMs: milliseconds(timeout, where) }),
  };
}

/**
 * Ends the step as failed, whatever its retry policy says; the same as throwing a {@link NonRetryableError}.
 * An error that is given keeps its message, code and details.
 *
 *     if (card.stolen) return failForGood({ code: "CARD_STOLEN", message: "The card was reported stolen" });
 */
export function failForGood(error: string | Error | Omit<Failure, "retryable">): FailDirective {
  if (error instanceof NonRetryableError) return new FailDirective(error);
  if (typeof error === "string") return new FailDirective(new NonRetryableError(error));
  const { code, details } = error as { code?: unknown; details?: unknown };
  const cause = error instanceof Error ? error : error.cause;
  const known = typeof code === "string" && code !== "" ? { code } : {};
  return new FailDirective(new NonRetryableError(error.message, { ...known, details, cause }));
}

/** A duration as the protocol sends it. @throws NonRetryableError `BAD_DURATION`: another attempt would ask the same. */
export function milliseconds(duration: Duration, where: string): number {
  const ms = parseDuration(duration);
  if (ms !== null) return ms;
  throw new NonRetryableError(
    `${where} cannot wait ${JSON.stringify(duration)}: write 250ms, 90s, 15m, 36h, 7d, PT15M or whole milliseconds, at most 100 years.`,
    { code: "BAD_DURATION" },
  );
}

/** What the steps after it receive: what the handler returns, as JSON, or what it completes with after a wait. */
export type OutputOf<R> = [JsonOf<Exclude<Awaited<R>, Directive>> | OutputOfDirective<Awaited<R>>] extends [infer Out]
  ? Out
  : never;

type OutputOfDirective<Result> =
  Result extends SleepDirective<infer Data, "complete">
    ? JsonOf<Data>
    : Result extends ApprovalDirective<infer Answer, "complete">
      ? Answer
      : never;

/** What the handler returns on each of its extra ports. */
export type PortsOf<R> =
  Extract<Awaited<R>, PortResult<string, unknown>> extends infer Chosen extends PortResult<string, unknown>
    ? { [P in Chosen as P["port"]]: JsonOf<P["output"]> }
    : never;
