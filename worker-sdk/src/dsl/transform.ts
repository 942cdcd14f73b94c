/** A value that the engine computes itself, without a worker. */
import { GraphNode, type JoinOptions } from "./graph-node";
import type { Evaluated, Template } from "./template";

export class Transform<Name extends string = string, Out = unknown> extends GraphNode<Name, unknown, Out, unknown> {
  readonly kind = "transform";
  constructor(
    id: Name,
    readonly value: Template,
    readonly options: JoinOptions,
  ) {
    super(id);
  }

  /** The same computation at another place. */
  as<const Id extends string>(id: Id): Transform<Id, Out> {
    return new Transform(id, this.value, this.options);
  }
}

/**
 * Computes a value from what the execution holds: any JSON with references in it, or CEL after a `=`. Its type follows
 * from the references; that of CEL text has to be named.
 *
 *     transform("mail", { to: on(fetchUser).email, hello: text`Hello ${on(fetchUser).name}` })
 *     transform<number>("total", "=steps.order.output.lines.map(l, l.price).sum()")
 *
 * An expression that fails, fails the step with `EXPRESSION_ERROR`.
 */
export function transform<const Name extends string, const Value extends Template>(
  id: Name,
  value: Value,
  options?: JoinOptions,
): Transform<Name, Evaluated<Value>>;
export function transform<Out>(id: string, value: Template, options?: JoinOptions): Transform<string, Out>;
export function transform(id: string, value: Template, options: JoinOptions = {}): Transform<string, unknown> {
  return new Transform(id, value, options);
}
