/** What a JSON pointer into a definition is about: a node, an edge or the workflow, and which field of it. */
import type { Definition, Edge } from "../../contract/definition";
import { bodyOf, type EdgeRef, type Graph, type Path, refOf, type Scope } from "../document";

export type FieldPlace =
  /** Of what lies in a map's body the node there; of a body that is one task the map. */
  | { readonly kind: "node"; readonly node: string; readonly path: Path }
  | {
      readonly kind: "edge";
      readonly scope: Scope;
      readonly edge: EdgeRef;
      readonly written: Edge;
      readonly path: Path;
    }
  | { readonly kind: "workflow"; readonly path: Path };

/** Null: there is nothing there (any more). */
export function placeAt(definition: Definition, pointer: string): FieldPlace | null {
  return inGraph(definition, null, pointer.split("/").slice(1).map(unescaped));
}

function inGraph(graph: Graph, scope: Scope, path: readonly string[]): FieldPlace | null {
  const [list, position, ...rest] = path;
  if (list === "nodes" && position !== undefined) {
    const node = graph.nodes[Number(position)];
    if (node === undefined) return null;
    const body = rest[0] === "body" ? bodyOf(node) : null;
    const inner = body && (rest[1] === "nodes" || rest[1] === "edges") ? inGraph(body, node.id, rest.slice(1)) : null;
    return inner?.kind === "node" || inner?.kind === "edge"
      ? inner
      : { kind: "node", node: node.id, path: rest.map(keyOf) };
  }
  if (list === "edges" && position !== undefined) {
    const written = graph.edges[Number(position)];
    if (written === undefined) return null;
    return { kind: "edge", scope, edge: refOf(written, graph), written, path: rest.map(keyOf) };
  }
  return { kind: "workflow", path: path.map(keyOf) };
}

function unescaped(segment: string): string {
  return segment.replaceAll("~1", "/").replaceAll("~0", "~");
}

/** As paths of edits have it: positions are numbers. A member of an object whose name is a number is found by it all the same. */
function keyOf(segment: string): string | number {
  return /^(?:0|[1-9]\d{0,8})$/.test(segment) ? Number(segment) : segment;
}

/** As it stands in a JSON pointer, and in the page at the field. */
export function pointerOf(path: Path): string {
  return path.map((key) => `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}
