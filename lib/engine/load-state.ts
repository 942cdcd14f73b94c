/** The folded state of an execution, as of now or as it was after an earlier event. */
import type { Queryable } from "@/db/client";
import { executionHead } from "@/db/queries/executions-by-ref";
import type { ExecutionState } from "@/lib/core/execution/state";
import type { Caller } from "./caller";
import type { Door, Target } from "./door/door";
import { type EventStore, UnfoldableHistory, UnreadableHistory } from "./door/event-store";
import { findExecution } from "./execution-ref";
import { done, type Outcome, refused } from "./outcome";

export interface StateServices {
  db: Queryable;
  door: Pick<Door, "state">;
  histories: Pick<EventStore, "foldUntil">;
}

/** @param at a sequence; past the end it is the end. A history that does not fold is refused as EXECUTION_QUARANTINED. */
export async function loadState(
  services: StateServices,
  caller: Caller,
  ref: string,
  at?: number,
): Promise<Outcome<ExecutionState>> {
  const target = await findExecution(services, caller, ref);
  return target.ok ? stateOf(services, target.value, at) : target;
}

export async function stateOf(services: StateServices, target: Target, at?: number): Promise<Outcome<ExecutionState>> {
  if (at === undefined) return currentState(services, target);
  const { namespaceId, executionId } = target;
  return folded(async () => {
    const row = await executionHead(services.db, namespaceId, executionId);
    return row && services.histories.foldUntil(executionId, at);
  });
}

export function currentState({ door }: Pick<StateServices, "door">, target: Target): Promise<Outcome<ExecutionState>> {
  return folded(() => door.state(target));
}

async function folded(fold: () => Promise<ExecutionState | null>): Promise<Outcome<ExecutionState>> {
  try {
    const state = await fold();
    return state === null ? refused("EXECUTION_NOT_FOUND") : done(state);
  } catch (error) {
    if (!(error instanceof UnfoldableHistory) || error instanceof UnreadableHistory) throw error;
    return refused("EXECUTION_QUARANTINED", "Its history cannot be folded here.");
  }
}
