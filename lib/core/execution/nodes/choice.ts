/** A choice takes the port of its first case that holds; the event keeps what each case saw. */
import type { ChoiceNode } from "../../../contract/definition";
import type { ErrorInfo, EventData } from "../../../contract/history";
import { type CompiledNode, OTHERWISE_PORT } from "../../definition/graph";
import { sawOf } from "../../expressions/saw";
import { completeStep, failStep } from "../endings";
import { evaluateField, scopeOf } from "../scope";
import { demand, emit, placeOf, type Turn } from "../turn";

type EvaluatedCase = EventData<"ChoiceEvaluated">["cases"][number];

export function startChoice(turn: Turn, node: CompiledNode, { cases }: ChoiceNode) {
  const evaluated: EvaluatedCase[] = [];
  for (const [i, { port, when }] of cases.entries()) {
    const field = `cases/${i}/when`;
    const result = evaluateField(turn, node.ordinal, field, `=${when}`);
    if ("error" in result) return failStep(turn, node, result.error);
    if (typeof result.value !== "boolean") return failStep(turn, node, notABoolean(node, field, when));
    evaluated.push({ port, when, result: result.value, saw: sawByCase(turn, node, field, when) });
    if (result.value) break;
  }
  const last = evaluated.at(-1);
  const port = last?.result ? last.port : OTHERWISE_PORT;
  emit(turn, "ChoiceEvaluated", { ...placeOf(turn, node), port, cases: evaluated });
  completeStep(turn, node, { port });
}

function sawByCase(turn: Turn, node: CompiledNode, field: string, when: string): EvaluatedCase["saw"] {
  const template = turn.draft.graph.template(node.ordinal, field, `=${when}`);
  const [first] = template.expressions;
  if (first === undefined || "fault" in first.compiled) return {};
  const saw = sawOf(first.compiled, scopeOf(turn, template));
  demand(turn);
  return saw;
}

function notABoolean(node: CompiledNode, field: string, when: string): ErrorInfo {
  return {
    code: "EXPRESSION_ERROR",
    message: `${node.id}, ${field}: the condition gives neither true nor false.`,
    details: { node: node.id, field, position: 0, expression: when },
  };
}
