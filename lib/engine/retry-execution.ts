/** Lets a failed or timed-out execution go on in its own history, and takes a quarantined one back into service. */
import type { Controlled, RetryExecution } from "@/lib/contract/controls";
import { encodeId } from "@/lib/contract/ids";
import type { Caller } from "./caller";
import { type ControlServices, controlExecution } from "./control-execution";
import type { Target } from "./door/door";
import { findExecution } from "./execution-ref";
import { inputErrors } from "./input-schema";
import { currentState } from "./load-state";
import { done, type Outcome, type Refusal, refused } from "./outcome";

/**
 * A quarantine is lifted without an event, and nothing else is done: whether the execution then has anything to retry is
 * seen once it is back. While its history does not fold, or what is stored does not follow from it, it stays quarantined.
 */
export async function retryExecution(
  services: ControlServices,
  caller: Caller,
  ref: string,
  body: RetryExecution,
  idempotencyKey?: string,
): Promise<Outcome<Controlled>> {
  const target = await findExecution(services, caller, ref);
  if (!target.ok) return target;
  const unfit = await unfitRetry(services, target.value, body);
  if (unfit !== null) return unfit;
  const outcome = await controlExecution(services, caller, ref, { type: "retry", ...body }, idempotencyKey);
  const isQuarantined = !outcome.ok && outcome.code === "EXECUTION_QUARANTINED";
  return isQuarantined ? lift(services, target.value) : outcome;
}

/** The node has to be one of the version that the execution runs, and an input given anew to fit it as the first one had to. */
export async function unfitRetry(
  services: Pick<ControlServices, "door">,
  target: Target,
  { fromNode, input }: RetryExecution,
): Promise<Refusal | null> {
  if (fromNode === undefined) return null;
  const state = await currentState(services, target);
  if (!state.ok) return state;
  const { definition, ordinals } = state.value.graph;
  if (!ordinals.has(fromNode)) return refused("NOT_RETRYABLE", `It has no node ${fromNode}.`);
  const errors = input === undefined ? [] : inputErrors(definition, input);
  return errors.length === 0 ? null : refused("INVALID_INPUT", undefined, { errors });
}

async function lift({ door }: Pick<ControlServices, "door">, target: Target): Promise<Outcome<Controlled>> {
  const lifted = await door.lift(target);
  switch (lifted.outcome) {
    case "lifted":
      return done({ id: encodeId("execution", target.executionId), status: lifted.state.status });
    case "inconsistent": {
      const places = lifted.differences.map(({ where }) => where).slice(0, DIFFERENCES_NAMED);
      return refused("EXECUTION_QUARANTINED", `What is stored does not follow from its history: ${places.join(", ")}.`);
    }
    case "not-found":
      return refused("EXECUTION_NOT_FOUND");
    // Somebody else takes it back right now, or has just done so.
    case "busy":
    case "not-quarantined":
      return refused("BUSY");
  }
}

const DIFFERENCES_NAMED = 10;
