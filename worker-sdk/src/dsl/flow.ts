/** A workflow as data: what a timeline is made of, how it grows, and the document that it stands for. */
import { DefinitionError } from "../errors";
import type { Definition, Duration, RetryPolicy, TaskTimeout } from "../types/definition";
import { Absent } from "./absent";
import { type Arrangement, arranged } from "./arrange";
import { branchOf, insertAfter } from "./branch";
import { checkElement } from "./check-element";
import { type Compiled, compile } from "./compile";
import type { Element } from "./elements";
import { defined, type GraphNode } from "./graph-node";
import type { JsonSchema } from "./json-schema";
import { type Template, templateJson } from "./template";

export interface WorkflowOptions {
  description?: string;
  /** JSON Schema of the input: what breaks it is refused at the start with `INVALID_INPUT`. */
  inputSchema?: JsonSchema;
  /** For every step that says nothing else. */
  defaults?: { queue?: string; retry?: RetryPolicy; timeout?: TaskTimeout };
  /** Of the whole execution, from its start. */
  timeout?: Duration;
  /** `absent`: the document does not say that it is of format 1, which it is all the same. */
  format?: Absent;
}

export interface Flow {
  readonly name: string;
  readonly options: WorkflowOptions;
  readonly elements: readonly Element[];
  /** What `output` said. */
  readonly result: Template | Absent | undefined;
  readonly arrangement: Arrangement | undefined;
}

export function flowOf(name: string, options: WorkflowOptions): Flow {
  return { name, options, elements: [], result: undefined, arrangement: undefined };
}

export function withElements(flow: Flow, elements: readonly unknown[]): Flow {
  const added = elements.map((element, i) =>
    checkElement(element, `Element ${i + 1} of the timeline of "${flow.name}"`),
  );
  return { ...flow, elements: [...flow.elements, ...added] };
}

export function withBranch(flow: Flow, word: "branch" | "diverge", after: GraphNode, arms: object): Flow {
  const branch = branchOf({ word, after, workflow: flow.name }, arms);
  const elements = insertAfter(flow.elements, after.id, branch);
  if (elements !== null) return { ...flow, elements };
  throw new DefinitionError(
    `${word}(${after.id}, …) of "${flow.name}" comes after a step that is not in it. Put the step into the timeline first.`,
  );
}

export function withOutput(flow: Flow, result: Template | Absent): Flow {
  if (!(result instanceof Absent)) templateJson(result, `The output of "${flow.name}"`);
  return { ...flow, result };
}

export function withArrangement(flow: Flow, nodes: readonly string[], edges: readonly string[]): Flow {
  return { ...flow, arrangement: { nodes, edges } };
}

/** The document, and what was found while it was put together; nothing in it is validated yet. */
export function documentOf({ name, options, elements, result, arrangement }: Flow): Compiled & {
  definition: Definition;
} {
  const compiled = compile({ elements, ...(result !== undefined && { output: result }) }, `"${name}"`);
  const { nodes, edges } = arrangement === undefined ? compiled : arranged(compiled, arrangement);
  const { format, ...described } = options;
  const settings = templateJson(described, `The options of "${name}"`) as Partial<Definition>;
  const version = format instanceof Absent ? {} : { format: 1 };
  const definition: Definition = defined({ ...version, name, ...settings, nodes, edges, output: compiled.output });
  return { ...compiled, definition };
}
