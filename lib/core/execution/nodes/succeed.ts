/** A succeed node completes its scope now, with its own output or with what the scope would have given. */
import type { SucceedNode } from "../../../contract/definition";
import { cancelOne } from "../cancel";
import { completeExecution, completeWith } from "../close";
import type { At } from "../draft";
import { completeStep, failStep } from "../endings";
import { openStepsOf } from "../open-steps";
import { evaluateField } from "../scope";
import { tooLarge } from "../too-large";
import { hold, type Turn } from "../turn";

export function startSucceed(turn: Turn, at: At, { output }: SucceedNode) {
  if (output === undefined) {
    completeStep(turn, at, {});
    return at.index.length === 0 ? completeExecution(turn) : leaveItem(turn, at);
  }
  const evaluated = evaluateField(turn, at, "output", output);
  if ("error" in evaluated) return failStep(turn, at, evaluated.error);
  const held = hold(turn, evaluated.value);
  if (held === null) return failStep(turn, at, tooLarge(`The output of ${at.node.path}`));
  completeStep(turn, at, { output: held });
  if (at.index.length === 0) completeWith(turn, evaluated.value);
  else leaveItem(turn, at);
}

/** The item is over, whatever is still open in it. */
export function leaveItem(turn: Turn, { node, index }: At) {
  for (const open of openStepsOf(turn.state, node.scope, index)) cancelOne(turn, open, "MAP_ITEM_ENDED");
}
