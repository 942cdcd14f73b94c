/** The outcomes of a node as they are drawn: in order at its right side, `error` below it; and how large that makes the node. */
import type { Node } from "../../contract/definition";
import type { Point } from "../../contract/drafts";
import { ERROR_PORT, portsOf } from "../../core/definition/ports";

export interface DrawnPort {
  readonly port: string;
  /** Where it leads. */
  readonly to: readonly string[];
  /** Of a choice: when it is taken. */
  readonly when: string | null;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A node at its place: within the map that it lies in, where there is one. */
export interface Box extends Size, Point {
  readonly id: string;
}

export const NODE_WIDTH = 208;
export const HEAD_HEIGHT = 56;
export const PORT_HEIGHT = 22;
const PORTS_BOTTOM = 6;
/** Around what lies in a map; above it is the map's own head, and below it room for `error`. */
export const INSIDE = { top: 72, side: 24, bottom: 28 };

export type Targets = ReadonlyMap<string, readonly string[]>;

export function drawnPorts(node: Node, targets: Targets): readonly DrawnPort[] {
  const when = new Map(node.type === "choice" ? node.cases.map((each) => [each.port, each.when]) : []);
  return portsOf(node).map((port) => ({ port, to: targets.get(port) ?? [], when: when.get(port) ?? null }));
}

/** Those at the right side. A single one needs no name. */
export function sidePorts(ports: readonly DrawnPort[]): readonly DrawnPort[] {
  return ports.filter(({ port }) => port !== ERROR_PORT);
}

export function sizeOf(ports: readonly DrawnPort[]): Size {
  const { length } = sidePorts(ports);
  return { width: NODE_WIDTH, height: HEAD_HEIGHT + (length > 1 ? length * PORT_HEIGHT + PORTS_BOTTOM : 0) };
}

/** How far below the node's top the outcome is that stands at this place of its right side. */
export function portY(index: number, count: number): number {
  return count > 1 ? HEAD_HEIGHT + index * PORT_HEIGHT + PORT_HEIGHT / 2 : HEAD_HEIGHT / 2;
}
