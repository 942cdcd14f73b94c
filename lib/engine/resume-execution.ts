/** Resumes a paused execution: everything that was held follows now, in the order in which it came. */
import type { ControlExecution, Controlled } from "@/lib/contract/controls";
import type { Caller } from "./caller";
import { type ControlServices, controlExecution } from "./control-execution";
import type { Outcome } from "./outcome";

export function resumeExecution(
  services: ControlServices,
  caller: Caller,
  ref: string,
  body: ControlExecution,
  idempotencyKey?: string,
): Promise<Outcome<Controlled>> {
  return controlExecution(services, caller, ref, { type: "resume", ...body }, idempotencyKey);
}
