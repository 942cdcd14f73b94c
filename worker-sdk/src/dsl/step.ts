/** A step: a named handler with its policies, and its place in a workflow. */
import { DefinitionError } from "../errors";
import type { Duration, RetryPolicy, TaskTimeout } from "../types/definition";
import type { Absent } from "./absent";
import type { OutputOf, PortResult, PortsOf } from "./directives";
import { GraphNode, type JoinOptions, type NodeInput } from "./graph-node";
import type { JsonSchema } from "./json-schema";
import type { Jump } from "./jump";
import type { Condition, Reference } from "./references";
import type { StepContext } from "./step-context";
import type { Template, TemplateOf, TextTemplate } from "./template";

export type { StepContext } from "./step-context";

export type Handler<In, R> = (input: In, ctx: StepContext) => R;

/** Calls the handler again and again until a condition holds. Each call is a round, with attempts and an idempotency key of its own. */
export interface PollOptions<Out = unknown> {
  /** A condition on what the handler returned and on the round, from 1, or CEL that sees `output` and `round`. */
  until: Condition | string | ((output: Reference<Out>, round: Reference<number>) => Condition);
  /** Between two rounds. Default `10s`. */
  interval?: Duration;
  /** Each interval is so many times the one before. Default 1. */
  backoff?: number;
  /** From the first call; then the step fails with `POLL_TIMEOUT`. Default `1h`. */
  timeout?: Duration;
}

/** A step that undoes another one. */
export interface CompensateOptions {
  /** Only options are taken by this form; a step is given as it is. */
  handler?: never;
  /** The name under which a worker offers the handler. */
  task: string;
  /** Default: the step's own. */
  queue?: string;
  /** Evaluated when the step completes. Default `{ input, output }` of the step. */
  input?: Template;
  retry?: RetryPolicy;
  timeout?: TaskTimeout;
}

/** While the compiler does not know yet what the step gives, because its handler leaves `ctx` to be inferred, any will do. */
type Compensation<In, Out> = unknown extends Out ? AnyStep : Step<string, { input: In; output: Out }>;

export interface StepOptions<In = never, Out = unknown> extends JoinOptions {
  /** Workers of this queue run it. Default `default`, or what the workflow's defaults say. */
  queue?: string;
  /** Default: 3 attempts, 1 s apart, then twice as long each time up to 1 min. */
  retry?: RetryPolicy;
  timeout?: TaskTimeout;
  /** −100 to 100, higher is sooner. Default 0. */
  priority?: number;
  /** The worker that ran the execution's last step is preferred for 5 s. Default false. */
  sticky?: boolean;
  /** Tasks of one queue whose keys are the same text share a limit: ``text`customer-${on(order).customerId}` ``. */
  concurrencyKey?: TextTemplate;
  /** How many of one key run at once. Default 1. */
  concurrencyLimit?: number;
  poll?: PollOptions<Out>;
  /** Extra outcomes that the handler may choose with `port(name, output)`. Those that it does choose must be among them. */
  ports?: readonly string[];
  /**
   * Jumps that the handler may end with: `return backTo("draft")`. Each is a port, and leads where it says, with the
   * limit and the `carry` that are given here.
   */
  actions?: readonly Jump[];
  /**
   * Undoes this step, once completed, when the execution fails later, or is cancelled with compensation. It is handed
   * `{ input, output }` of the step, or what its `with` says.
   */
  compensate?: Compensation<In, Out> | CompensateOptions;
  /**
   * JSON Schema of what the handler returns, for what the compiler does not see: a condition, pattern or reference that
   * names a field which is not among its `properties` is refused when the workflow is built.
   */
  returns?: JsonSchema;
}

/**
 * One step of a workflow. It receives what the step before it returned, or what {@link Step.with} says.
 * Immutable: `with` and `as` give another step with the same handler.
 */
export class Step<Name extends string = string, In = never, Out = unknown, Ports = unknown> extends GraphNode<
  Name,
  In,
  Out,
  Ports
> {
  readonly kind = "step";

  constructor(
    id: Name,
    /** The name under which workers offer the handler. */
    readonly task: string,
    readonly handler: (input: In, ctx: StepContext) => unknown,
    readonly options: StepOptions,
    /** {@link Absent}: none of its own. */
    readonly input?: Template | Absent,
  ) {
    super(id);
  }

  /**
   * Gives it this input instead: any JSON, references such as `on(fetchUser).email`, and CEL after a `=`. Each part is
   * checked against what the handler takes.
   *
   *     greet.with({ name: on(fetchUser).name, by: input<Order>().clerk, total: "=steps.order.output.total * 1.2" })
   */
  with<This extends Step<Name, never, Out, Ports>>(
    this: This,
    input: TemplateOf<NodeInput<This>> | Absent,
  ): Step<Name, unknown, Out, Ports> {
    const { id, task, options } = this;
    const handler = this.handler as Handler<unknown, unknown>;
    return new Step<Name, unknown, Out, Ports>(id, task, handler, options, input as Template | Absent);
  }

  /** The same handler under another id, for a second place in one workflow. */
  as<const Id extends string>(id: Id): Step<Id, In, Out, Ports> {
    return new Step<Id, In, Out, Ports>(id, this.task, this.handler, this.options, this.input);
  }
}

/** Options are optional, unless the handler ends on ports or with jumps, which must be declared. */
type OptionsFor<In, R> = [Declared<R>] extends [never]
  ? [options?: StepOptions<NoInfer<In>, OutputOf<NoInfer<R>>>]
  : [options: StepOptions<NoInfer<In>, OutputOf<NoInfer<R>>> & Declared<R>];

type Declared<R> = 0 extends 1 & R ? never : DeclaredFor<Extract<Awaited<R>, PortResult<string, unknown>>>;
type DeclaredFor<Chosen> = [Chosen] extends [never]
  ? never
  : (Extract<Chosen, Jump> extends never ? unknown : { actions: readonly Jump[] }) &
      (Exclude<Chosen, Jump> extends never ? unknown : { ports: readonly string[] });

export type AnyStep = Step<string, never, unknown>;

/**
 * A step: a handler `(input, ctx) => output`, and how it is run. What it returns is typed on to the steps after it, as
 * JSON; an exception is a failure, tried again as `retry` says.
 *
 *     const charge = step("charge", async (order: Order, ctx) => pay(order, ctx.idempotencyKey), {
 *       retry: { maxAttempts: 5, nonRetryable: ["CARD_STOLEN"] },
 *       timeout: { attempt: "30s" },
 *       compensate: refund,
 *     });
 *
 * Without a name it takes the handler's own; name it where a minifier might rename functions.
 *
 * @throws DefinitionError without a name or a handler.
 */
export function step<const Name extends string, In, R>(
  name: Name,
  handler: Handler<In, R>,
  ...options: OptionsFor<In, R>
): Step<Name, In, OutputOf<R>, PortsOf<R>>;
export function step<In, R>(
  handler: Handler<In, R>,
  ...options: OptionsFor<In, R>
): Step<string, In, OutputOf<R>, PortsOf<R>>;
export function step<In, R>(
  ...args: [string, Handler<In, R>, StepOptions?] | [Handler<In, R>, StepOptions?]
): Step<string, In, OutputOf<R>, PortsOf<R>> {
  const [name, handler, options = {}] =
    typeof args[0] === "string"
      ? (args as [string, Handler<In, R>, StepOptions?])
      : ([args[0].name, ...args] as [string, Handler<In, R>, StepOptions?]);
  if (typeof handler !== "function")
    throw new DefinitionError(`step("${name}") needs a handler: (input, ctx) => output`);
  if (name === "")
    throw new DefinitionError('A step of an anonymous function needs a name: step("charge", async (order) => …)');
  return new Step(name, name, handler, options);
}
