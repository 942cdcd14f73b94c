/** A transform computes a value and is done. */
import type { TransformNode } from "../../../contract/definition";
import type { At } from "../draft";
import { completeStep, failStep } from "../endings";
import { evaluateField } from "../scope";
import { tooLarge } from "../too-large";
import { hold, type Turn } from "../turn";

export function startTransform(turn: Turn, at: At, { value }: TransformNode) {
  const evaluated = evaluateField(turn, at, "value", value);
  if ("error" in evaluated) return failStep(turn, at, evaluated.error);
  const held = hold(turn, evaluated.value);
  if (held === null) return failStep(turn, at, tooLarge(`The value of ${at.node.path}`));
  completeStep(turn, at, { output: held });
}
