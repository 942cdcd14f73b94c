/** A node under another name: edges, expressions, rethrows and its place follow, wherever they are. */
import { type Definition, type Node, nameSchema } from "../contract/definition";
import type { JsonValue } from "../contract/json";
import { templateFields } from "../core/definition/fields";
import { compileExpression } from "../core/expressions/expression";
import { type Edited, type EditorDocument, everyGraph, everyId, type Graph, mapped } from "./document";
import { renamedPlaces } from "./places";

export function renameNode(document: EditorDocument, from: string, to: string): Edited {
  if (from === to) return { document, made: [from] };
  const ids = everyId(document.definition);
  if (!ids.has(from)) return { refused: `There is no node ${from} any more.` };
  if (ids.has(to)) return { refused: `There is a node called ${to} already.` };
  const parsed = nameSchema.safeParse(to);
  if (!parsed.success) return { refused: parsed.error.issues[0]?.message ?? "That is no name." };
  return {
    document: {
      definition: withRenamed(document.definition, new Map([[from, to]])),
      layout: renamedPlaces(document.layout, from, to),
    },
    made: [to],
  };
}

/** By old id the new one; all at once. */
type Names = ReadonlyMap<string, string>;

function withRenamed(definition: Definition, names: Names): Definition {
  const renamed = everyGraph(definition, (graph) => renamedGraph(graph, names));
  const { output } = renamed;
  return output === undefined ? renamed : { ...renamed, output: renamedTemplate(output, names) };
}

export function renamedGraph({ nodes, edges }: Graph, names: Names): Graph {
  return {
    nodes: mapped(nodes, (node) => renamedNode(node, names)),
    edges: mapped(edges, (edge) => {
      const from = names.get(edge.from) ?? edge.from;
      const to = names.get(edge.to) ?? edge.to;
      const carry = edge.loop?.carry;
      const next = carry === undefined ? carry : renamedTemplate(carry, names);
      if (from === edge.from && to === edge.to && next === carry) return edge;
      return { ...edge, from, to, ...(edge.loop && next !== undefined ? { loop: { ...edge.loop, carry: next } } : {}) };
    }),
  };
}

/** What lies in a body is renamed as a graph of its own; here only what the node itself says. */
function renamedNode(node: Node, names: Names): Node {
  let next: Node = node;
  for (const { field, source } of templateFields(node)) {
    const isBare = isExpressionField(node, field);
    const text = renamedTemplate(source, names);
    if (text === source) continue;
    next = withField(next, field.split("/"), isBare ? (text as string).slice(1) : text) as Node;
  }
  if (next.type === "map") next = renamedBody(next, names);
  if (next.type === "fail" && next.rethrow !== undefined && names.has(next.rethrow))
    next = { ...next, rethrow: names.get(next.rethrow) ?? next.rethrow };
  const id = names.get(next.id);
  return id === undefined ? next : { ...next, id };
}

function renamedBody(map: Extract<Node, { type: "map" }>, names: Names): Node {
  const { body } = map;
  if ("nodes" in body) {
    if (body.output === undefined) return map;
    const output = renamedTemplate(body.output, names);
    return output === body.output ? map : { ...map, body: { ...body, output } };
  }
  const {
    id: _,
    type: __,
    ...task
  } = renamedNode(
    { id: map.id, type: "task", ...body },
    new Map([...names].filter(([id]) => id !== map.id)),
  ) as Extract<Node, { type: "task" }>;
  return { ...map, body: task };
}

/** These are expressions without a `=` before them; `templateFields` puts one there. */
function isExpressionField({ type }: Node, field: string): boolean {
  return (type === "choice" && field.endsWith("/when")) || (type === "task" && field === "poll/until");
}

function withField(target: unknown, [key = "", ...rest]: readonly string[], value: JsonValue): unknown {
  const next = (member: unknown) => (rest.length === 0 ? value : withField(member, rest, value));
  if (Array.isArray(target)) return target.map((member, i) => (i === Number(key) ? next(member) : member));
  const members = target as { [name: string]: unknown };
  return { ...members, [key]: next(members[key]) };
}

function renamedTemplate(source: JsonValue, names: Names): JsonValue {
  if (typeof source === "string")
    return source.startsWith("=") && !source.startsWith("==") ? `=${renamedText(source.slice(1), names)}` : source;
  if (source === null || typeof source !== "object") return source;
  if (Array.isArray(source)) {
    const next = mapped(source, (each) => renamedTemplate(each, names));
    return next === source ? source : [...next];
  }
  const members = Object.entries(source).map(([key, each]) => [key, each, renamedTemplate(each, names)] as const);
  return members.every(([, before, after]) => before === after)
    ? source
    : Object.fromEntries(members.map(([key, , after]) => [key, after]));
}

/** How a step stands in an expression: by a dot, or in brackets where its id is no identifier. */
const STEP = /^steps\s*(?:\.\s*([A-Za-z_][A-Za-z0-9_]*)|\[\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\s*\])/;
const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** An expression that does not parse stays as it is: nobody can tell what it names. */
export function renamedText(source: string, names: Names): string {
  const compiled = compileExpression(source);
  if ("fault" in compiled) return source;
  const places = compiled.references.paths
    .filter(({ root, segments }) => root === "steps" && typeof segments[0] === "string" && names.has(segments[0]))
    .map(({ position, segments }) => ({ position, to: names.get(String(segments[0])) ?? "" }))
    .sort((a, b) => b.position - a.position);
  return places.reduce((text, { position, to }) => {
    const written = STEP.exec(text.slice(position))?.[0];
    if (written === undefined) return text;
    const name = IDENTIFIER.test(to) ? `steps.${to}` : `steps[${JSON.stringify(to)}]`;
    return text.slice(0, position) + name + text.slice(position + written.length);
  }, source);
}
