/** One field of a node or of the workflow, set by its path; edges follow the outcomes that a node has by then. */
import { type Definition, type Edge, type Node, nodeSchema } from "../contract/definition";
import { draftDefinitionSchema } from "../contract/drafts";
import { isStorable, type JsonValue } from "../contract/json";
import { defaultPort, portsOf } from "../core/definition/ports";
import { type Edited, type EditorDocument, nodeOf, type Path, withGraph } from "./document";

/** These have edits of their own. */
const FIXED = new Set<string | number | undefined>(["id", "type"]);
const GRAPH = new Set<string | number | undefined>(["nodes", "edges", "name"]);

export function setInNode(document: EditorDocument, id: string, path: Path, value: JsonValue | undefined): Edited {
  const found = nodeOf(document.definition, id);
  if (found === null) return { refused: `There is no node ${id} any more.` };
  if (path.length === 0 || FIXED.has(path[0]))
    return { refused: "The id and the type of a node are not set like that." };
  if (value !== undefined && !isStorable(value)) return { refused: "That text cannot be stored." };
  const parsed = nodeSchema.safeParse(valueSet(found.node, path, value));
  if (!parsed.success) return { refused: refusalOf(parsed.error.issues) };
  const node = valueSet(found.node, path, value) as Node;
  const definition = withGraph(document.definition, found.scope, (graph) => ({
    nodes: graph.nodes.map((each) => (each.id === id ? node : each)),
    edges: edgesOf(graph.edges, found.node, node, path),
  }));
  return { document: { ...document, definition }, made: [] };
}

export function setInWorkflow(document: EditorDocument, path: Path, value: JsonValue | undefined): Edited {
  if (path.length === 0 || GRAPH.has(path[0])) return { refused: "That is no setting of the workflow." };
  if (value !== undefined && !isStorable(value)) return { refused: "That text cannot be stored." };
  const definition = valueSet(document.definition, path, value) as Definition;
  const parsed = draftDefinitionSchema.safeParse({ ...definition, nodes: [], edges: [] });
  if (!parsed.success) return { refused: refusalOf(parsed.error.issues) };
  return { document: { ...document, definition }, made: [] };
}

function refusalOf([issue]: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[]): string {
  return issue === undefined ? "It cannot have that value." : `${issue.path.map(String).join(".")}: ${issue.message}`;
}

/** What the path leads to, set or taken out; what is then empty around it goes too, unless it is the field itself. */
function valueSet(target: unknown, [key, ...rest]: Path, value: JsonValue | undefined): unknown {
  if (key === undefined) return value;
  if (Array.isArray(target)) {
    const next = valueSet(target[Number(key)], rest, value);
    if (next === undefined) return target.filter((_, i) => i !== Number(key));
    return Object.assign([...target], { [Number(key)]: next });
  }
  const members = (typeof target === "object" && target !== null ? target : {}) as { [name: string]: unknown };
  const next = valueSet(members[key], rest, value);
  if (next === undefined || (value === undefined && isEmpty(next))) {
    const { [key]: _, ...others } = members;
    return others;
  }
  return { ...members, [key]: next };
}

function isEmpty(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value) && Object.keys(value).length === 0;
}

/** An outcome that got another name takes its edges along; one that is gone loses them. */
function edgesOf(edges: readonly Edge[], before: Node, after: Node, path: Path): readonly Edge[] {
  const had = portsOf(before);
  const has = new Set(portsOf(after));
  if (had.every((port) => has.has(port))) return edges;
  const renamed = renamedPort(before, after, path);
  return edges.flatMap((edge) => {
    if (edge.from !== after.id) return [edge];
    const port = edge.port ?? defaultPort(before);
    if (has.has(port) || !had.includes(port)) return [edge];
    return renamed?.from === port ? [{ ...edge, port: renamed.to }] : [];
  });
}

/** The outcome that was renamed, where setting this path did that. */
function renamedPort(before: Node, after: Node, path: Path): { from: string; to: string } | null {
  const from = namedAt(before, path);
  const to = namedAt(after, path);
  return from === null || to === null || from === to ? null : { from, to };
}

function namedAt(node: Node, [field, position, member]: Path): string | null {
  if (node.type === "choice" && field === "cases" && member === "port")
    return node.cases[Number(position)]?.port ?? null;
  return node.type === "task" && field === "ports" ? (node.ports?.[Number(position)] ?? null) : null;
}
