/** Pauses an execution: what comes is recorded, and nothing follows from it until it is resumed. */
import type { ControlExecution, Controlled } from "@/lib/contract/controls";
import type { Caller } from "./caller";
import { type ControlServices, controlExecution } from "./control-execution";
import type { Outcome } from "./outcome";

export function pauseExecution(
  services: ControlServices,
  caller: Caller,
  ref: string,
  body: ControlExecution,
  idempotencyKey?: string,
): Promise<Outcome<Controlled>> {
  return controlExecution(services, caller, ref, { type: "pause", ...body }, idempotencyKey);
}
