/** The names that a definition uses already, so that the next one can be the same. */
import type { Definition, Node } from "../../contract/definition";
import { graphsOf } from "../document";

export interface UsedNames {
  readonly tasks: readonly string[];
  readonly queues: readonly string[];
}

export function usedNames(definition: Pick<Definition, "nodes" | "edges" | "defaults" | "name">): UsedNames {
  const tasks = new Set<string>();
  const queues = new Set(definition.defaults?.queue === undefined ? [] : [definition.defaults.queue]);
  const add = ({ task, queue }: { task?: string | undefined; queue?: string | undefined }) => {
    if (task !== undefined) tasks.add(task);
    if (queue !== undefined) queues.add(queue);
  };
  const addNode = (node: Node) => {
    if (node.type === "task") {
      add(node);
      if (node.compensate !== undefined) add(node.compensate);
    }
    if (node.type === "map" && "task" in node.body) add(node.body);
  };
  for (const { graph } of graphsOf(definition)) for (const node of graph.nodes) addNode(node);
  return { tasks: [...tasks].sort(), queues: [...queues].sort() };
}
