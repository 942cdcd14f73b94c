/**
 * Answers that nobody gave: from a schema where one is known, else guessed from what the workflow itself reads of them. Of
 * `steps.fetch.output.age >= 18` it follows that `fetch` gives an object with an `age`, and that 18 is worth a try.
 */
import type { Definition } from "../../contract/definition";
import type { JsonValue } from "../../contract/json";
import { templateFields, UNTIL_FIELD } from "../../core/definition/fields";
import { type CompiledGraph, type CompiledNode, compileGraph } from "../../core/definition/graph";
import type { Path } from "../../core/expressions/references";
import { compileTemplate } from "../../core/expressions/template";
import type { AnswerSource } from "./answers";
import { exampleOf } from "./example";

/** What is known of a value by how it is read. */
interface Shape {
  readonly members: Map<string, Shape>;
  /** Of a list's elements. */
  element: Shape | null;
  /** What it was compared with. */
  literal: JsonValue | undefined;
  isNumber: boolean;
}

const newShape = (): Shape => ({ members: new Map(), element: null, literal: undefined, isNumber: false });

interface Shapes {
  readonly input: Shape;
  /** Of outputs, by node id. */
  readonly outputs: Map<string, Shape>;
  /** Of items, by the scope of the map's body. */
  readonly items: Map<number, Shape>;
}

/** @param definition without errors */
export function exampleAnswers(definition: Definition): AnswerSource {
  const { outputs } = shapesOf(definition);
  const outputOf = (node: string) => outputs.get(node.split("/").at(-1) ?? node);
  return {
    task: ({ kind, node }) => {
      if (kind === "compensation") return { output: null };
      const shape = outputOf(node);
      if (kind !== "http") return { output: shape === undefined ? null : exampleFor(shape, node) };
      const body = shape?.members.get("body");
      return { output: { status: 200, headers: {}, body: body === undefined ? null : exampleFor(body, "body") } };
    },
    approval: ({ form }) => ({ decision: "approved", ...(form === null ? {} : { data: exampleOf(form) }) }),
    child: ({ node }) => {
      const shape = outputOf(node);
      return { output: shape === undefined ? null : exampleFor(shape, node) };
    },
  };
}

/** @param definition without errors */
export function exampleInput(definition: Definition): JsonValue {
  if (definition.inputSchema !== undefined) return exampleOf(definition.inputSchema);
  const { input } = shapesOf(definition);
  return input.members.size === 0 && input.element === null ? null : exampleFor(input, "input");
}

function shapesOf(definition: Definition): Shapes {
  const graph = compileGraph(definition);
  const shapes: Shapes = { input: newShape(), outputs: new Map(), items: new Map() };
  for (const node of graph.nodes) {
    for (const { field, source } of templateFields(node.definition)) readAll(shapes, graph, node, field, source);
    for (const { carry } of node.loopEdges) if (carry !== undefined) readAll(shapes, graph, node, "carry", carry);
  }
  for (const { output, map } of graph.scopes) {
    const node = map === null ? undefined : graph.nodes[map];
    if (output !== undefined) readAll(shapes, graph, node, "output", output);
  }
  for (const node of graph.nodes) noteItems(shapes, graph, node);
  return shapes;
}

function readAll(
  shapes: Shapes,
  graph: CompiledGraph,
  node: CompiledNode | undefined,
  field: string,
  template: JsonValue,
): void {
  for (const { compiled, source } of compileTemplate(template).expressions) {
    if ("fault" in compiled) continue;
    for (const path of compiled.references.paths) {
      const shape = shapeAt(shapes, graph, node, field, path);
      if (shape !== null) compare(shape, source, path);
    }
  }
}

/** Null: of no answer. */
function shapeAt(
  shapes: Shapes,
  graph: CompiledGraph,
  node: CompiledNode | undefined,
  field: string,
  { root, segments }: Path,
): Shape | null {
  if (root === "input") return within(shapes.input, segments);
  if (root === "output") {
    if (node === undefined || field !== UNTIL_FIELD) return null;
    return within(keyed(shapes.outputs, node.id), segments);
  }
  if (root === "item") {
    const scope = node === undefined ? 0 : field === "output" && node.body !== null ? node.body : node.scope;
    return scope === 0 ? null : within(keyed(shapes.items, scope), segments);
  }
  const [id, of, ...rest] = segments;
  if (root !== "steps" || of !== "output" || typeof id !== "string") return null;
  return graph.nodes.some((other) => other.id === id) ? within(keyed(shapes.outputs, id), rest) : null;
}

function keyed<K>(shapes: Map<K, Shape>, key: K): Shape {
  const shape = shapes.get(key) ?? newShape();
  shapes.set(key, shape);
  return shape;
}

function within(shape: Shape, segments: readonly (string | number)[]): Shape {
  return segments.reduce((at, segment) => {
    if (typeof segment === "string") return keyed(at.members, segment);
    at.element ??= newShape();
    return at.element;
  }, shape);
}

/** What a map goes through is a list; what its body reads of `item` is known of the elements. */
function noteItems(shapes: Shapes, graph: CompiledGraph, node: CompiledNode): void {
  const { definition, body } = node;
  if (definition.type !== "map" || body === null || typeof definition.items !== "string") return;
  const [expression] = compileTemplate(definition.items).expressions;
  if (expression === undefined || "fault" in expression.compiled) return;
  const [path] = expression.compiled.references.paths;
  if (path === undefined || path.text !== expression.source.trim()) return;
  const list = shapeAt(shapes, graph, node, "items", path);
  if (list !== null) list.element = shapes.items.get(body) ?? list.element ?? newShape();
}

const COMPARED = /^\s*(==|!=|>=|<=|>|<)\s*("[^"\\]*"|'[^'\\]*'|-?\d+(?:\.\d+)?|true|false)/;
const ARITHMETIC = /^\s*(?:[-*/%<>]|\+\s*[-\d])/;

function compare(shape: Shape, source: string, { text, position }: Path): void {
  if (!source.startsWith(text, position)) return;
  const after = source.slice(position + text.length);
  const [, operator, literal] = COMPARED.exec(after) ?? [];
  if (operator !== undefined && literal !== undefined) shape.literal ??= fitting(operator, literal);
  else if (ARITHMETIC.test(after)) shape.isNumber = true;
}

/** A value for which the comparison holds. */
function fitting(operator: string, literal: string): JsonValue {
  const quoted = /^["'](.*)["']$/.exec(literal);
  if (quoted !== null) return operator === "!=" ? `not ${quoted[1]}` : (quoted[1] ?? "");
  if (literal === "true" || literal === "false") return (literal === "true") === (operator !== "!=");
  const number = Number(literal);
  if (operator === ">" || operator === "!=") return number + 1;
  return operator === "<" ? number - 1 : number;
}

function exampleFor({ members, element, literal, isNumber }: Shape, name: string): JsonValue {
  if (members.size > 0)
    return Object.fromEntries([...members].map(([member, shape]) => [member, exampleFor(shape, member)]));
  if (element !== null) return [exampleFor(element, name), exampleFor(element, name)];
  if (literal !== undefined) return literal;
  return isNumber ? 1 : byName(name);
}

const NAMED: readonly (readonly [RegExp, JsonValue])[] = [
  [/e-?mail/i, "ada@example.com"],
  [/(^|_)(is|has)(_|[A-Z])|^(ok|done|valid|enabled|active|approved)$/, true],
  [/(^|_)(age|amount|count|total|price|number|size|quantity|qty|score)$|(Amount|Count|Total|Price|Number|Size)$/i, 1],
  [/(_at|At|date|Date)$/, "2025-01-01T00:00:00.000Z"],
  [/(^|_)ur[il]$|Ur[il]$/i, "https://example.com"],
  [/(items|lines|list|rows|orders|users)$/i, []],
];

function byName(name: string): JsonValue {
  return NAMED.find(([pattern]) => pattern.test(name))?.[1] ?? "example";
}
