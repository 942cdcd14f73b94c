/** A fail node ends its scope as failed: with an error of its own, or with that of a step whose `error` edge led here. */
import type { FailNode } from "../../../contract/definition";
import type { ErrorInfo } from "../../../contract/history";
import { storableText } from "../../expressions/storable-text";
import type { At } from "../draft";
import { failStep } from "../endings";
import { rethrownAt } from "../rethrow";
import { type Evaluated, evaluateField } from "../scope";
import { stepAt, type Turn } from "../turn";

const DEFAULT_CODE = "FAILED";
/** Code and message stand in three events, never by reference: longer ones are cut. */
const CODE_CHARACTERS = 128;
const MESSAGE_CHARACTERS = 4096;

export function startFail(turn: Turn, at: At, fail: FailNode) {
  if (fail.rethrow !== undefined) return rethrow(turn, at, fail.rethrow);
  const code = textField(turn, at, "code", fail.code ?? DEFAULT_CODE, CODE_CHARACTERS);
  if ("error" in code) return failStep(turn, at, code.error);
  const message = textField(
    turn,
    at,
    "message",
    fail.message ?? `The workflow failed at ${at.node.path}.`,
    MESSAGE_CHARACTERS,
  );
  if ("error" in message) return failStep(turn, at, message.error);
  failStep(turn, at, { code: code.text, message: message.text });
}

/** Its scope fails as if the other step had had no `error` edge: with its error, in its name. */
function rethrow(turn: Turn, at: At, other: string) {
  const thrown = rethrownAt(turn.state, at);
  const error = thrown === null ? null : stepAt(turn, thrown).error;
  const message = `${at.node.path} should rethrow the error of ${other}, which has not failed.`;
  failStep(turn, at, error ?? { code: DEFAULT_CODE, message });
}

type Text = { readonly text: string } | { readonly error: ErrorInfo };

function textField(turn: Turn, at: At, field: string, source: string, characters: number): Text {
  const evaluated: Evaluated = evaluateField(turn, at, field, source);
  if ("error" in evaluated) return evaluated;
  const { value } = evaluated;
  return { text: storableText(typeof value === "string" ? value : JSON.stringify(value), characters) };
}
