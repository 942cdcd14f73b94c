/** Jumps: where a rule, an arm or a handler leads instead of to the next step. */
import { PortResult } from "./directives";
import type { GraphNode } from "./graph-node";
import type { Template } from "./template";

export interface LoopOptions {
  /** How often the target may run; then the step that jumps fails with `LOOP_LIMIT`. Default 100. */
  maxIterations?: number;
  /** What the next turn sees as `loop().value`. Default null. */
  carry?: Template;
}

/** A handler may end with one that its step lists among its `actions`: it is the answer on the port made for it. */
export class Jump<Port extends string = string, In = never> extends PortResult<Port, null> {
  readonly kind = "jump";
  /** Only for the compiler. */
  declare readonly types?: { accepts: (input: In) => void };

  constructor(
    port: Port,
    readonly direction: "back" | "forward",
    /** The id of its node; null: the step whose rule it is. */
    readonly target: string | null,
    readonly loop: LoopOptions,
  ) {
    super(port, null);
  }
}

/** Goes on with what follows, handing on what it was given: for a rule that would else end, or another arm take. */
export class Proceed {
  readonly kind = "proceed";
}

/** Leads nowhere. */
export class Stop {
  readonly kind = "stop";
}

/** A node, or the id of one that is written later. */
type Target<Id extends string> = Id | { readonly id: Id };

function idOf<Id extends string>(target: Target<Id>): Id {
  return typeof target === "string" ? target : target.id;
}

/**
 * Runs the step anew whose rule it is, in a new iteration with new attempts:
 *
 *     .diverge(check, { pending: when(on(check).state.eq("pending"), sleep("1h"), retry({ maxIterations: 48 })) })
 *
 * Not to be mistaken for a step's option `retry`, which tries a failed attempt again.
 */
export function retry(options: LoopOptions = {}): Jump<"retry", unknown> {
  return new Jump("retry", "back", null, options);
}

/**
 * Goes back to a step before; it and all after it run in a new iteration.
 *
 *     .diverge(review, { again: when(on(review).score.lt(3), backTo(draft, { maxIterations: 5, carry: on(review).notes })) })
 *
 * A target in or out of a parallel group is refused when the workflow is built (`LOOP_ENTRY`, `JUMP_OUT_OF_GROUP`).
 */
export function backTo<const Id extends string>(
  target: Target<Id>,
  options: LoopOptions = {},
): Jump<`back_to.${Id}`, unknown> {
  const id = idOf(target);
  return new Jump(`back_to.${id}`, "back", id, options);
}

/**
 * Goes on with a later step, past those between, and hands it what was handed here.
 *
 *     .diverge(fetchUser, { minor: matches({ minor: true }, skipTo(askParents)) })
 */
export function skipTo<const Id extends string, In>(target: GraphNode<Id, In>): Jump<`skip_to.${Id}`, In>;
export function skipTo<const Id extends string>(target: Target<Id>): Jump<`skip_to.${Id}`, unknown>;
export function skipTo(target: Target<string>): Jump<string, unknown> {
  const id = idOf(target);
  return new Jump(`skip_to.${id}`, "forward", id, {});
}

/** Goes on with what follows, as if the rule were not there; on an error, with the error. */
export function proceed(): Proceed {
  return new Proceed();
}

/**
 * Ends the path, and nothing else: what follows is not reached from here, what runs beside it goes on, and the execution
 * completes once all of it has ended.
 *
 *     .branch(order, { vip: when(on(order).vip.eq(true), callThem, stop()), otherwise: mailThem })
 */
export function stop(): Stop {
  return new Stop();
}
