/** What must have happened before a node runs, and what certainly has: by this, expressions are judged before they run. */
import {
  addBit,
  BitRows,
  type Bits,
  hasBit,
  intersect,
  intersectWithMember,
  removeBit,
  union,
  unionOfBoth,
} from "./bits";
import type { LinkedNode } from "./graph";
import { defaultPort, ERROR_PORT, portsOf } from "./ports";
import { findRaces, type Races } from "./races";

export interface Reachability {
  /** Whether there is a path from one to the other, loop edges apart. */
  isBefore(ordinal: number, node: number): boolean;
  /** Whether, whenever `node` runs, `ordinal` has completed: not skipped, not cancelled, not failed. */
  isCertain(ordinal: number, node: number): boolean;
  /** The same for when the graph has run and its output is computed. */
  isCertainAtEnd(ordinal: number): boolean;
}

/**
 * `order`: every node after all that lead to it. A loop leaves behind what its last turn gave, and no turn sees another one;
 * so paths are those of one turn, along forward edges alone. Nothing is computed before it is asked for.
 */
export function findReachability(nodes: readonly LinkedNode[], order: readonly number[]): Reachability {
  const before = once(() => findBefore(nodes, order));
  const races = once(() => findRaces(nodes, order, before()));
  const sure = once(() => findSure(nodes, order, races(), false));
  const certain = once(() => findCertain(nodes, order, sure(), races()));
  const atEnd = once(() => findAtEnd(nodes, sure, certain, () => findSure(nodes, order, races(), true)));
  return {
    isBefore: (ordinal, node) => before().has(node, ordinal),
    isCertain: (ordinal, node) => certain().has(node, ordinal),
    isCertainAtEnd: (ordinal) => hasBit(atEnd(), ordinal),
  };
}

function once<T extends object>(find: () => T): () => T {
  let found: T | null = null;
  return () => {
    found ??= find();
    return found;
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

const EVERYTHING = 0xffffffff;

/**
 * The nodes that are reached whatever ports those before them end on, and that nothing cancels or lets fail: as long as the
 * scope lives, they complete. `closing`: those of which that is true where the scope is not ended early, by a fail node or a
 * succeed node.
 */
function findSure(nodes: readonly LinkedNode[], order: readonly number[], races: Races, closing: boolean): Bits {
  const size = nodes.length;
  /** One member more: that the scope is ended early. */
  const follows = new BitRows(size, size + 1);
  const ofPort = follows.empty();
  const sure = follows.empty();
  for (const ordinal of order.toReversed()) {
    const node = nodes[ordinal];
    if (node === undefined) continue;
    if (closing && portsOf(node.definition).length === 0) follows.row(ordinal).fill(EVERYTHING);
    else follow(follows, node, races, ofPort);
  }
  for (const { ordinal, ins } of nodes) {
    if (ins.length > 0) continue;
    union(sure, follows.row(ordinal));
    addBit(sure, ordinal);
  }
  for (const node of nodes) {
    if (races.droppedBy(node.ordinal).length > 0) removeBit(sure, node.ordinal);
    if (!hasEdge(node, ERROR_PORT)) continue;
    followPort(follows, node, ERROR_PORT, ofPort);
    if (!hasBit(ofPort, size)) removeBit(sure, node.ordinal);
  }
  return sure;
}

/** What runs for certain once `node` has: whatever all of its ports have in common, and the joins that may drop it. */
function follow(follows: BitRows, node: LinkedNode, races: Races, way: Bits) {
  const common = follows.row(node.ordinal);
  lastPorts(node).forEach((port, i) => {
    followPort(follows, node, port, way);
    if (i === 0) union(common, way);
    else intersect(common, way);
  });
  for (const join of races.droppedBy(node.ordinal)) intersectWithMember(common, follows.row(join), join);
}

/** What runs for certain once `node` has ended on a port: a join that can no longer be reached then fails the scope. */
function followPort(follows: BitRows, { outs }: LinkedNode, port: string, into: Bits) {
  into.fill(0);
  for (const edge of outs) {
    if (edge.port !== port) continue;
    union(into, follows.row(edge.to));
    addBit(into, edge.to);
  }
}

/** The ports that a step may have ended on in the last turn of its loops: the others lead back, or fail the scope. */
function lastPorts(node: LinkedNode): string[] {
  const back = new Set(node.loopEdges.map(({ port }) => port));
  return portsOf(node.definition).filter((port) => !back.has(port) && (hasEdge(node, port) || !needsEdge(node, port)));
}

/** Whether a step that would end there without an edge fails instead: then nothing after it asks. */
function needsEdge({ definition }: LinkedNode, port: string): boolean {
  const { type } = definition;
  return port === ERROR_PORT || ((type === "approval" || type === "signal") && port !== defaultPort(definition));
}

/** What has completed on every way to a node, and what is sure to complete and has ended by then. */
function findCertain(nodes: readonly LinkedNode[], order: readonly number[], sure: Bits, races: Races): BitRows {
  const certain = new BitRows(nodes.length);
  const ended = findEnded(nodes, order, races);
  for (const ordinal of order) {
    const row = certain.row(ordinal);
    nodes[ordinal]?.ins.forEach(({ from, port }, i) => {
      const completed = port !== ERROR_PORT;
      if (i === 0) {
        union(row, certain.row(from));
        if (completed) addBit(row, from);
      } else if (completed) intersectWithMember(row, certain.row(from), from);
      else intersect(row, certain.row(from));
    });
    unionOfBoth(row, ended.row(ordinal), sure);
  }
  return certain;
}

/** What has ended, in whatever way, before a node runs: a join of all waits for all of its edges, another one may not. */
function findEnded(nodes: readonly LinkedNode[], order: readonly number[], races: Races): BitRows {
  const ended = new BitRows(nodes.length);
  const ofEdge = ended.empty();
  for (const ordinal of order) {
    const row = ended.row(ordinal);
    nodes[ordinal]?.ins.forEach(({ from }, i) => {
      ofEdge.set(ended.row(from));
      // A step that a join drops may end before those that lead to it: then only that has ended which came before the join.
      for (const join of races.droppedBy(from)) intersect(ofEdge, races.passed.row(join));
      addBit(ofEdge, from);
      if (i === 0 || nodes[ordinal]?.join === "all") union(row, ofEdge);
      else intersect(row, ofEdge);
    });
  }
  return ended;
}

/** A succeed node without an output of its own ends the scope with the output that it would have had, and before its time. */
function findAtEnd(nodes: readonly LinkedNode[], sure: () => Bits, certain: () => BitRows, closing: () => Bits): Bits {
  if (!nodes.some(({ definition: { type } }) => type === "fail" || type === "succeed")) return sure();
  const atEnd = closing();
  for (const { ordinal, definition } of nodes) {
    if (definition.type !== "succeed" || definition.output !== undefined) continue;
    intersectWithMember(atEnd, certain().row(ordinal), ordinal);
  }
  return atEnd;
}

function hasEdge({ outs }: LinkedNode, port: string): boolean {
  return outs.some((edge) => edge.port === port);
}
