/** What must have happened before a node runs, and what certainly has: by this, expressions are judged before they run. */
import type { Node } from "../../contract/definition";
import { addBit, BitRows, hasBit, intersect, removeBit, subtract, union } from "./bits";
import { ERROR_PORT, type LinkedNode, portsOf } from "./graph";

export interface Reachability {
  /** Whether there is a path from one to the other. */
  isBefore(ordinal: number, node: number): boolean;
  /** Whether, whenever `node` runs, `ordinal` has completed: not skipped, not cancelled, not failed. */
  isCertain(ordinal: number, node: number): boolean;
  /** The same for the end of an execution that completes. */
  isCertainAtEnd(ordinal: number): boolean;
}

/** `order`: every node after all that lead to it. */
export function findReachability(nodes: readonly LinkedNode[], order: readonly number[]): Reachability {
  const before = findBefore(nodes, order);
  const sure = findSure(nodes, order);
  const certain = findCertain(nodes, order, before, sure);
  return {
    isBefore: (ordinal, node) => before.has(node, ordinal),
    isCertain: (ordinal, node) => certain.has(node, ordinal),
    isCertainAtEnd: (ordinal) => hasBit(sure, ordinal),
  };
}

function findBefore(nodes: readonly LinkedNode[], order: readonly number[]): BitRows {
  const before = new BitRows(nodes.length);
  for (const ordinal of order) {
    const row = before.row(ordinal);
    for (const { from } of nodes[ordinal]?.ins ?? []) {
      union(row, before.row(from));
      addBit(row, from);
    }
  }
  return before;
}

/**
 * The nodes that complete in every execution that does: reached whatever ports the nodes before them end on, and without
 * an `error` edge, so that their own failure would be the execution's.
 */
function findSure(nodes: readonly LinkedNode[], order: readonly number[]): Uint32Array {
  const follows = new BitRows(nodes.length);
  for (const ordinal of order.toReversed()) {
    const node = nodes[ordinal];
    if (node !== undefined) follow(nodes, follows, node);
  }
  const sure = follows.empty();
  if (nodes.some(({ definition }) => definition.type === "succeed")) return sure;
  for (const { ordinal, ins } of nodes) {
    if (ins.length > 0) continue;
    union(sure, follows.row(ordinal));
    addBit(sure, ordinal);
  }
  for (const node of nodes) if (hasErrorEdge(node)) removeBit(sure, node.ordinal);
  return sure;
}

/** What runs for certain once `node` has: whatever all of its ports have in common. */
function follow(nodes: readonly LinkedNode[], follows: BitRows, node: LinkedNode) {
  const common = follows.row(node.ordinal);
  possiblePorts(node.definition, hasErrorEdge(node)).forEach((port, i) => {
    const ofPort = follows.empty();
    for (const edge of node.outs) {
      const join = nodes[edge.to]?.join;
      if (edge.port !== port || (join !== "all" && join !== 1)) continue;
      union(ofPort, follows.row(edge.to));
      addBit(ofPort, edge.to);
    }
    if (i === 0) union(common, ofPort);
    else intersect(common, ofPort);
  });
}

/** Without an edge on `error`, a step that fails ends its scope: nothing after it asks. */
function possiblePorts(node: Node, hasErrorEdge: boolean): string[] {
  return portsOf(node).filter((port) => port !== ERROR_PORT || hasErrorEdge);
}

/** Takes out of `sure` what a join that has won may cancel. */
function findCertain(
  nodes: readonly LinkedNode[],
  order: readonly number[],
  before: BitRows,
  sure: Uint32Array,
): BitRows {
  const certain = new BitRows(nodes.length);
  for (const ordinal of order) {
    const node = nodes[ordinal];
    if (node === undefined) continue;
    const row = certain.row(ordinal);
    node.ins.forEach(({ from, port }, i) => {
      const ofEdge = certain.row(from).slice();
      if (port !== ERROR_PORT) addBit(ofEdge, from);
      if (i === 0) union(row, ofEdge);
      else intersect(row, ofEdge);
    });
    const reached = before.row(ordinal).slice();
    if (node.join === "all") {
      intersect(reached, sure);
      union(row, reached);
    } else if (!node.keepLosers) {
      subtract(reached, row);
      subtract(sure, reached);
    }
  }
  return certain;
}

function hasErrorEdge({ outs }: LinkedNode): boolean {
  return outs.some(({ port }) => port === ERROR_PORT);
}
