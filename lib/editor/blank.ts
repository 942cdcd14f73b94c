/** What a node of each type is before anybody wrote anything into it: of the right shape, and as short as it can be. */
import type { Definition, Node, NodeType } from "../contract/definition";
import type { EditorDocument } from "./document";

export function blankNode(type: NodeType, id: string): Node {
  switch (type) {
    case "task":
      return { id, type, task: id };
    case "choice":
      return { id, type, cases: [{ port: "yes", when: "true" }] };
    case "sleep":
      return { id, type, duration: "1h" };
    case "approval":
      return { id, type, title: "Please decide", timeout: "7d" };
    case "signal":
      return { id, type, signal: id, timeout: "7d" };
    case "map":
      return { id, type, items: [], body: { task: `${id}_item` } };
    case "workflow":
      return { id, type, workflow: id };
    case "transform":
      return { id, type, value: {} };
    case "http":
      return { id, type, request: { url: "https://example.com" } };
    case "fail":
      return { id, type, code: "FAILED" };
    case "succeed":
      return { id, type };
  }
}

/** Its format is written down, as the SDK does: the same workflow drawn or coded has the same bytes. */
export function blankDocument(name: string): EditorDocument {
  const definition: Definition = { format: 1, name, nodes: [], edges: [] };
  return { definition, layout: {} };
}
