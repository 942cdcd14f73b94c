/** A workflow: a timeline of steps that compiles to one definition, and runs here or on a server by the same call. */
import { branchOf, insertAfter } from "./dsl/branch";
import { compile } from "./dsl/compile";
import { Case, checkElement, conditionText, type Element, Path } from "./dsl/elements";
import type { Arm, BranchOutput, Chain, CheckedArms, FirstInput, LastName, Outcome } from "./dsl/flow-types";
import type { AnyStep, Step } from "./dsl/step";
import { type Template, templateJson } from "./dsl/template";
import { maybe, valueTemplate } from "./dsl/values";
import { DefinitionError } from "./errors";
import { type ExecuteOptions, execute } from "./execute";
import type { Definition, Duration, Finding, JsonValue, RetryPolicy, TaskTimeout } from "./types";
import { checkDefinition } from "./validate";

export interface WorkflowOptions {
  description?: string;
  /** JSON Schema of the input: what breaks it is refused at the start with `INVALID_INPUT`. */
  inputSchema?: boolean | { [key: string]: JsonValue };
  /** For every step that says nothing else. */
  defaults?: { queue?: string; retry?: RetryPolicy; timeout?: TaskTimeout };
  /** Of the whole execution, from its start. */
  timeout?: Duration;
}

/** Stands for an input type that was not named: the first step's is taken. */
declare const unset: unique symbol;
type Unset = typeof unset;
type Given<Input, Current> = Current extends Unset ? (Input extends Unset ? unknown : Input) : Current;
type Or<Input, First> = Input extends Unset ? First : Input;

/**
 * Immutable: each call gives a new workflow. `Input` is what an execution takes, `Current` what the next step
 * would be handed, `Last` the step that it comes from.
 */
export class Workflow<Input = unknown, Current = unknown, Last extends string = string> {
  declare readonly types?: { input: Input; output: Current; last: Last };
  private built: { definition: Definition; warnings: Finding[]; steps: AnyStep[] } | undefined;

  constructor(
    readonly name: string,
    private readonly options: WorkflowOptions,
    private readonly elements: readonly Element[],
    private readonly result: Template | undefined,
  ) {}

  /**
   * Appends steps that run one after another; an array is a group whose members run in parallel.
   * Each step receives what the one before it returned, the one after a group an object of its members' outputs
   * by name, the first one the workflow's input.
   */
  timeline<const Elements extends readonly Element[]>(
    ...elements: Elements & Chain<Elements, Given<Input, Current>>
  ): Workflow<
    Or<Input, FirstInput<Elements>>,
    Outcome<Elements, Given<Or<Input, FirstInput<Elements>>, Current>>,
    LastName<Elements, Last>
  > {
    const added = elements.map((element, i) =>
      checkElement(element, `Element ${i + 1} of the timeline of "${this.name}"`),
    );
    return this.derive([...this.elements, ...added]);
  }

  /**
   * Decides after a step which arm is taken; the arms meet again before whatever comes next. The first case whose
   * condition holds wins, then `otherwise`; without one, what no case takes just goes on. The names are the ports
   * that graph and timeline show. A name among the step's own `ports`, or `error`, leads on from there instead.
   *
   *     .branch(fetchUser, { adult: when(on(fetchUser).age.gte(18), welcome), otherwise: askParent })
   */
  branch<Name extends string, Out, Ports, const Arms extends { [port: string]: Arm }>(
    after: Step<Name, never, Out, Ports>,
    arms: Arms & CheckedArms<Arms, Out, Ports, Name extends Last ? false : true>,
  ): Workflow<Input, Name extends Last ? BranchOutput<Arms, Out> : Current, Last> {
    const branch = branchOf(this.name, after, arms);
    const elements = insertAfter(this.elements, after.id, branch);
    if (elements === null)
      throw new DefinitionError(
        `branch(${after.id}, …) of "${this.name}" comes after a step that is not in it. Put the step into the timeline first.`,
      );
    return this.derive(elements);
  }

  /** What an execution returns, where that is not what its last step returned. */
  output<Result = unknown>(result: Template): Workflow<Input, Result, Last> {
    templateJson(result, `The output of "${this.name}"`);
    return new Workflow<Input, Result, Last>(this.name, this.options, this.elements, result);
  }

  /** The document that is published and stored. Throws one {@link DefinitionError} with everything that is wrong. */
  get definition(): Definition {
    return this.build().definition;
  }

  /** What validation thinks worth a thought. */
  get warnings(): readonly Finding[] {
    return this.build().warnings;
  }

  /** Every step in it, for a worker. */
  get steps(): readonly AnyStep[] {
    return this.build().steps;
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

  private build() {
    if (this.built !== undefined) return this.built;
    const { nodes, edges, end, steps } = compile(this.elements);
    const value = end.certain ? end.value : maybe(end.value);
    const output =
      this.result !== undefined
        ? templateJson(this.result, `The output of "${this.name}"`)
        : end.exits?.length === 0
          ? undefined
          : valueTemplate(value);
    const definition: Definition = {
      format: 1,
      name: this.name,
      ...templateOptions(this.options, this.name),
      nodes,
      edges,
      ...(output === undefined ? {} : { output }),
    };
    this.built = { definition, warnings: checkDefinition(definition), steps };
    return this.built;
  }

  private derive<I, C, L extends string>(elements: readonly Element[]): Workflow<I, C, L> {
    return new Workflow<I, C, L>(this.name, this.options, elements, this.result);
  }
}

/** Begins a workflow: `workflow("onboarding").timeline(fetchUser, welcome)`, or `workflow<Input>("onboarding")…`. */
export function workflow<Input = Unset>(name: string, options: WorkflowOptions = {}): Workflow<Input, Unset, never> {
  return new Workflow<Input, Unset, never>(name, options, [], undefined);
}

/** An arm that is taken if the condition holds; its elements run one after another. */
export function when<const Elements extends readonly Element[]>(
  condition: Parameters<typeof conditionText>[0] & (string | object),
  ...elements: Elements
): Case<FirstInput<Elements>, Outcome<Elements, unknown>> {
  return new Case(conditionText(condition, "The condition of when(…)"), pathOf(elements));
}

/** Elements one after another, where one is wanted: an arm without a condition, or a strand of a parallel group. */
export function path<const Elements extends readonly Element[]>(
  ...elements: Elements & Chain<Elements, unknown>
): Path<FirstInput<Elements>, Outcome<Elements, unknown>, LastName<Elements, never>> {
  return pathOf(elements);
}

function pathOf<In, Out, Name extends string>(elements: readonly unknown[]): Path<In, Out, Name> {
  if (elements.length === 0) throw new DefinitionError("A path needs at least one step.");
  return new Path<In, Out, Name>(elements.map((element, i) => checkElement(element, `Element ${i + 1} of the path`)));
}

function templateOptions(options: WorkflowOptions, name: string): Partial<Definition> {
  return templateJson(options, `The options of "${name}"`) as Partial<Definition>;
}
