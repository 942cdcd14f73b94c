/** What a definition says in all of its places: its nodes, its tasks, and what its expressions read. */
import type { Definition, Node } from "../../contract/definition";
import type { Shapes } from "./shapes";
import { isExpression } from "./spoken";
import { equalities, wordsOf } from "./words";

/** The node, and those of its body. */
export function withInner(node: Node): Node[] {
  return [node, ...(node.type === "map" && "nodes" in node.body ? node.body.nodes.flatMap(withInner) : [])];
}

/** How often each task is asked for, compensations included. */
export function countTasks(nodes: readonly Node[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const node of nodes) {
    const task = node.type === "task" ? node : node.type === "map" && !("nodes" in node.body) ? node.body : null;
    for (const each of [task?.task, task?.compensate?.task])
      if (each !== undefined) counts.set(each, (counts.get(each) ?? 0) + 1);
  }
  return counts;
}

/** What all of its expressions read. */
export function readExpressions(definition: Definition, nodes: readonly Node[], shapes: Shapes): void {
  const read = (value: unknown): void => {
    if (typeof value === "string" && isExpression(value)) shapes.readWords(wordsOf(value.slice(1)));
    else if (typeof value === "object" && value !== null) Object.values(value).forEach(read);
  };
  const { nodes: _, ...rest } = definition;
  read(rest);
  for (const node of nodes) {
    read(node.type === "map" && "nodes" in node.body ? { ...node, body: { ...node.body, nodes: [] } } : node);
    if (node.type === "map" && isExpression(node.items)) {
      const words = wordsOf(node.items.slice(1));
      if (words?.is === "reference") shapes.note(words.of, "unknown[]");
    }
    if (node.type !== "choice") continue;
    for (const { when } of node.cases) {
      shapes.readWords(wordsOf(when));
      for (const { of, value } of equalities(when) ?? [])
        shapes.readWords({ is: "compare", operator: "eq", of, value });
    }
  }
}
