/** A task succeeded: the same as one result of a poll, for clients that prefer one call a task. */
import type { Ack, CompleteTask } from "@/lib/contract/workers";
import { answerTask } from "./answer-task";
import type { Caller } from "./caller";
import type { Outcome } from "./outcome";
import type { Services } from "./services";

export function completeTask(
  services: Services,
  caller: Caller,
  taskId: string,
  body: CompleteTask,
): Promise<Outcome<Ack>> {
  return answerTask(services, caller, { taskId, status: "completed", ...body });
}
