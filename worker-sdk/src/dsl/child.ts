/** An execution that a step starts and waits for. */
import type { AnyWorkflow } from "../any-workflow";
import type { Absent } from "./absent";
import { GraphNode, type JoinOptions, type NodeInput } from "./graph-node";
import type { Template, TemplateOf } from "./template";

export interface ChildOptions extends JoinOptions {
  /** Of its node. Default: the workflow's name. */
  id?: string;
  /** Default: the latest when the step begins. */
  version?: number;
  /** False: goes on as soon as it is started, with its id. Default true. */
  wait?: boolean;
  /** What it gets when this step ends early: `cancel` (default), or nothing, so that it goes on alone. */
  onCancel?: "cancel" | "abandon";
}

/** What a step gives that does not wait. */
export interface StartedChild {
  executionId: string;
}

export class Child<Name extends string, In, Out> extends GraphNode<Name, In, Out, unknown> {
  readonly kind = "child";
  constructor(
    id: Name,
    readonly workflow: AnyWorkflow | string,
    readonly input: Template | Absent | undefined,
    readonly options: Omit<ChildOptions, "id">,
  ) {
    super(id);
  }

  /** Another child of the same workflow, at another place. */
  as<const Id extends string>(id: Id): Child<Id, In, Out> {
    return new Child(id, this.workflow, this.input, this.options);
  }

  /** Gives it this input instead of what the step before returned. */
  with<This extends Child<Name, never, Out>>(
    this: This,
    input: TemplateOf<NodeInput<This>> | Absent,
  ): Child<Name, unknown, Out> {
    return new Child(this.id, this.workflow, input as Template | Absent, this.options);
  }
}

/** A workflow, as far as its types go. */
interface Typed<In, Out> extends AnyWorkflow {
  readonly types?: { accepts: (input: In) => void; out: Out };
}

type Given<In, Options> = Options extends { input: unknown } ? unknown : In;
type Result<Out, Options> = Options extends { wait: false } ? StartedChild : Out;

/**
 * Starts an execution of another workflow and waits for it. It takes what the step before returned, or `input`, and gives
 * what the other returned; both are typed where the workflow itself is given. A child that does not complete fails the
 * step with `CHILD_FAILED`, its own error in `details`. At most 20 deep.
 *
 *     timeline(order, child(shipping), report)
 *     timeline(order, child(audit, { input: { order: on(order) }, wait: false, onCancel: "abandon" }))
 *     timeline(order, child<Shipped>("shipping", { version: 3 }))
 *
 * In a parallel group, `.as("shipping")` lets the compiler know its name.
 */
export function child<In, Out, const Options extends ChildOptions & { input?: TemplateOf<In> | Absent }>(
  workflow: Typed<In, Out>,
  options?: Options,
): Child<string, Given<In, Options>, Result<Out, Options>>;
export function child<Out = unknown>(
  workflow: string,
  options?: ChildOptions & { input?: Template | Absent },
): Child<string, unknown, Out>;
export function child(
  workflow: AnyWorkflow | string,
  { id, input, ...options }: ChildOptions & { input?: Template | Absent } = {},
): Child<string, unknown, unknown> {
  return new Child(id ?? (typeof workflow === "string" ? workflow : workflow.name), workflow, input, options);
}
