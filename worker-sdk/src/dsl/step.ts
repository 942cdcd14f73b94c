/** A step: a named handler with its policies, and its place in a workflow. */
import { DefinitionError } from "../errors";
import type { RetryPolicy, TaskTimeout } from "../types";
import type { OutputOf, PortsOf } from "./directives";
import type { StepContext } from "./step-context";
import type { Template } from "./template";

export { PortResult } from "./directives";
export type { StepContext } from "./step-context";

export type Handler<In, R> = (input: In, ctx: StepContext) => R;

export interface StepOptions {
  /** Workers of this queue run it. Default `default`, or what the workflow's defaults say. */
  queue?: string;
  retry?: RetryPolicy;
  timeout?: TaskTimeout;
  /** −100 to 100, higher is sooner. Default 0. */
  priority?: number;
  /** Extra outcomes that the handler may choose with {@link port}. */
  ports?: readonly string[];
  /** When it runs, of several steps before it: once all are decided (default), at the first, or at the n-th. */
  join?: "all" | "any" | number;
  /** With a join of `any` or n: the steps that it no longer needs are left running, not cancelled. */
  keepLosers?: boolean;
}

/**
 * One step of a workflow. It receives what the step before it returned, or what {@link Step.with} says.
 * Immutable: `with` and `as` give another step with the same handler.
 */
export class Step<Name extends string = string, In = never, Out = unknown, Ports = unknown> {
  /** Only for the compiler. */
  declare readonly types?: { out: Out; ports: Ports };

  constructor(
    /** The id of its node, unique in a workflow. */
    readonly id: Name,
    /** The name under which workers offer the handler. */
    readonly task: string,
    readonly handler: (input: In, ctx: StepContext) => unknown,
    readonly options: StepOptions,
    readonly input?: Template,
  ) {}

  /** Gives it this input instead: any JSON, references such as `on(fetchUser).email`, and `"=…"` expressions in CEL. */
  with(input: Template): Step<Name, unknown, Out, Ports> {
    return new Step<Name, unknown, Out, Ports>(
      this.id,
      this.task,
      this.handler as (input: unknown, ctx: StepContext) => unknown,
      this.options,
      input,
    );
  }

  /** The same handler under another id, for a second place in one workflow. */
  as<const Id extends string>(id: Id): Step<Id, In, Out, Ports> {
    return new Step<Id, In, Out, Ports>(id, this.task, this.handler, this.options, this.input);
  }
}

export type AnyStep = Step<string, never, unknown>;

/**
 * A step: `step("charge", async (order: Order, ctx) => …, { retry: { maxAttempts: 5 } })`.
 * Without a name it takes the handler's own; name it where a minifier might rename functions.
 */
export function step<const Name extends string, In, R>(
  name: Name,
  handler: Handler<In, R>,
  options?: StepOptions,
): Step<Name, In, OutputOf<R>, PortsOf<R>>;
export function step<In, R>(handler: Handler<In, R>, options?: StepOptions): Step<string, In, OutputOf<R>, PortsOf<R>>;
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
