/** The ways a step ends: each writes its one ending event and hands the nodes behind it on to be judged. */
import type { ErrorInfo, EventData } from "../../contract/history";
import { type CompiledNode, ERROR_PORT } from "../definition/graph";
import { type CancelReason, failExecution } from "./close";
import { emit, placeOf, stepAt, type Turn } from "./turn";

type Completion = Omit<EventData<"StepCompleted">, "node" | "iteration" | "index">;

export function completeStep(turn: Turn, node: CompiledNode, completion: Completion) {
  emit(turn, "StepCompleted", { ...placeOf(turn, node), ...completion });
  handOn(turn, node);
}

/** For good: its `error` edge is taken, or without one its scope fails. */
export function failStep(turn: Turn, node: CompiledNode, error: ErrorInfo) {
  emit(turn, "StepFailed", { ...placeOf(turn, node), error });
  if (node.outs.some(({ port }) => port === ERROR_PORT)) handOn(turn, node);
  else failExecution(turn, error, node.id);
}

export function skipStep(turn: Turn, node: CompiledNode) {
  emit(turn, "StepSkipped", placeOf(turn, node));
  handOn(turn, node);
}

export function cancelStep(turn: Turn, node: CompiledNode, why: CancelReason) {
  const { taskId } = stepAt(turn, node);
  emit(turn, "StepCancelled", { ...placeOf(turn, node), why, ...(taskId === null ? {} : { taskId }) });
  handOn(turn, node);
}

function handOn(turn: Turn, node: CompiledNode) {
  for (const edge of node.outs) turn.ready.push(edge.to);
}
