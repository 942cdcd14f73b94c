/** What leads to a node, and where it leads. */
import type { Definition, Node } from "../../contract/definition";
import { portsOf } from "../../core/definition/ports";
import { type EdgeRef, graphAt, nodeOf, refOf, type Scope } from "../document";

export interface Way {
  readonly edge: EdgeRef;
  readonly isLoop: boolean;
}

export interface Ways {
  readonly node: Node;
  readonly scope: Scope;
  readonly ins: readonly Way[];
  /** By outcome, in the order in which the node has them; those without an edge are empty. */
  readonly outs: readonly { readonly port: string; readonly ways: readonly Way[] }[];
  /** Of the edges that a join waits for. */
  readonly forwardIns: number;
}

export function waysOf(definition: Definition, id: string): Ways | null {
  const found = nodeOf(definition, id);
  const graph = found && graphAt(definition, found.scope);
  if (found === null || graph === null) return null;
  const all = graph.edges
    .filter(({ from, to }) => from === id || to === id)
    .map((edge) => ({ edge: refOf(edge, graph), isLoop: edge.loop !== undefined }));
  const ins = all.filter(({ edge }) => edge.to === id);
  const outs = all.filter(({ edge }) => edge.from === id);
  const ports = [...new Set([...portsOf(found.node), ...outs.map(({ edge }) => edge.port)])];
  return {
    ...found,
    ins,
    outs: ports.map((port) => ({ port, ways: outs.filter(({ edge }) => edge.port === port) })),
    forwardIns: ins.filter(({ isLoop }) => !isLoop).length,
  };
}
