/** A task succeeded: the same as one result of a poll, for clients that prefer one call a task. */
import type { Ack, CompleteTask } from "@/lib/contract/workers";
import type { Caller } from "./caller";
import { answerTask } from "./leasing/answer-task";
import type { ResultServices } from "./leasing/apply-results";
import type { Outcome } from "./outcome";

export function completeTask(
  services: ResultServices,
  caller: Caller,
  taskId: string,
  body: CompleteTask,
): Promise<Outcome<Ack>> {
  return answerTask(services, caller, { taskId, status: "completed", ...body });
}
