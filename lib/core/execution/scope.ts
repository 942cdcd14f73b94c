/** What the expressions of a step see, built from the state: only what they name, so that a large graph costs nothing. */
import type { ErrorInfo } from "../../contract/history";
import type { JsonValue } from "../../contract/json";
import type { Scope } from "../expressions/expression";
import type { References } from "../expressions/references";
import type { Template, TemplateFault } from "../expressions/template";
import { toTimestamp } from "../time";
import type { StepState } from "./state";
import { demand, read, type Turn } from "./turn";

export type Evaluated = { readonly value: JsonValue } | { readonly error: ErrorInfo };

/**
 * The value of one field of a node (ordinal −1: of the definition), or the error that fails the step. `source` is the
 * field's template as the definition has it.
 */
export function evaluateField(turn: Turn, ordinal: number, field: string, source: JsonValue): Evaluated {
  const { graph } = turn.draft;
  const template = graph.template(ordinal, field, source);
  const result = template.evaluate(scopeOf(turn, template));
  demand(turn);
  return "value" in result ? result : { error: expressionError(graph.nodes[ordinal]?.id, field, result.fault) };
}

export function scopeOf(turn: Turn, template: Template): Scope {
  const references = template.expressions.flatMap(({ compiled }) => ("fault" in compiled ? [] : [compiled.references]));
  const readsInput = references.some(({ paths }) => paths.some(({ root }) => root === "input"));
  return {
    input: readsInput ? read(turn, turn.draft.input) : null,
    steps: stepsView(turn, references),
    execution: executionView(turn),
  };
}

function stepsView(turn: Turn, references: readonly References[]): Map<string, unknown> {
  const { steps, graph } = turn.draft;
  if (references.some(({ anyStep }) => anyStep)) return new Map(steps.map((step) => [step.node, stepView(turn, step)]));
  const view = new Map<string, unknown>();
  for (const { steps: names } of references) {
    for (const name of names) {
      const step = steps[graph.ordinals.get(name) ?? -1];
      if (step !== undefined) view.set(name, stepView(turn, step));
    }
  }
  return view;
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

function executionView({ draft, env, now }: Turn): Scope["execution"] {
  return {
    id: env.executionId,
    workflow: draft.workflow,
    version: draft.version,
    startedAt: toTimestamp(draft.startedAt ?? now),
    tags: draft.tags,
    correlationId: draft.correlationId,
    key: draft.key,
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
