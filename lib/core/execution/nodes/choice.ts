/** A choice takes the port of its first case that holds; the event keeps what each case saw. */
import type { ChoiceNode } from "../../../contract/definition";
import type { ErrorInfo, EventData } from "../../../contract/history";
import { OTHERWISE_PORT } from "../../definition/ports";
import { sawOf } from "../../expressions/saw";
import type { At } from "../draft";
import { completeStep, failStep } from "../endings";
import { evaluateField, scopeOf } from "../scope";
import { demand, emit, placeOf, type Turn } from "../turn";

type EvaluatedCase = EventData<"ChoiceEvaluated">["cases"][number];

export function startChoice(turn: Turn, at: At, { cases }: ChoiceNode) {
  const evaluated: EvaluatedCase[] = [];
  for (const [i, { port, when }] of cases.entries()) {
    const field = `cases/${i}/when`;
    const result = evaluateField(turn, at, field, `=${when}`);
    if ("error" in result) return failStep(turn, at, result.error);
    if (typeof result.value !== "boolean") return failStep(turn, at, notABoolean(at, field, when));
    evaluated.push({ port, when, result: result.value, saw: sawByCase(turn, at, field, when) });
    if (result.value) break;
  }
  const last = evaluated.at(-1);
  const port = last?.result ? last.port : OTHERWISE_PORT;
  emit(turn, "ChoiceEvaluated", { ...placeOf(turn, at), port, cases: evaluated });
  completeStep(turn, at, { port });
}

function sawByCase(turn: Turn, at: At, field: string, when: string): EvaluatedCase["saw"] {
  const template = turn.state.graph.template(at.node.ordinal, field, `=${when}`);
  const [first] = template.expressions;
  if (first === undefined || "fault" in first.compiled) return {};
  const saw = sawOf(first.compiled, scopeOf(turn, at, template));
  demand(turn);
  return saw;
}

function notABoolean({ node }: At, field: string, when: string): ErrorInfo {
  return {
    code: "EXPRESSION_ERROR",
    message: `${node.path}, ${field}: the condition gives neither true nor false.`,
    details: { node: node.path, field, position: 0, expression: when },
  };
}
