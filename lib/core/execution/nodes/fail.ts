/** A fail node ends its scope as failed: with an error of its own, or with that of a step whose `error` edge led here. */
import type { FailNode } from "../../../contract/definition";
import type { ErrorInfo } from "../../../contract/history";
import type { CompiledNode } from "../../definition/graph";
import { storableText } from "../../expressions/storable-text";
import { failExecution } from "../close";
import { failStep } from "../endings";
import { type Evaluated, evaluateField } from "../scope";
import { emit, nodeAt, placeOf, stepAt, type Turn } from "../turn";

const DEFAULT_CODE = "FAILED";
/** Code and message stand in three events, never by reference: longer ones are cut. */
const CODE_CHARACTERS = 128;
const MESSAGE_CHARACTERS = 4096;

export function startFail(turn: Turn, node: CompiledNode, fail: FailNode) {
  if (fail.rethrow !== undefined) return rethrow(turn, node, fail.rethrow);
  const code = textField(turn, node, "code", fail.code ?? DEFAULT_CODE, CODE_CHARACTERS);
  if ("error" in code) return failStep(turn, node, code.error);
  const message = textField(
    turn,
    node,
    "message",
    fail.message ?? `The workflow failed at ${node.id}.`,
    MESSAGE_CHARACTERS,
  );
  if ("error" in message) return failStep(turn, node, message.error);
  failStep(turn, node, { code: code.text, message: message.text });
}

/** The execution fails as if the other step had had no `error` edge: with its error, in its name. */
function rethrow(turn: Turn, node: CompiledNode, other: string) {
  const failed = stepAt(turn, nodeAt(turn, turn.draft.graph.ordinals.get(other) ?? -1));
  if (failed.status !== "failed" || failed.error === null) {
    const message = `${node.id} should rethrow the error of ${other}, which has not failed.`;
    return failStep(turn, node, { code: DEFAULT_CODE, message });
  }
  emit(turn, "StepFailed", { ...placeOf(turn, node), error: failed.error });
  failExecution(turn, failed.error, other);
}

type Text = { readonly text: string } | { readonly error: ErrorInfo };

function textField(turn: Turn, node: CompiledNode, field: string, source: string, characters: number): Text {
  const evaluated: Evaluated = evaluateField(turn, node.ordinal, field, source);
  if ("error" in evaluated) return evaluated;
  const { value } = evaluated;
  return { text: storableText(typeof value === "string" ? value : JSON.stringify(value), characters) };
}
