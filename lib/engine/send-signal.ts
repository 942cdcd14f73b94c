/** Sends a signal: to the step that waits for it first, or kept until one does. */
import type { Controlled, SendSignal } from "@/lib/contract/controls";
import type { Caller } from "./caller";
import { type ControlServices, controlExecution } from "./control-execution";
import type { Outcome } from "./outcome";

export function sendSignal(
  services: ControlServices,
  caller: Caller,
  ref: string,
  signal: string,
  { payload = null }: SendSignal,
  idempotencyKey?: string,
): Promise<Outcome<Controlled>> {
  return controlExecution(services, caller, ref, { type: "signal", signal, payload }, idempotencyKey);
}
