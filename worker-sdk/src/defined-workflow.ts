/** A workflow made from a definition as it stands: what the editor drew, with handlers to run it. */
import type { AnyWorkflow } from "./any-workflow";
import type { JsonSchema, SchemaValue } from "./dsl/json-schema";
import { Step } from "./dsl/step";
import type { StepContext } from "./dsl/step-context";
import { DefinitionError } from "./errors";
import { type ExecuteOptions, execute, start } from "./execute";
import type { ExecutionHandle } from "./execution-handle";
import type { Definition, Finding, MapGraph, Node } from "./types/definition";
import { checkDefinition } from "./validate";

/** A definition as the compiler sees it, whether it was written in place or imported from a JSON file. */
export interface DefinitionLike {
  readonly name: string;
  readonly inputSchema?: JsonSchema;
  readonly nodes: readonly { readonly id: string; readonly type: string }[];
  readonly edges: readonly { readonly from: string; readonly to: string }[];
}

/** A method, so that it may say what it takes: `(order: Order) => …`. */
interface Handling {
  handle(input: unknown, ctx: StepContext): unknown;
}

type TasksOfNode<N> =
  | (N extends { type: "task"; task: infer Task } ? Task : never)
  | (N extends { compensate: { task: infer Task } } ? Task : never)
  | (N extends { type: "map"; body: infer Body } ? TasksOfBody<Body> : never);
type TasksOfBody<Body> = Body extends { nodes: readonly (infer N)[] }
  ? TasksOfNode<N>
  : TasksOfNode<Body & { type: "task" }>;

/** The tasks that a definition asks workers for; any name, where the compiler knows none. */
export type TasksOf<D extends DefinitionLike> = Extract<TasksOfNode<D["nodes"][number]>, string>;

export interface DefinedOptions<D extends DefinitionLike> {
  /** By task: its handler. */
  steps: { readonly [Task in TasksOf<D>]: Handling["handle"] };
  /** The workflows that it starts, as far as they are to run with it. */
  children?: readonly AnyWorkflow[];
}

type InputOfDefinition<D> = D extends { inputSchema: infer Schema } ? SchemaValue<Schema> : unknown;

export class DefinedWorkflow<Input = unknown> implements AnyWorkflow {
  /** Only for the compiler. */
  declare readonly types?: { accepts: (input: Input) => void; out: unknown };
  readonly name: string;
  readonly steps: readonly Step<string, never, unknown>[];
  private found: Finding[] | undefined;

  constructor(
    private readonly document: Definition,
    handlers: { readonly [task: string]: Handling["handle"] },
    readonly children: readonly AnyWorkflow[],
  ) {
    this.name = document.name;
    this.steps = stepsOf(document, handlers);
  }

  /** The document that was given. Throws one {@link DefinitionError} with everything that is wrong. */
  get definition(): Definition {
    this.found ??= checkDefinition(this.document, [], []);
    return this.document;
  }

  /** What validation thinks worth a thought. */
  get warnings(): readonly Finding[] {
    this.found ??= checkDefinition(this.document, [], []);
    return this.found;
  }

  /** As `workflow.execute`; what it returns is named by whoever knows: `execute<Receipt>(order)`. */
  execute<Output = unknown>(input: Input, options: ExecuteOptions = {}): Promise<Output> {
    return execute(this, input, options) as Promise<Output>;
  }

  /** As `workflow.start`. */
  start<Output = unknown>(input: Input, options: ExecuteOptions = {}): Promise<ExecutionHandle<Output>> {
    return start(this, input, options) as Promise<ExecutionHandle<Output>>;
  }
}

/**
 * A workflow from its definition and a handler for each of its tasks, those of maps and compensations included. It runs
 * here and on a server, is served by workers and published, all as a `workflow` is, and what is published is the document
 * itself, not changed by a byte:
 *
 *     const order = fromDefinition(
 *       { format: 1, name: "order", nodes: [{ id: "charge", type: "task", task: "charge" }], edges: [] },
 *       { steps: { charge: async ({ input }: { input: Order }, ctx) => pay(input, ctx.idempotencyKey) } },
 *     );
 *
 * Written in place, a task without a handler is a compile error, and the input is typed by `inputSchema`.
 *
 * @throws DefinitionError for a task without a handler, and a handler without a task.
 */
export function fromDefinition<const D extends DefinitionLike>(
  definition: D,
  { steps, children = [] }: DefinedOptions<D>,
): DefinedWorkflow<InputOfDefinition<D>> {
  // A copy, as it will be sent: what becomes of the given object later changes nothing.
  const document: Definition = JSON.parse(JSON.stringify(definition));
  return new DefinedWorkflow(document, steps, children);
}

function stepsOf(
  { name, nodes }: Definition,
  handlers: { readonly [task: string]: Handling["handle"] },
): Step<string, never, unknown>[] {
  const tasks = new Set(nodes.flatMap(tasksOf));
  const missing = [...tasks].filter((task) => !Object.hasOwn(handlers, task));
  const extra = Object.keys(handlers).filter((task) => !tasks.has(task));
  if (missing.length > 0)
    throw new DefinitionError(`"${name}" needs a handler of ${quoted(missing)}: steps: { … } by the names of tasks.`);
  if (extra.length > 0)
    throw new DefinitionError(`"${name}" has no task ${quoted(extra)}. Remove it, or correct its name.`);
  return Object.entries(handlers).map(([task, handler]) => new Step(task, task, handler, {}));
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(", ");
}

function tasksOf(node: Node): string[] {
  if (node.type === "task") return tasksOfTask(node);
  if (node.type !== "map") return [];
  return isGraph(node.body) ? node.body.nodes.flatMap(tasksOf) : tasksOfTask(node.body);
}

function isGraph(body: object): body is MapGraph {
  return "nodes" in body;
}

function tasksOfTask({ task, compensate }: { task: string; compensate?: { task: string } }): string[] {
  return compensate === undefined ? [task] : [task, compensate.task];
}
