/** The named outcomes of nodes. */
import type { Node } from "../../contract/definition";

export const DEFAULT_PORT = "success";
export const ERROR_PORT = "error";
export const OTHERWISE_PORT = "otherwise";

/** The port of an edge that names none, and of a step that ended well without choosing one. */
export function defaultPort({ type }: Pick<Node, "type">): string {
  if (type === "approval") return "approved";
  return type === "signal" ? "received" : DEFAULT_PORT;
}

/** The ports that a node may end on, `error` included where its type has it. */
export function portsOf(node: Node): string[] {
  switch (node.type) {
    case "task":
      return [DEFAULT_PORT, ...(node.ports ?? []), ERROR_PORT];
    case "choice":
      return [...new Set([...node.cases.map(({ port }) => port), OTHERWISE_PORT, ERROR_PORT])];
    case "approval":
      return ["approved", "rejected", "expired", ERROR_PORT];
    case "signal":
      return ["received", "expired", ERROR_PORT];
    case "sleep":
    case "transform":
    case "map":
    case "workflow":
    case "http":
      return [DEFAULT_PORT, ERROR_PORT];
    case "fail":
    case "succeed":
      return [];
  }
}
