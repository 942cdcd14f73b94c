/** A workflow: a timeline of steps that compiles to one definition, and runs here or on a server by the same call. */
import type { AnyWorkflow } from "./any-workflow";
import type { Absent } from "./dsl/absent";
import type { Compiled } from "./dsl/compile";
import type { Element } from "./dsl/elements";
import {
  documentOf,
  type Flow,
  flowOf,
  type WorkflowOptions,
  withArrangement,
  withBranch,
  withElements,
  withOutput,
} from "./dsl/flow";
import type { Arm, BranchOutput, Chain, CheckedArms, FirstInput, LastName, Outcome, Rule } from "./dsl/flow-types";
import type { GraphNode } from "./dsl/graph-node";
import type { AnyStep } from "./dsl/step";
import type { Evaluated, Template } from "./dsl/template";
import { type ExecuteOptions, execute, start } from "./execute";
import type { ExecutionHandle } from "./execution-handle";
import type { Definition, Finding } from "./types/definition";
import { checkDefinition } from "./validate";

/** Stands for an input type that was not named: the first step's is taken. */
declare const unset: unique symbol;
type Unset = typeof unset;
type Given<Input, Current> = Current extends Unset ? (Input extends Unset ? unknown : Input) : Current;
type Or<Input, First> = Input extends Unset ? First : Input;

/**
 * Immutable: each call gives a new workflow. `Input` is what an execution takes, `Current` what the next step
 * would be handed, `Last` the step that it comes from.
 */
export class Workflow<Input = unknown, Current = unknown, Last extends string = string> implements AnyWorkflow {
  /** Only for the compiler. */
  declare readonly types?: { accepts: (input: Input) => void; out: Current; last: Last };
  private built: (Compiled & { definition: Definition; warnings: Finding[] }) | undefined;

  constructor(private readonly flow: Flow) {}

  get name(): string {
    return this.flow.name;
  }
  get elements(): readonly Element[] {
    return this.flow.elements;
  }
  /** What `output` said. */
  get result(): Template | Absent | undefined {
    return this.flow.result;
  }

  /**
   * Appends elements that run one after another; an array is a group whose members run in parallel, `path(…)` in it a
   * strand of several. Each receives what the one before it gave, the one after a group an object of its members' outputs
   * by name, the first one the workflow's input.
   *
   *     workflow("order").timeline(fetchOrder, [path(pack, ship), invoice], report)
   *
   * What does not fit is a compile error.
   *
   * @throws DefinitionError for what is no element, and for values that JSON cannot hold.
   */
  timeline<const Elements extends readonly Element[]>(
    ...elements: Elements & Chain<Elements, Given<Input, Current>>
  ): Workflow<
    Or<Input, FirstInput<Elements>>,
    Outcome<Elements, Given<Or<Input, FirstInput<Elements>>, Current>>,
    LastName<Elements, Last>
  > {
    return new Workflow(withElements(this.flow, elements));
  }

  /**
   * Decides after a step which arm is taken; the arms exclude each other and meet again before whatever comes next. The
   * first case whose condition holds wins, then `otherwise`; without one, what no case takes just goes on. The names are
   * the ports that graph and timeline show. A name among the step's own `ports`, or `error` (of an approval `rejected`
   * and `expired`, of a signal `expired` too), leads on from there instead. A second branch after the same step adds arms.
   *
   *     .branch(fetchUser, { adult: when(on(fetchUser).age.gte(18), welcome), otherwise: askParent })
   *
   * @throws DefinitionError if the step is not in the workflow, an arm has no condition, or a condition is a function.
   */
  branch<Name extends string, Out, Ports, const Arms extends { [port: string]: Arm }>(
    after: GraphNode<Name, never, Out, Ports>,
    arms: Arms & CheckedArms<Arms, Out, Ports, Name extends Last ? false : true>,
  ): Workflow<Input, Name extends Last ? BranchOutput<Arms, Out, Ports, Current> : Current, Last> {
    return new Workflow(withBranch(this.flow, "branch", after, arms));
  }

  /**
   * Decides after a step where things go: rules on its result (`when`, `matches`), on its error (`onError`; `error` for
   * what no other takes) or on its ports, in the order in which they are written. A rule leads to a jump (`retry`,
   * `backTo`, `skipTo`), an end (`failed`, `completed`), `proceed`, or to steps and one of these at their end. What no
   * rule on the result takes goes on, or to `otherwise`; an error that none takes fails the step as if there were none.
   *
   *     .diverge(review, {
   *       again: when(on(review).score.lt(3), backTo(draft, { maxIterations: 5, carry: on(review).notes })),
   *       minor: matches({ kind: "minor" }, skipTo(publish)),
   *       gone: onError("NOT_FOUND", failed("DRAFT_GONE", "Somebody deleted the draft")),
   *     })
   *
   * The names are the ports that graph and timeline show. A jump that cannot be (`JUMP_OUT_OF_GROUP`, `LOOP_ENTRY`, …)
   * is told with everything else when the definition is built.
   *
   * @throws DefinitionError if the step is not in the workflow, a rule has no condition, or a condition is a function.
   */
  diverge<Name extends string, Out, Ports, const Rules extends { [port: string]: Rule }>(
    from: GraphNode<Name, never, Out, Ports>,
    rules: Rules & CheckedArms<Rules, Out, Ports, Name extends Last ? false : true>,
  ): Workflow<Input, Name extends Last ? BranchOutput<Rules, Out, Ports, Current> : Current, Last> {
    return new Workflow(withBranch(this.flow, "diverge", from, rules));
  }

  /**
   * What an execution returns, where that is not what its last step returned: any JSON with references in it.
   *
   *     .output({ order: on(order).id, shippedAt: on(ship).at })
   *
   * `absent`: the outputs of the steps that nothing comes after, by name.
   *
   * @throws DefinitionError for what JSON cannot hold.
   */
  output(value: Absent): Workflow<Input, { [step: string]: unknown }, Last>;
  output<const Value extends Template>(value: Value): Workflow<Input, Evaluated<Value>, Last>;
  output<Result>(value: Template | Absent): Workflow<Input, Result, Last>;
  output(value: Template | Absent): Workflow<Input, unknown, Last> {
    return new Workflow<Input, unknown, Last>(withOutput(this.flow, value));
  }

  /**
   * The order in which the definition lists its nodes (by id) and edges (as `from>to`, or `from:port>to`), those of maps'
   * bodies too. It makes no difference to how anything runs, but to the definition's hash: the editor writes it down, so
   * that a workflow that was drawn there and is published from code is the same version.
   */
  arrange(nodes: readonly string[], edges: readonly string[]): Workflow<Input, Current, Last> {
    return new Workflow<Input, Current, Last>(withArrangement(this.flow, nodes, edges));
  }

  /** The document that is published and stored. Throws one {@link DefinitionError} with everything that is wrong. */
  get definition(): Definition {
    return this.build().definition;
  }

  /** What validation thinks worth a thought. */
  get warnings(): readonly Finding[] {
    return this.build().warnings;
  }

  /** Every step whose handler a worker must offer: those in maps and those that compensate too. */
  get steps(): readonly AnyStep[] {
    return this.build().steps;
  }

  /** The workflows that it starts, as far as they were given as such and not by name. */
  get children(): readonly AnyWorkflow[] {
    return this.build().children;
  }

  /**
   * Runs it and gives what its last step returned: in this process, without server or database, or with
   * `{ distributed: true }` on a server whose workers run the steps. The same engine decides in both.
   *
   * @throws ExecutionFailedError when it closes otherwise than completed, with its history.
   * @throws CerebelumError `INVALID_INPUT`, and distributed whatever the server refuses.
   */
  execute(input: Input, options: ExecuteOptions = {}): Promise<Current> {
    return execute(this, input, options) as Promise<Current>;
  }

  /**
   * Starts it as {@link execute} does, and gives a handle: to wait for what it returns, to answer its approvals, to send
   * it signals, to look into it and to control it. The same calls locally and distributed.
   *
   *     const run = await onboarding.start({ userId: "ada" });
   *     await run.approve("sign_off", { data: { amount: 40 } });
   *     console.log(await run.result());
   */
  start(input: Input, options: ExecuteOptions = {}): Promise<ExecutionHandle<Current>> {
    return start(this, input, options) as Promise<ExecutionHandle<Current>>;
  }

  private build() {
    if (this.built !== undefined) return this.built;
    const document = documentOf(this.flow);
    const { definition, steps, findings } = document;
    this.built = { ...document, warnings: checkDefinition(definition, steps, findings) };
    return this.built;
  }
}

/**
 * Begins a workflow: `workflow("onboarding").timeline(fetchUser, welcome)`. Its input is what the first step takes, or
 * named: `workflow<Signup>("onboarding")`.
 */
export function workflow<Input = Unset>(name: string, options: WorkflowOptions = {}): Workflow<Input, Unset, never> {
  return new Workflow<Input, Unset, never>(flowOf(name, options));
}
