/** Cancels an execution: its steps end at once, their lease tokens die, and workers learn it at their next heartbeat. */
import type { CancelExecution, Controlled } from "@/lib/contract/controls";
import type { Caller } from "./caller";
import { type ControlServices, controlExecution } from "./control-execution";
import type { Outcome } from "./outcome";

export function cancelExecution(
  services: ControlServices,
  caller: Caller,
  ref: string,
  body: CancelExecution,
  idempotencyKey?: string,
): Promise<Outcome<Controlled>> {
  return controlExecution(services, caller, ref, { type: "cancel", ...body }, idempotencyKey);
}
