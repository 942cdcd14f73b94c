/** How far an execution is. */
import type { ExecutionState } from "./state";

/** Skipped steps were never to run, so they count neither as done nor as left. */
export function progressOf({ steps }: Pick<ExecutionState, "steps">): { completed: number; total: number } {
  let completed = 0;
  let skipped = 0;
  for (const { status } of steps) {
    if (status === "completed") completed++;
    if (status === "skipped") skipped++;
  }
  return { completed, total: steps.length - skipped };
}
