/** A wait for a named signal from outside. */
import { DefinitionError } from "../errors";
import { GraphNode, type JoinOptions } from "./graph-node";
import type { DurationTemplate, TextTemplate } from "./template";

export interface SignalOptions extends JoinOptions {
  /** Of its node. Default: the signal's name. */
  id?: string;
  /** Default: it waits for ever. */
  timeout?: DurationTemplate;
}

export class Signal<Name extends string, Payload> extends GraphNode<Name, unknown, Payload, { expired: null }> {
  readonly kind = "signal";
  constructor(
    id: Name,
    readonly signal: TextTemplate,
    readonly options: Omit<SignalOptions, "id">,
  ) {
    super(id);
  }

  /** The same signal awaited at another place. */
  as<const Id extends string>(id: Id): Signal<Id, Payload> {
    return new Signal(id, this.signal, this.options);
  }
}

/**
 * Waits for a signal of that name, holding nothing in memory, and gives its payload. One that came before is kept and
 * taken at once; each is consumed by one step. Expired, the step fails with `SIGNAL_EXPIRED`, unless a branch leads on
 * from `expired`.
 *
 *     const paid = signal<{ amount: number }>("paid", { timeout: "14d" });
 *     workflow("order").timeline(invoice, paid, ship).branch(paid, { expired: remind });
 *
 * In a map the name should depend on the item: `` signal(text`paid-${item<Order>().id}`, { id: "paid" }) ``. In a
 * parallel group, `.as("paid")` lets the compiler know the name of one whose payload was named.
 *
 * @throws DefinitionError if the name is an expression and no `id` is given.
 */
export function signal<const Name extends string>(
  name: Name,
  options?: Omit<SignalOptions, "id">,
): Signal<Name, unknown>;
export function signal<Payload = unknown>(name: TextTemplate, options?: SignalOptions): Signal<string, Payload>;
export function signal(name: TextTemplate, { id, ...options }: SignalOptions = {}): Signal<string, unknown> {
  if (id !== undefined) return new Signal(id, name, options);
  if (typeof name === "string" && !name.startsWith("=")) return new Signal(name, name, options);
  throw new DefinitionError(
    'A signal whose name is an expression needs an id for its node: signal(name, { id: "paid" }).',
  );
}
