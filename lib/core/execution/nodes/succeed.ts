/** A succeed node completes its scope now, with its own output or with what the scope would have given. */
import type { SucceedNode } from "../../../contract/definition";
import type { CompiledNode } from "../../definition/graph";
import { completeExecution, completeWith, tooLarge } from "../close";
import { completeStep, failStep } from "../endings";
import { outputFields } from "../held";
import { evaluateField } from "../scope";
import { hold, type Turn } from "../turn";

export function startSucceed(turn: Turn, node: CompiledNode, { output }: SucceedNode) {
  if (output === undefined) {
    completeStep(turn, node, {});
    return completeExecution(turn);
  }
  const evaluated = evaluateField(turn, node.ordinal, "output", output);
  if ("error" in evaluated) return failStep(turn, node, evaluated.error);
  const held = hold(turn, evaluated.value);
  if (held === null) return failStep(turn, node, tooLarge(`The output of ${node.id}`));
  completeStep(turn, node, outputFields(held));
  completeWith(turn, evaluated.value);
}
