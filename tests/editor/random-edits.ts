/** Edits as anybody might make them, drawn for the document at hand: most can be done, some are refused. */
import fc from "fast-check";
import type { Node, NodeType } from "@/lib/contract/definition";
import type { JsonValue } from "@/lib/contract/json";
import { portsOf } from "@/lib/core/definition/ports";
import { blankNode } from "@/lib/editor/blank";
import { clipOf } from "@/lib/editor/clipboard";
import {
  bodyOf,
  type EditorDocument,
  everyId,
  freshId,
  graphsOf,
  type Path,
  refOf,
  type Scope,
} from "@/lib/editor/document";
import type { Edit } from "@/lib/editor/edits";

const TYPES: readonly NodeType[] = [
  "task",
  "choice",
  "sleep",
  "approval",
  "signal",
  "map",
  "workflow",
  "transform",
  "http",
  "fail",
  "succeed",
];

/** What to draw an edit from: numbers, each taken modulo what there is to choose. */
export interface Draw {
  readonly kind: number;
  readonly graph: number;
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly text: string;
  readonly value: JsonValue | undefined;
}

// Without a bias to small numbers: those would draw the same few edits of the same few nodes.
const small = fc.noBias(fc.nat(10_000));
export const draws: fc.Arbitrary<Draw[]> = fc.array(
  fc.record({
    kind: small,
    graph: small,
    a: small,
    b: small,
    c: small,
    text: fc.oneof(fc.constantFrom("fetch", "=steps.task.output", "=input.age > 3", "2h", "a b", ""), fc.string()),
    value: fc.option(fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<JsonValue>, { nil: undefined }),
  }),
  { minLength: 5, maxLength: 60, size: "max" },
);

const FIELDS: readonly Path[] = [
  ["input"],
  ["input", "user"],
  ["task"],
  ["retry", "maxAttempts"],
  ["timeout", "attempt"],
  ["timeout"],
  ["ports"],
  ["ports", 0],
  ["cases", 0, "port"],
  ["cases", 0, "when"],
  ["cases", 1],
  ["duration"],
  ["join"],
  ["items"],
  ["body"],
  ["poll"],
  ["title"],
  ["value"],
  ["output"],
  ["compensate"],
];

export function editFrom(document: EditorDocument, draw: Draw): Edit {
  const graphs = graphsOf(document.definition);
  const { scope, graph } = at(graphs, draw.graph);
  const ids = graph.nodes.map(({ id }) => id);
  const type = at(TYPES, draw.a);
  const id = freshId(everyId(document.definition), type);
  const first = ids.length === 0 ? "nobody" : at(ids, draw.a);
  const second = ids.length === 0 ? "nobody" : at(ids, draw.b);
  const source = graph.nodes.find((node) => node.id === first);
  const port = at([...(source ? portsOf(source) : []), "elsewhere"], draw.c);
  const edges = graph.edges.map((edge) => refOf(edge, graph));
  const edge = edges.length === 0 ? { from: first, port, to: second } : at(edges, draw.a);
  const ref = { from: first, port, to: second };
  const field = at(FIELDS, draw.b);
  const point = { x: draw.a - draw.b, y: draw.c };
  const edits: readonly (() => Edit)[] = [
    () => ({ type: "add-node", scope, node: blankNode(type, id) }),
    () => ({ type: "add-node", scope, node: blankNode(type, id), after: { node: first, port }, at: point }),
    () => ({ type: "add-node", scope, node: blankNode(type, id), before: second }),
    () => ({ type: "insert-node", scope, edge, node: blankNode(type, id) }),
    () => ({ type: "remove", nodes: [first], edges: [], heal: draw.c % 2 === 0 }),
    () => ({ type: "remove", nodes: [first, second], edges: [{ scope, edge }], comments: ["note"] }),
    () => ({ type: "rename-node", node: first, to: draw.c % 3 === 0 ? draw.text : `${type}.${draw.c}` }),
    () => ({ type: "set-node", node: first, path: field, ...(draw.value === undefined ? {} : { value: draw.value }) }),
    () => ({ type: "set-node", node: first, path: field, value: draw.text }),
    () => ({ type: "set-node", node: first, path: ["cases", draw.c % 3], value: { port: `p${draw.b}`, when: "true" } }),
    () => ({
      type: "set-workflow",
      path: at([["description"], ["output"], ["timeout"], ["defaults", "queue"]], draw.a),
      value: draw.text,
    }),
    () => ({ type: "unfold-body", node: first }),
    () => ({ type: "add-node", scope, node: mapOf(document, id) }),
    () => ({ type: "add-node", scope, node: mapOf(document, id) }),
    () => ({ type: "connect", scope, edge: ref }),
    () => ({ type: "connect", scope, edge: ref }),
    () => ({ type: "reconnect", scope, edge, to: ref }),
    () => ({ type: "set-loop", scope, edge, loop: draw.c % 2 === 0 ? null : { maxIterations: draw.c } }),
    () => pasted(document, scope, new Set([first, second]), at(graphs, draw.c).scope),
    () => ({ type: "move", places: { [first]: point, nobody: point } }),
    () => ({ type: "tidy" }),
    () => ({ type: "replace", definition: { ...document.definition, description: draw.text } }),
    () => ({
      type: "all",
      edits: [
        { type: "set-workflow", path: ["description"], value: draw.text },
        { type: "connect", scope, edge: ref },
        { type: "set-node", node: first, path: field, value: draw.text },
      ],
    }),
    () => ({ type: "tidy", nodes: [first] }),
    () => ({ type: "fold", node: first, folded: draw.c % 2 === 0 }),
    () => ({ type: "add-comment", comment: { id: "note", text: draw.text, ...point, width: 100, height: 80 } }),
    () => ({ type: "set-comment", comment: "note", change: { text: draw.text } }),
  ];
  return at(edits, draw.kind)();
}

/** A map with a graph in it. */
function mapOf({ definition }: EditorDocument, id: string): Node {
  const inner = freshId(new Set([...everyId(definition), id]), "task");
  return { id, type: "map", items: "=input.items", body: { nodes: [blankNode("task", inner)], edges: [] } };
}

function pasted(document: EditorDocument, from: Scope, ids: ReadonlySet<string>, to: Scope): Edit {
  const clip = clipOf(document, from, ids);
  return clip === null ? { type: "tidy" } : { type: "paste", scope: to, clip, at: { x: 40, y: 40 } };
}

function at<T>(list: readonly T[], number: number): T {
  const item = list[number % list.length];
  if (item === undefined) throw new Error("There is nothing to choose from");
  return item;
}

/** How many graphs there are at most inside each other: so that a test can see that it came to nested ones. */
export function depthOf(document: EditorDocument): number {
  const deep = (nodes: readonly EditorDocument["definition"]["nodes"][number][]): number =>
    Math.max(0, ...nodes.map((node) => 1 + deep(bodyOf(node)?.nodes ?? [])));
  return deep(document.definition.nodes);
}
