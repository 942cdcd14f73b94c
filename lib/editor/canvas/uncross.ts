/**
 * A layout knows where nodes are, not where on them their outcomes are. Neighbours of one column change places where their
 * edges then cross less often, so that ways leave a choice in the order in which its cases stand.
 */
import type { Point } from "../../contract/drafts";
import type { Box } from "./ports";

export interface PortLink {
  readonly from: string;
  readonly to: string;
  /** How far below the top of its source it leaves. */
  readonly drop: number;
}

/** More than these take too long, and nobody follows single edges in them. */
const MOST = 120;
const ROUNDS = 4;

export function uncrossed(boxes: readonly Box[], links: readonly PortLink[]): ReadonlyMap<string, Point> {
  const places = new Map<string, Box>(boxes.map((box) => [box.id, box]));
  if (boxes.length > MOST) return places;
  const columns = columnsOf(boxes);
  for (let round = 0; round < ROUNDS; round++) {
    const isChanged = columns.map((column) => sortedOnce(column, links, places)).some(Boolean);
    if (!isChanged) break;
  }
  return places;
}

/** Nodes whose middles are above each other. */
function columnsOf(boxes: readonly Box[]): string[][] {
  const columns = new Map<number, Box[]>();
  for (const box of boxes) {
    const middle = Math.round(box.x + box.width / 2);
    columns.set(middle, [...(columns.get(middle) ?? []), box]);
  }
  return [...columns]
    .sort(([a], [b]) => a - b)
    .map(([, column]) => column.sort((a, b) => a.y - b.y).map(({ id }) => id));
}

function sortedOnce(column: string[], links: readonly PortLink[], places: Map<string, Box>): boolean {
  let isChanged = false;
  for (let at = 0; at + 1 < column.length; at++) {
    const [above, below] = [column[at] ?? "", column[at + 1] ?? ""];
    const before = crossings(above, below, links, places);
    if (before === 0) continue;
    const old = [places.get(above), places.get(below)] as const;
    swap(above, below, places);
    if (crossings(above, below, links, places) < before) {
      column.splice(at, 2, below, above);
      isChanged = true;
    } else for (const box of old) if (box) places.set(box.id, box);
  }
  return isChanged;
}

/** They fill the same room as before, with the same gap. */
function swap(above: string, below: string, places: Map<string, Box>): void {
  const [a, b] = [places.get(above), places.get(below)];
  if (!a || !b) return;
  const gap = b.y - a.y - a.height;
  places.set(below, { ...b, y: a.y });
  places.set(above, { ...a, y: a.y + b.height + gap });
}

/** Between the edges of one and those of the other, as if they were straight. */
function crossings(one: string, other: string, links: readonly PortLink[], places: ReadonlyMap<string, Box>): number {
  const of = (id: string) => links.filter(({ from, to }) => (from === id) !== (to === id));
  const others = of(other);
  let count = 0;
  for (const a of of(one)) for (const b of others) if (isCrossed(a, b, places)) count++;
  return count;
}

function isCrossed(a: PortLink, b: PortLink, places: ReadonlyMap<string, Box>): boolean {
  const [p, q] = [segment(a, places), segment(b, places)];
  if (p === null || q === null) return false;
  const left = Math.max(p.x1, q.x1);
  const right = Math.min(p.x2, q.x2);
  if (left >= right) return false;
  return (heightAt(p, left) - heightAt(q, left)) * (heightAt(p, right) - heightAt(q, right)) < 0;
}

interface Segment {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

function segment({ from, to, drop }: PortLink, places: ReadonlyMap<string, Box>): Segment | null {
  const [source, target] = [places.get(from), places.get(to)];
  if (!source || !target || target.x <= source.x + source.width) return null;
  return { x1: source.x + source.width, y1: source.y + drop, x2: target.x, y2: target.y + IN };
}

/** Where edges enter. */
const IN = 28;

const heightAt = ({ x1, y1, x2, y2 }: Segment, x: number) => y1 + ((y2 - y1) * (x - x1)) / (x2 - x1);
