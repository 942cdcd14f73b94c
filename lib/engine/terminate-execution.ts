/** Ends an execution at once: nothing is undone, and what was being undone stays as it is. */
import type { ControlExecution, Controlled } from "@/lib/contract/controls";
import type { Caller } from "./caller";
import { type ControlServices, controlExecution } from "./control-execution";
import type { Outcome } from "./outcome";

export function terminateExecution(
  services: ControlServices,
  caller: Caller,
  ref: string,
  body: ControlExecution,
  idempotencyKey?: string,
): Promise<Outcome<Controlled>> {
  return controlExecution(services, caller, ref, { type: "terminate", ...body }, idempotencyKey);
}
