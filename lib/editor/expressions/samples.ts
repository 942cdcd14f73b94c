/**
 * What a past execution recorded, by the nodes' paths, as far as it can be shown beside a definition: of the items of a map the
 * first that got far enough. It needs not be of the same version: what is not there any more is not asked for.
 */
import type { ErrorInfo } from "../../contract/history";
import type { JsonValue } from "../../contract/json";
import type { CompiledScope } from "../../core/definition/graph";
import type { JudgedScope } from "../../core/definition/scopes";
import { begunItems } from "../../core/execution/items";
import type { ExecutionState, Held, ScopeState, StepState } from "../../core/execution/state";
import type { LoopScope, Scope } from "../../core/expressions/expression";
import { toInstant, toTimestamp } from "../../core/time";
import { type ExpressionPlace, pathOf, stepsAt } from "./place";

export interface SampleStep {
  readonly status: string;
  readonly iteration: number;
  readonly round?: number;
  readonly output?: JsonValue;
  readonly error?: ErrorInfo;
}

export interface Samples {
  readonly execution: {
    readonly id: string;
    readonly workflow: string;
    readonly version: number;
    readonly startedAt: string;
    readonly tags: readonly string[];
    readonly correlationId: string | null;
    readonly key: string | null;
  };
  readonly input?: JsonValue;
  readonly steps: { readonly [path: string]: SampleStep };
  /** By the map's path: its list, and which item the steps in it are of. */
  readonly items: { readonly [path: string]: { readonly list: readonly JsonValue[]; readonly index: number } };
  /** By the path of the loop's target. */
  readonly loops: { readonly [path: string]: { readonly iteration: number; readonly value: JsonValue } };
}

/** Values that are too large to lie in their events are left out. */
export function samplesOf(state: ExecutionState, executionId: string): Samples {
  const found = { steps: {}, items: {}, loops: {} } as Found;
  addScope(found, state, state.graph.scopes[0], state.root);
  const input = jsonOf(state.input);
  return {
    execution: {
      id: executionId,
      workflow: state.workflow,
      version: state.version,
      startedAt: toInstant(state.startedAt ?? state.lastAt),
      tags: state.tags,
      correlationId: state.correlationId,
      key: state.key,
    },
    ...(input === undefined ? {} : { input }),
    ...found,
  };
}

interface Found {
  steps: { [path: string]: SampleStep };
  items: { [path: string]: { list: readonly JsonValue[]; index: number } };
  loops: { [path: string]: { iteration: number; value: JsonValue } };
}

function addScope(found: Found, state: ExecutionState, scope: CompiledScope | undefined, at: ScopeState) {
  if (scope === undefined) return;
  for (const [position, node] of scope.nodes.entries()) {
    const step = at.steps[position];
    if (step === undefined || step.status === "pending") continue;
    found.steps[node.path] = sampleOf(step);
    const list = jsonOf(step.map?.list ?? null);
    const shown = furthest(step);
    if (shown === null) continue;
    if (Array.isArray(list)) found.items[node.path] = { list, index: shown.item };
    addScope(found, state, state.graph.scopes[node.body ?? -1], shown.scope);
  }
  for (const { number, target } of scope.loops) {
    const loop = at.loops[number];
    const path = scope.nodes.find(({ ordinal }) => ordinal === target)?.path;
    if (loop !== undefined && path !== undefined)
      found.loops[path] = { iteration: loop.turn, value: jsonOf(loop.value) ?? null };
  }
}

/** The first item that completed; without one the first that began. */
function furthest({ map }: StepState): { item: number; scope: ScopeState } | null {
  if (map === null) return null;
  for (const item of begunItems(map.items, 0, ({ ended }) => ended === "completed")) return item;
  for (const item of begunItems(map.items)) return item;
  return null;
}

function sampleOf({ status, iteration, round, output, error }: StepState): SampleStep {
  const shown = { status, iteration, ...(round > 0 ? { round } : {}) };
  if (status === "failed") return error === null ? shown : { ...shown, error };
  if (status !== "completed") return shown;
  const json = output === null ? null : jsonOf(output);
  return json === undefined ? shown : { ...shown, output: json };
}

function jsonOf(held: Held | null): JsonValue | undefined {
  return held !== null && "json" in held ? held.json : undefined;
}

/** What an expression at that place would have seen; what was not recorded cannot be read. */
export function scopeFrom(samples: Samples, place: ExpressionPlace): Scope {
  const { scope, reader } = place;
  const { startedAt, tags, ...execution } = samples.execution;
  const own = scope.graph.nodes[reader.ordinal ?? -1];
  const round = own === undefined ? undefined : samples.steps[pathOf(scope, own.id)];
  const isUntil = reader.kind === "field" && reader.field === "poll/until";
  const loop = loopFrom(samples, scope, reader.ordinal);
  return {
    input: samples.input as JsonValue,
    steps: stepsFrom(samples, place),
    execution: { ...execution, tags: [...tags], startedAt: toTimestamp(Date.parse(startedAt)) },
    ...itemFrom(samples, scope),
    ...(loop === undefined ? {} : { loop }),
    ...(isUntil && round !== undefined ? { output: round.output, round: round.round ?? 1 } : {}),
  };
}

function stepsFrom(samples: Samples, place: ExpressionPlace): Map<string, object> {
  return new Map(
    stepsAt(place).flatMap(({ id, scope }) => {
      const step = samples.steps[pathOf(scope, id)];
      if (step === undefined) return [];
      const { round: _, ...seen } = step;
      return [[id, seen] as const];
    }),
  );
}

type ItemView = Pick<Scope, "item" | "index" | "outer">;

function itemFrom(samples: Samples, { inside }: JudgedScope): ItemView {
  if (inside === null) return {};
  const found = samples.items[pathOf(inside.scope, inside.map.id)];
  const { item, index, outer } = itemFrom(samples, inside.scope);
  return {
    ...(found === undefined ? {} : { item: found.list[found.index] ?? null, index: found.index }),
    ...(item === undefined || index === undefined ? {} : { outer: { item, index, ...(outer ? { outer } : {}) } }),
  };
}

/** The innermost loop around a node, of whatever scope. */
function loopFrom(samples: Samples, scope: JudgedScope, ordinal: number | null, from = 0): LoopScope | undefined {
  const number = scope.nodes[ordinal ?? -1]?.loops[from];
  if (number === undefined)
    return scope.inside === null ? undefined : loopFrom(samples, scope.inside.scope, scope.inside.ordinal);
  const target = scope.graph.nodes[scope.loops.all[number]?.target ?? -1]?.id ?? "";
  const recorded = samples.loops[pathOf(scope, target)];
  const outer = loopFrom(samples, scope, ordinal, from + 1);
  return {
    iteration: recorded?.iteration ?? 1,
    value: recorded?.value ?? null,
    ...(outer === undefined ? {} : { outer }),
  };
}
