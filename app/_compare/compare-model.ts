/**
 * Two executions side by side, computed from their timelines alone: their steps paired by key, in what each pair differs,
 * and where their ways part first. The same execution twice differs in nothing, and swapping the two swaps the answer.
 */
import { canonicalJson } from "@/lib/contract/json";
import type { Carried, Row, TimelineModel } from "../_execution/timeline-model";
import { isSlower, type StepTime, stepTime } from "./step-time";

/** `missing`: only one of them has the step. */
export const DIFFERENCES = ["missing", "status", "port", "error", "input", "output", "attempts"] as const;
export type Difference = (typeof DIFFERENCES)[number];

export type Side = "left" | "right";

export interface StepPair {
  key: string;
  left: Row | null;
  right: Row | null;
  differences: readonly Difference[];
  /** Null while it is open, or where the step is missing. */
  leftTime: StepTime | null;
  rightTime: StepTime | null;
  /** Which of them took notably longer. */
  slower: Side | null;
}

/**
 * Where the ways part. `input`: of the same history so far, a step was given something else, so that the definition or an
 * override differs; `output`: the same input gave another output.
 */
export interface Divergence {
  kind: Exclude<Difference, "attempts">;
  pair: StepPair;
}

export interface Comparison {
  pairs: readonly StepPair[];
  isInputSame: boolean;
  isOutputSame: boolean;
  divergence: Divergence | null;
  different: number;
  slower: { left: number; right: number };
  /** The pair that accounts for most of the time that the left took longer; null: it took no longer. */
  slowest: StepPair | null;
}

export function compareTimelines(left: TimelineModel, right: TimelineModel): Comparison {
  const pairs = pairUp(left, right).map(([one, other]) => pairOf(one, other));
  const isInputSame = isSameValue(left.input, right.input);
  return {
    pairs,
    isInputSame,
    isOutputSame: isSameValue(left.output, right.output),
    divergence: firstDivergence(pairs, isInputSame),
    different: pairs.filter(({ differences }) => differences.length > 0).length,
    slower: { left: countSlower(pairs, "left"), right: countSlower(pairs, "right") },
    slowest: slowestOf(pairs),
  };
}

/** Steps that both have, by when they began in the two together; each that only one has, behind the one before it there. */
function pairUp(left: TimelineModel, right: TimelineModel): [Row | null, Row | null][] {
  const rankLeft = ranks(left);
  const rankRight = ranks(right);
  const both = left.rows
    .filter(({ key }) => right.byKey.get(key) !== undefined)
    .sort((one, other) => {
      const rank = ({ key }: Row) => (rankLeft.get(key) ?? 0) + (rankRight.get(key) ?? 0);
      return rank(one) - rank(other) || (one.key < other.key ? -1 : 1);
    });
  const onlyLeft = alone(left, right);
  const onlyRight = alone(right, left);
  const paired: [Row | null, Row | null][] = [];
  for (const anchor of [null, ...both]) {
    if (anchor !== null) paired.push([anchor, right.byKey.get(anchor.key) ?? null]);
    const key = anchor?.key ?? null;
    for (const row of onlyLeft.get(key) ?? []) paired.push([row, null]);
    for (const row of onlyRight.get(key) ?? []) paired.push([null, row]);
  }
  return paired;
}

function ranks({ rows }: TimelineModel): Map<string, number> {
  return new Map(rows.map(({ key }, rank) => [key, rank]));
}

/** Steps that the other lacks, by the key of the common step before them. */
function alone(own: TimelineModel, other: TimelineModel): Map<string | null, Row[]> {
  const found = new Map<string | null, Row[]>();
  let before: string | null = null;
  for (const row of own.rows) {
    if (other.byKey.get(row.key) !== undefined) before = row.key;
    else {
      const behind = found.get(before);
      if (behind === undefined) found.set(before, [row]);
      else behind.push(row);
    }
  }
  return found;
}

function pairOf(left: Row | null, right: Row | null): StepPair {
  const key = (left ?? right)?.key ?? "";
  if (left === null || right === null)
    return { key, left, right, differences: ["missing"], leftTime: null, rightTime: null, slower: null };
  const leftTime = stepTime(left);
  const rightTime = stepTime(right);
  const slower =
    leftTime === null || rightTime === null
      ? null
      : isSlower(leftTime.totalMs, rightTime.totalMs)
        ? "left"
        : isSlower(rightTime.totalMs, leftTime.totalMs)
          ? "right"
          : null;
  return { key, left, right, differences: differencesOf(left, right), leftTime, rightTime, slower };
}

function differencesOf(left: Row, right: Row): Difference[] {
  const differs: Record<Exclude<Difference, "missing">, boolean> = {
    status: left.status !== right.status,
    port: left.port !== right.port,
    error: left.error?.code !== right.error?.code || left.error?.message !== right.error?.message,
    input: !isSameValue(left.input, right.input),
    output: !isSameValue(left.output, right.output),
    attempts: left.attempts.length !== right.attempts.length,
  };
  return DIFFERENCES.filter((name) => name !== "missing" && differs[name]);
}

/** A large value is named by the hash of its text. */
export function isSameValue(left: Carried, right: Carried): boolean {
  if (left === null || right === null) return left === right;
  if ("ref" in left || "ref" in right) return "ref" in left && "ref" in right && left.ref.hash === right.ref.hash;
  return canonicalJson(left.json) === canonicalJson(right.json);
}

/** Of a step that ran on its own; a step with others inside ends by what they did, so that they come first. */
function firstDivergence(pairs: readonly StepPair[], isInputSame: boolean): Divergence | null {
  const holders = new Set(pairs.flatMap(({ key }) => holdersOf(key)));
  const found = pairs
    .map((pair) => ({ pair, kind: partsAt(pair, isInputSame), at: sequenceOf(pair, holders) }))
    .filter((each): each is typeof each & { kind: Divergence["kind"] } => each.kind !== null);
  const first = found.reduce<(typeof found)[number] | null>(
    (best, each) => (best === null || each.at < best.at ? each : best),
    null,
  );
  return first && { kind: first.kind, pair: first.pair };
}

/** What tells first of what a pair differs in. An input that differs explains an output that does. */
function partsAt({ differences }: StepPair, isInputSame: boolean): Divergence["kind"] | null {
  const has = (name: Difference) => differences.includes(name);
  for (const kind of ["missing", "status", "port"] as const) if (has(kind)) return kind;
  if (has("input")) return isInputSame ? "input" : null;
  if (has("output")) return "output";
  return has("error") ? "error" : null;
}

/** Two histories that went the same way so far count alike. */
function sequenceOf({ key, left, right }: StepPair, holders: ReadonlySet<string>): number {
  const rows = [left, right].filter((row) => row !== null);
  const isHolder = holders.has(key.replace(/\[.*|#.*/, ""));
  return Math.min(...rows.map((row) => (isHolder ? row.lastSequence : row.firstSequence)));
}

/** The maps around a step. */
function holdersOf(key: string): string[] {
  const parts = key.replace(/\[.*|#.*/, "").split("/");
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join("/"));
}

function countSlower(pairs: readonly StepPair[], side: Side): number {
  return pairs.filter(({ slower }) => slower === side).length;
}

function slowestOf(pairs: readonly StepPair[]): StepPair | null {
  const holders = new Set(pairs.flatMap(({ key }) => holdersOf(key)));
  return pairs.reduce<StepPair | null>((worst, pair) => {
    if (pair.slower !== "left" || holders.has(pair.key)) return worst;
    return worst === null || lostMs(pair) > lostMs(worst) ? pair : worst;
  }, null);
}

/** How much longer the left took; negative where it was faster. */
export function lostMs({ leftTime, rightTime }: StepPair): number {
  return (leftTime?.totalMs ?? 0) - (rightTime?.totalMs ?? 0);
}
