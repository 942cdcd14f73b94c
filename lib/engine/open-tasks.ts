/** The dispatches that an execution waits for: each has a row from its dispatch until an event ends it. */
import type { CompiledTask } from "@/lib/core/definition/graph";
import { refOf, stepIn } from "@/lib/core/execution/draft";
import { openStepsOf } from "@/lib/core/execution/open-steps";
import type { ExecutionState } from "@/lib/core/execution/state";
import { isClosed } from "@/lib/core/execution/statuses";
import type { StepRef } from "@/lib/core/execution/step-ref";

export interface OpenTask {
  taskId: string;
  step: StepRef;
  queue: string;
  task: string;
}

export function openTasks(state: ExecutionState): OpenTask[] {
  if (isClosed(state)) return [];
  const ofSteps = openStepsOf(state, 0, []).flatMap((at) => {
    return openTask(stepIn(state, at).taskId, refOf(at), at.node.task);
  });
  const ofCompensations = state.compensations.flatMap(({ step, taskId }, compensation) => {
    return openTask(taskId, { ...step, compensation }, state.graph.nodes[step.ordinal]?.compensation);
  });
  return [...ofSteps, ...ofCompensations];
}

function openTask(taskId: string | null, step: StepRef, definition: CompiledTask | null | undefined): OpenTask[] {
  if (taskId === null) return [];
  if (definition == null) throw new Error(`task ${taskId} is of no node of its graph`);
  return [{ taskId, step, queue: definition.queue, task: definition.task }];
}

/** How many there are, without looking for them. */
export function countOpenTasks(state: ExecutionState): number {
  if (isClosed(state)) return 0;
  const { root, compensations } = state;
  return root.scheduled + compensations.filter(({ taskId }) => taskId !== null).length;
}
