/** Waits for the end of an execution: what came out, or that it is still open when the time is up. */
import type { ExecutionResult } from "@/lib/contract/executions";
import { encodeId } from "@/lib/contract/ids";
import type { JsonValue } from "@/lib/contract/json";
import type { ExecutionState, Held } from "@/lib/core/execution/state";
import { toInstant } from "@/lib/core/time";
import type { Caller } from "./caller";
import type { Target } from "./door/door";
import { findExecution } from "./execution-ref";
import { type StateServices, stateOf } from "./load-state";
import { done, type Outcome } from "./outcome";
import type { Services } from "./services";

type ResultServices = StateServices & Pick<Services, "announcements" | "histories">;

/**
 * The answer for an open execution has no `closedAt`. While it waits it costs an entry in a map and no query.
 * @param signal the caller has gone, or the server stops: it answers at once
 */
export async function waitForResult(
  services: ResultServices,
  caller: Caller,
  ref: string,
  waitMs: number,
  signal: AbortSignal,
): Promise<Outcome<ExecutionResult>> {
  const found = await findExecution(services, caller, ref);
  if (!found.ok) return found;
  const target = found.value;
  // Watched before the first look, so that a close between the two is not missed.
  const watch = services.announcements.watch(target.executionId);
  const timeUp = new AbortController();
  const timer = setTimeout(() => timeUp.abort(), waitMs);
  try {
    let state = await stateOf(services, target);
    if (state.ok && state.value.closedAt === null && waitMs > 0) {
      await watch.past(Number.POSITIVE_INFINITY, AbortSignal.any([signal, timeUp.signal]));
      state = await stateOf(services, target);
    }
    return state.ok ? done(await result(services, target, state.value)) : state;
  } finally {
    clearTimeout(timer);
    watch.stop();
  }
}

async function result(
  services: Pick<Services, "histories">,
  { executionId }: Target,
  { status, output, error, closedAt }: ExecutionState,
): Promise<ExecutionResult> {
  const id = encodeId("execution", executionId);
  if (closedAt === null) return { id, status };
  return { id, status, output: await readHeld(services, executionId, output), error, closedAt: toInstant(closedAt) };
}

async function readHeld(
  { histories }: Pick<Services, "histories">,
  executionId: bigint,
  held: Held | null,
): Promise<JsonValue> {
  if (held === null) return null;
  if ("json" in held) return held.json;
  const value = (await histories.values(executionId, [held.ref.hash])).get(held.ref.hash);
  if (value === undefined) throw new Error(`the output of execution ${executionId} is missing`);
  return value;
}
