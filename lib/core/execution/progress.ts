/** How far an execution is. */
import type { ExecutionState } from "./state";

/** By the definition's own steps. Skipped ones were never to run, so they count neither as done nor as left. */
export function progressOf({ root }: Pick<ExecutionState, "root">): { completed: number; total: number } {
  let completed = 0;
  let skipped = 0;
  for (const { status } of root.steps) {
    if (status === "completed") completed++;
    if (status === "skipped") skipped++;
  }
  return { completed, total: root.steps.length - skipped };
}
