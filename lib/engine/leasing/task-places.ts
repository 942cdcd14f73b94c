/** Which attempt of which step a task is, and what that step has noted down: for what is kept beside a task's answer. */
import { encodeId } from "@/lib/contract/ids";
import { findCompensation, findStep } from "@/lib/core/execution/find-step";
import type { ExecutionState, StepState } from "@/lib/core/execution/state";
import type { StepRef } from "@/lib/core/execution/step-ref";
import type { Door, Target } from "../door/door";
import { UnfoldableHistory } from "../door/event-store";
import type { TaskPlace } from "./lease-facts";

export interface OutTask extends Target {
  taskId: bigint;
  step: StepRef;
}

/** What the folded state says of a task that its step waits for. */
export interface FoundTask {
  place: TaskPlace;
  checkpoints: StepState["checkpoints"];
}

/** null where nobody waits for that task, or where its history cannot be folded. */
export async function findTask({ door }: { door: Pick<Door, "state"> }, task: OutTask): Promise<FoundTask | null> {
  const state = await door.state(task).catch((error: unknown) => {
    if (error instanceof UnfoldableHistory) return null;
    throw error;
  });
  return state && taskIn(state, task);
}

function taskIn(state: ExecutionState, { step: ref, taskId }: OutTask): FoundTask | null {
  const found = ref.compensation === undefined ? findStep(state, ref) : findCompensation(state, ref);
  if (found?.taskId !== encodeId("task", taskId)) return null;
  const { node, iteration, index, attempt } = found;
  const { round, checkpoints } = "round" in found ? found : { round: 0, checkpoints: [] };
  return { place: { node, iteration, ...(index === undefined ? {} : { index }), attempt, round }, checkpoints };
}
