/** Which failures something takes, and which endings belong to the end of a whole scope. */
import type { CompiledNode } from "../definition/graph";
import { ERROR_PORT } from "../definition/ports";
import type { StepState } from "./state";

/** Why a step was cancelled. Those of a scope that ended hand nothing on, and may be opened again by a retry. */
export type CancelReason =
  | "JOIN_WON"
  | "LOOP_TAKEN"
  | "MAP_STOPPED"
  | "MAP_ITEM_ENDED"
  | "MAP_CANCELLED"
  | `EXECUTION_${"COMPLETED" | "FAILED" | "CANCELLED" | "TIMED_OUT" | "TERMINATED"}`;

const CLOSING = /^(EXECUTION|MAP)_/;

export function isClosingReason(why: string | null): boolean {
  return why !== null && CLOSING.test(why);
}

/** Whether something takes the failure of such a step: an edge on `error`. */
export function isRouted({ outs, loopEdges }: CompiledNode): boolean {
  return outs.some(({ port }) => port === ERROR_PORT) || loopEdges.some(({ port }) => port === ERROR_PORT);
}

/** A failure that ended its scope. */
export function endsScope(node: CompiledNode, { status, port }: StepState): boolean {
  return status === "failed" && (port === null || !isRouted(node));
}
