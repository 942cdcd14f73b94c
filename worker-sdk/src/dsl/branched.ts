/** A step and where it leads, as one element. */
import { branchOf } from "./branch";
import { checkElement } from "./check-element";
import { Path } from "./elements";
import type { BranchOutput, CheckedArms, Rule } from "./flow-types";
import type { GraphNode } from "./graph-node";

/**
 * A step with its branch, for where it stands inside of something: an arm, a strand of a group, the body of a map. The arms
 * are those of `branch` and `diverge`, and what follows receives what the arm that was taken returned:
 *
 *     map("each", on(orders), path(branched(charge, { error: onHold }), report))
 *
 * @throws DefinitionError if an arm has no condition, or a condition is a function.
 */
export function branched<Name extends string, In, Out, Ports, const Arms extends { [port: string]: Rule }>(
  step: GraphNode<Name, In, Out, Ports>,
  arms: Arms & CheckedArms<Arms, Out, Ports, false>,
): Path<In, BranchOutput<Arms, Out, Ports, Out>, Name> {
  const element = checkElement(step, "The step of branched(…)");
  return new Path([element, branchOf({ word: "branch", after: step, workflow: step.id }, arms)]);
}
