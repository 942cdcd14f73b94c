/** How each node of a trial stands, for whoever draws the graph: by its id, which is unique in the document. */
import type { StepStatus } from "../../contract/executions";
import { isOpenStep, shownStatus } from "../../core/execution/statuses";
import { eachStep } from "../../core/execution/steps";
import type { TrialRun } from "./trial-run";

/** Of several items, the one that most needs a look. */
const FIRST_TOLD: readonly StepStatus[] = [
  "failed",
  "retrying",
  "running",
  "waiting",
  "scheduled",
  "cancelled",
  "completed",
  "skipped",
  "pending",
];

/** Nodes that were not reached are absent. A task runs as soon as its key lets it; a map while it is open. */
export function nodeStatuses({ state, waiting }: Pick<TrialRun, "state" | "waiting">): Map<string, StepStatus> {
  const running = new Set(waiting.flatMap((thing) => (thing.kind === "task" && !thing.waitsForKey ? [thing.id] : [])));
  const statuses = new Map<string, StepStatus>();
  for (const { node, step } of eachStep(state)) {
    if (step.status === "pending") continue;
    const status =
      step.map !== null && isOpenStep(step) ? "running" : shownStatus(step.status, running.has(step.taskId ?? ""));
    const known = statuses.get(node.id);
    if (known === undefined || FIRST_TOLD.indexOf(status) < FIRST_TOLD.indexOf(known)) statuses.set(node.id, status);
  }
  return statuses;
}
