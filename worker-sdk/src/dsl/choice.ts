/** A decision with a place of its own in a timeline. */
import { branchOf } from "./branch";
import { Path } from "./elements";
import type { Arm, CheckedArms, ChoiceInput, ChoiceOutcome } from "./flow-types";
import type { JoinOptions } from "./graph-node";

/**
 * Decides where it stands, after whatever comes before it, or first of all; the arms exclude each other and meet again
 * before what comes next. The first case whose condition holds wins, then `otherwise`; without one, what no case takes
 * just goes on. Other than a `branch`, it belongs to no step, and its node has the id that is given:
 *
 *     timeline(
 *       choice("size", { large: when(input<Order>().total.gt(1000), approval("sign_off")), otherwise: proceed() }),
 *       ship,
 *     )
 *
 * @throws DefinitionError for an arm without a condition, or one whose condition is about a step: `matches`, `onError`.
 */
export function choice<const Id extends string, const Arms extends { [port: string]: Arm }>(
  id: Id,
  arms: Arms & CheckedArms<Arms, unknown, unknown, false>,
  options: JoinOptions = {},
): Path<ChoiceInput<Arms>, ChoiceOutcome<Arms>, Id> {
  return new Path([branchOf({ word: "choice", after: null, node: { id, ...options } }, arms)]);
}
