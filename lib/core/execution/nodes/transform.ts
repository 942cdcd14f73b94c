/** A transform computes a value and is done. */
import type { TransformNode } from "../../../contract/definition";
import type { CompiledNode } from "../../definition/graph";
import { tooLarge } from "../close";
import { completeStep, failStep } from "../endings";
import { outputFields } from "../held";
import { evaluateField } from "../scope";
import { hold, type Turn } from "../turn";

export function startTransform(turn: Turn, node: CompiledNode, { value }: TransformNode) {
  const evaluated = evaluateField(turn, node.ordinal, "value", value);
  if ("error" in evaluated) return failStep(turn, node, evaluated.error);
  const held = hold(turn, evaluated.value);
  if (held === null) return failStep(turn, node, tooLarge(`The value of ${node.id}`));
  completeStep(turn, node, outputFields(held));
}
