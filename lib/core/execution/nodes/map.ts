/** A map runs its body once for each item; items with a task out hold the places that its concurrency gives. */
import type { MapNode } from "../../../contract/definition";
import type { ErrorInfo } from "../../../contract/history";
import type { JsonValue } from "../../../contract/json";
import { MAX_ITEMS } from "../../../contract/limits";
import type { CompiledScope } from "../../definition/graph";
import { BLOCK } from "../blocks";
import { cancelOne } from "../cancel";
import { findDue, hasPlace, itemDeadlines } from "../deadlines";
import { type At, refOf, scopeAt } from "../draft";
import { completeStep, failStep } from "../endings";
import { endsScope } from "../failures";
import { findStep } from "../find-step";
import { valueFields } from "../held";
import { begunItems, firstFailed, itemAt } from "../items";
import { openStepsOf } from "../open-steps";
import { outputsOfSinks } from "../outputs";
import { mayDispatch } from "../places";
import { evaluateBodyOutput, evaluateField } from "../scope";
import type { MapState, ScopeState } from "../state";
import { tooLarge } from "../too-large";
import { demand, emit, hold, placeOf, read, stepAt, type Turn } from "../turn";

export function startMap(turn: Turn, at: At, { items }: MapNode) {
  const evaluated = evaluateField(turn, at, "items", items);
  if ("error" in evaluated) return failStep(turn, at, evaluated.error);
  const { value } = evaluated;
  if (!Array.isArray(value) || value.length > MAX_ITEMS) return failStep(turn, at, noList(at, value));
  const held = hold(turn, value);
  if (held === null) return failStep(turn, at, tooLarge(`The items of ${at.node.path}`));
  emit(turn, "MapStarted", { ...placeOf(turn, at), count: value.length, ...valueFields("items", held) });
}

function noList({ node }: At, value: JsonValue): ErrorInfo {
  const what = Array.isArray(value) ? `a list of ${value.length}, and ${MAX_ITEMS} are the most` : "no list";
  return {
    code: "EXPRESSION_ERROR",
    message: `${node.path}, items: this is ${what}.`,
    details: { node: node.path, field: "items", position: null },
  };
}

/** An item ended, or gave its place up: the first failure stops the map, else it is driven on. */
export function itemEnded(turn: Turn, at: At, item: number | undefined) {
  const { map } = stepAt(turn, at);
  if (map === null) return;
  const failure = stops(at) ? failureOf(turn, at, map, item) : null;
  if (failure === null) noteMap(turn, at);
  else stopMap(turn, at, failure);
}

/** Items of this map may go on or begin. */
export function noteMap(turn: Turn, at: At) {
  turn.maps.set(`${at.node.ordinal}/${at.index}`, { at, iteration: stepAt(turn, at).iteration });
}

/** Ends the map if it is over, else lets one more item go on or begin. */
export function driveMap(turn: Turn, at: At) {
  const { map } = stepAt(turn, at);
  if (map === null) return;
  if (map.completed + map.failed === map.count) return completeMap(turn, at, map);
  if (admitOne(turn, at, map)) noteMap(turn, at);
}

function stops({ node }: At): boolean {
  return node.definition.type !== "map" || (node.definition.failure ?? "stop") === "stop";
}

/** First whoever waits for a place, in item order, then the next new item. */
function admitOne(turn: Turn, at: At, map: MapState): boolean {
  if (!hasPlace(at.node, map) || !mayDispatch(turn.state, at)) return false;
  const { next } = turn.draft;
  const { body } = at.node;
  const waiting = firstWaiting(turn, map);
  if (waiting !== null && body !== null) {
    const { item, scope } = waiting;
    const ref = findDue(turn.state.graph, scope, body, scope.want ?? 0, true, [...at.index, item]);
    next.push({ kind: "want", ref, iteration: findStep(turn.state, ref)?.iteration ?? 0 });
  } else if (map.next < map.count) {
    next.push({ kind: "begin", ref: refOf(at), iteration: stepAt(turn, at).iteration, item: map.next });
  } else {
    return false;
  }
  return true;
}

/** The nodes that an item begins with; none where it has begun, or no place is left for it. */
export function beginningOf(turn: Turn, at: At, item: number): At[] {
  const { map } = stepAt(turn, at);
  if (map === null || map.next !== item || !hasPlace(at.node, map) || !mayDispatch(turn.state, at)) return [];
  const index = [...at.index, item];
  return bodyOf(turn, at)
    .nodes.filter(({ ins }) => ins.length === 0)
    .map((node) => ({ node, index }));
}

function firstWaiting(turn: Turn, { blocks, items }: MapState): { item: number; scope: ScopeState } | null {
  const isDue = (want: number | null) => want !== null && want <= turn.now;
  for (let block = 0; block < blocks.length; block++) {
    if (!isDue(blocks[block]?.want ?? null)) continue;
    for (const begun of begunItems(items, block * BLOCK)) {
      if (begun.item >= (block + 1) * BLOCK) break;
      if (isDue(itemDeadlines(begun.scope).want)) return begun;
    }
  }
  return null;
}

interface ItemFailure {
  readonly item: number;
  readonly error: ErrorInfo;
}

/** The failure that stops the map: of an item that failed, or of one whose output cannot be computed. */
function failureOf(turn: Turn, at: At, map: MapState, ended: number | undefined): ItemFailure | null {
  if (map.failed > 0) {
    const item =
      ended !== undefined && itemAt(map.items, ended)?.ended === "failed" ? ended : (firstFailed(map.items)?.item ?? 0);
    const result = itemResult(turn, at, item);
    return "error" in result ? { item, error: result.error } : null;
  }
  if (ended === undefined || bodyOf(turn, at).output === undefined) return null;
  const result = itemResult(turn, at, ended);
  return "error" in result ? { item: ended, error: result.error } : null;
}

function stopMap(turn: Turn, at: At, { item, error }: ItemFailure) {
  const { body } = at.node;
  const { map } = stepAt(turn, at);
  if (body === null || map === null) throw new Error(`${at.node.path} is no map`);
  for (const begun of begunItems(map.items)) {
    for (const inner of openStepsOf(turn.state, body, [...at.index, begun.item])) cancelOne(turn, inner, "MAP_STOPPED");
  }
  const { code, message } = error;
  failStep(turn, at, {
    code: "MAP_FAILED",
    message: `Item ${item} of ${at.node.path} failed: ${message}`,
    details: {
      index: item,
      error: { code, message, ...(error.details === undefined ? {} : { details: error.details }) },
    },
  });
}

function completeMap(turn: Turn, at: At, map: MapState) {
  const results = Array.from({ length: map.count }, (_, item) => itemResult(turn, at, item));
  const failed = results.findIndex((result) => "error" in result);
  if (stops(at) && failed >= 0) {
    const result = results[failed];
    if (result !== undefined && "error" in result) return stopMap(turn, at, { item: failed, error: result.error });
  }
  const output = stops(at)
    ? results.map((result) => ("output" in result ? result.output : null))
    : results.map(asValue);
  const held = hold(turn, output);
  if (held === null) return failStep(turn, at, tooLarge(`The output of ${at.node.path}`));
  const failures = results.filter((result) => "error" in result).length;
  emit(turn, "MapCompleted", { ...placeOf(turn, at), completed: map.count - failures, failed: failures });
  completeStep(turn, at, { output: held });
}

type ItemResult = { readonly output: JsonValue } | { readonly error: ErrorInfo };

function asValue(result: ItemResult): JsonValue {
  if ("output" in result) return { status: "completed", output: result.output };
  const { code, message, details } = result.error;
  return { status: "failed", error: { code, message, ...(details === undefined ? {} : { details }) } };
}

/** Of an item that ended. */
function itemResult(turn: Turn, at: At, item: number): ItemResult {
  const body = bodyOf(turn, at);
  const index = [...at.index, item];
  const scope = scopeAt(turn.state, body.number, index);
  if (scope === undefined) return { output: null };
  if (scope.ended === "failed") {
    const failed = scope.steps.find((step, i) => step.error !== null && isEnd(body, step, i));
    return { error: failed?.error ?? { code: "FAILED", message: "The item failed." } };
  }
  const succeeded = body.nodes.find(
    ({ definition, position }) =>
      definition.type === "succeed" && definition.output !== undefined && scope.steps[position]?.status === "completed",
  );
  const single = body.isTask ? body.nodes[0] : succeeded;
  if (single !== undefined) return readOutput(turn, scope, single.position);
  if (body.output === undefined) return { output: outputsOfSinks(turn, body.number, index) };
  const evaluated = evaluateBodyOutput(turn, at, item, body.output);
  return "error" in evaluated ? evaluated : { output: evaluated.value };
}

function readOutput(turn: Turn, scope: ScopeState, position: number): ItemResult {
  const output = read(turn, scope.steps[position]?.output ?? null);
  demand(turn);
  return { output };
}

function isEnd(body: CompiledScope, step: ScopeState["steps"][number], position: number): boolean {
  const node = body.nodes[position];
  return node !== undefined && endsScope(node, step);
}

function bodyOf({ state }: Turn, { node }: At): CompiledScope {
  const body = state.graph.scopes[node.body ?? -1];
  if (body === undefined) throw new Error(`${node.path} is no map`);
  return body;
}
