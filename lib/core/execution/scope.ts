/** What the expressions of a step see, built from the state: only what they name, so that a large graph costs nothing. */
import type { ErrorInfo } from "../../contract/history";
import type { JsonValue } from "../../contract/json";
import type { CompiledNode } from "../definition/graph";
import type { LoopScope, Scope } from "../expressions/expression";
import type { References } from "../expressions/references";
import type { Template, TemplateFault } from "../expressions/template";
import { toTimestamp } from "../time";
import { type At, scopeAt } from "./draft";
import type { StepState } from "./state";
import { demand, read, type Turn } from "./turn";

export type Evaluated = { readonly value: JsonValue } | { readonly error: ErrorInfo };

/** What differs from the state for one expression: the step as it is about to end, what a poll's round gave. */
export interface Seeing {
  readonly own?: Pick<StepState, "status" | "output" | "error">;
  readonly output?: JsonValue;
  readonly round?: number;
}

/**
 * The value of one field of a node, or the error that fails the step. `source` is the field's template as the definition
 * has it.
 */
export function evaluateField(turn: Turn, at: At, field: string, source: JsonValue, seeing: Seeing = {}): Evaluated {
  return evaluate(turn, at, at.node, field, source, seeing);
}

/** The value of the definition's own output. */
export function evaluateOutput(turn: Turn, source: JsonValue): Evaluated {
  return evaluate(turn, null, null, "output", source, {});
}

/** The value of a body's output, for one item of its map. */
export function evaluateBodyOutput(turn: Turn, { node, index }: At, item: number, source: JsonValue): Evaluated {
  const inside = turn.state.graph.scopes[node.body ?? -1]?.nodes[0];
  if (inside === undefined) throw new Error(`${node.path} has no body`);
  const at = { node: { ...inside, loops: [] }, index: [...index, item] };
  return evaluate(turn, at, node, "body/output", source, {});
}

function evaluate(
  turn: Turn,
  at: At | null,
  owner: CompiledNode | null,
  field: string,
  source: JsonValue,
  seeing: Seeing,
): Evaluated {
  const template = turn.state.graph.template(owner?.ordinal ?? -1, field, source);
  const result = template.evaluate(scopeOf(turn, at, template, seeing));
  demand(turn);
  return "value" in result ? result : { error: expressionError(owner?.path, field, result.fault) };
}

export function scopeOf(turn: Turn, at: At | null, template: Template, seeing: Seeing = {}): Scope {
  const references = template.expressions.flatMap(({ compiled }) => ("fault" in compiled ? [] : [compiled.references]));
  const readsInput = references.some(({ paths }) => paths.some(({ root }) => root === "input"));
  const loop = at === null ? undefined : loopView(turn, at);
  const scope: Scope = {
    input: readsInput ? read(turn, turn.state.input) : null,
    steps: stepsView(turn, at, references, seeing),
    execution: executionView(turn),
    ...(loop === undefined ? {} : { loop }),
    ...(seeing.round === undefined ? {} : { output: seeing.output ?? null, round: seeing.round }),
  };
  // A spread would read the item, and with it a list that may be large, where no expression asks for it.
  const item = at === null ? undefined : itemOf(turn, at);
  return item === undefined ? scope : Object.defineProperties(scope, Object.getOwnPropertyDescriptors(item));
}

function stepsView(turn: Turn, at: At | null, references: readonly References[], seeing: Seeing): Map<string, unknown> {
  const { graph } = turn.state;
  const view = new Map<string, unknown>();
  const show = (id: string, step: StepState | undefined) => {
    if (step === undefined || view.has(id)) return;
    view.set(
      id,
      stepView(turn, step.node === at?.node.path && seeing.own !== undefined ? { ...step, ...seeing.own } : step),
    );
  };
  const own = graph.scopes[at?.node.scope ?? 0]?.nodes ?? [];
  const steps = scopeAt(turn.state, at?.node.scope ?? 0, at?.index ?? [])?.steps ?? [];
  const seen = at === null ? {} : seenFrom(turn, at);
  if (references.some(({ anyStep }) => anyStep)) {
    for (const node of own) show(node.id, steps[node.position]);
    for (const step of Object.values(seen)) show(idOf(step.node), step);
    return view;
  }
  const names = new Set(references.flatMap((it) => [...it.steps]));
  if (names.size === 0) return view;
  const prefix = at === null ? "" : at.node.path.slice(0, at.node.path.length - at.node.id.length);
  for (const name of names) {
    const node = graph.nodes[graph.ordinals.get(prefix + name) ?? -1];
    if (node !== undefined) show(name, steps[node.position]);
  }
  for (const step of Object.values(seen)) if (names.has(idOf(step.node))) show(idOf(step.node), step);
  return view;
}

function idOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** The steps around the map that the step is in, as they stood at its start. */
function seenFrom(turn: Turn, at: At): Readonly<Record<string, StepState>> {
  const map = mapAround(turn, at);
  return map === null ? {} : map.step.seen;
}

/** `output` and `error` are there only where the step completed or failed; a large output is asked for only when read. */
function stepView(turn: Turn, step: StepState): object {
  const { status, iteration, error, output } = step;
  if (status === "failed") return { status, iteration, error };
  if (status !== "completed") return { status, iteration };
  return {
    status,
    iteration,
    get output() {
      return read(turn, output);
    },
  };
}

interface ItemView {
  readonly item: JsonValue;
  readonly index: number;
  readonly outer?: ItemView;
}

/** Which item of the innermost map around the step it is for. */
export function itemOf(turn: Turn, at: At): ItemView | undefined {
  const around = mapAround(turn, at);
  const index = at.index.at(-1);
  if (around === null || index === undefined) return undefined;
  const outer = itemOf(turn, around.at);
  const list = around.step.list;
  return {
    get item() {
      const items = read(turn, list);
      return Array.isArray(items) ? (items[index] ?? null) : null;
    },
    index,
    ...(outer === undefined ? {} : { outer }),
  };
}

/** The innermost loop around the step, of whatever scope. */
function loopView(turn: Turn, at: At, from = 0): LoopScope | undefined {
  const number = at.node.loops[from];
  if (number === undefined) {
    const around = mapAround(turn, at);
    return around === null ? undefined : loopView(turn, around.at);
  }
  const loop = scopeAt(turn.state, at.node.scope, at.index)?.loops[number];
  if (loop === undefined) return undefined;
  const outer = loopView(turn, at, from + 1);
  return {
    iteration: loop.turn,
    get value() {
      return read(turn, loop.value);
    },
    ...(outer === undefined ? {} : { outer }),
  };
}

function mapAround({ state }: Turn, { node, index }: At) {
  const map = state.graph.nodes[state.graph.scopes[node.scope]?.map ?? -1];
  if (map === undefined) return null;
  const at = { node: map, index: index.slice(0, -1) };
  const step = scopeAt(state, map.scope, at.index)?.steps[map.position]?.map;
  return step == null ? null : { at, step };
}

function executionView({ state, env, now }: Turn): Scope["execution"] {
  return {
    id: env.executionId,
    workflow: state.workflow,
    version: state.version,
    startedAt: toTimestamp(state.startedAt ?? now),
    tags: state.tags,
    correlationId: state.correlationId,
    key: state.key,
  };
}

function expressionError(node: string | undefined, field: string, fault: TemplateFault): ErrorInfo {
  const { code, message, pointer, source, position } = fault;
  const place = `${node ?? "the definition"}, ${field}${pointer}`;
  return {
    code,
    message: `${place}${position === null ? "" : `, at ${position}`}: ${message}`,
    details: { node: node ?? null, field: `${field}${pointer}`, position, expression: source },
  };
}
