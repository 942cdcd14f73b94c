/** The outcomes that people name themselves: the cases of a choice, and what else a task's handler may choose. */
import type { Node } from "../contract/definition";
import type { Path } from "./document";

/** The outcome that was renamed, where setting this path did that. */
export function renamedPort(before: Node, after: Node, path: Path): { from: string; to: string } | null {
  const from = namedAt(before, path);
  const to = namedAt(after, path);
  return from === null || to === null || from === to ? null : { from, to };
}

function namedAt(node: Node, [field, position, member]: Path): string | null {
  if (node.type === "choice" && field === "cases" && member === "port")
    return node.cases[Number(position)]?.port ?? null;
  return node.type === "task" && field === "ports" ? (node.ports?.[Number(position)] ?? null) : null;
}
