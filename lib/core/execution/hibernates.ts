/** Whether an execution has nothing to do for a while: a host keeps it in its tables alone. */
import { wakeAt } from "./deadlines";
import type { ExecutionState } from "./state";

const LONG_MS = 60_000;

/** No task is out, no child is about to answer, and no time comes within a minute. */
export function hibernates(state: ExecutionState, now: number): boolean {
  if (state.status !== "waiting" && state.status !== "scheduled") return false;
  const next = wakeAt(state);
  if (next !== null && next - now < LONG_MS) return false;
  return !state.root.steps.some(({ wait, map }) => wait?.kind === "child" || map !== null);
}
