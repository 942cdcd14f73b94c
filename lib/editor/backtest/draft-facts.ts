/** What of a draft decides how a recorded answer has to come: limits of attempts, and ports that lead back. */
import type { Definition, Edge, Node } from "../../contract/definition";
import { defaultPort } from "../../core/definition/ports";
import { graphsOf } from "../document";
import type { DraftFacts } from "./recorded-answers";

export function factsOf(definition: Definition): DraftFacts {
  const timed = new Set<string>();
  const loopPorts = new Map<string, string>();
  for (const { graph } of graphsOf(definition)) {
    for (const node of graph.nodes) for (const id of timedIn(node)) timed.add(id);
    for (const edge of graph.edges) {
      const port = loopPort(edge, graph.nodes);
      if (port !== null) loopPorts.set(edge.from, port);
    }
  }
  const isAllTimed = definition.defaults?.timeout?.attempt !== undefined;
  return {
    isTimed: (path) => isAllTimed || timed.has(idOf(path)),
    loopPort: (path) => loopPorts.get(idOf(path)) ?? null,
  };
}

/** Ids are unique in the whole document. */
const idOf = (path: string) => path.split("/").at(-1) ?? path;

function timedIn(node: Node): string[] {
  if (node.type === "http" || (node.type === "task" && node.timeout?.attempt !== undefined)) return [node.id];
  return node.type === "map" && "task" in node.body && node.body.timeout?.attempt !== undefined
    ? [`${node.id}.item`]
    : [];
}

function loopPort({ from, port, loop }: Edge, nodes: readonly Node[]): string | null {
  const source = nodes.find(({ id }) => id === from);
  if (loop === undefined || port === undefined || source === undefined) return null;
  return port === "error" || port === defaultPort(source) ? null : port;
}
