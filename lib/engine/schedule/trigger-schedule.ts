/** Starts an execution of a schedule at once, whatever its overlap policy says and whether or not it is paused. */
import { recordTrigger } from "@/db/stores/schedule-runs";
import { decodeId } from "@/lib/contract/ids";
import type { ScheduleTriggered } from "@/lib/contract/schedules";
import type { Caller } from "../caller";
import { done, type Outcome } from "../outcome";
import { type StartServices, startExecution } from "../start-execution";
import { startRequest } from "./run";
import { findSchedule } from "./schedule-ref";

/** The execution is the caller's, and counts as open when the schedule's next run asks. Repeated with its key, it is the same one. */
export async function triggerSchedule(
  services: StartServices,
  caller: Caller,
  ref: string,
  idempotencyKey: string | null,
): Promise<Outcome<ScheduleTriggered & { existed: boolean }>> {
  const found = await findSchedule(services, caller, ref);
  if (!found.ok) return found;
  const outcome = await startExecution(services, caller, startRequest(found.value), idempotencyKey);
  if (!outcome.ok) return outcome;
  const { started, existed } = outcome.value;
  const executionId = decodeId("execution", started.id);
  // Repeated after a crash between the two, it is recorded now.
  if (executionId !== null) await recordTrigger(services.db, caller.namespaceId, found.value.id, executionId);
  return done({ executionId: started.id, existed });
}
