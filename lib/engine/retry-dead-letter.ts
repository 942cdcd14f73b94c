/** Retries the execution that a dead letter belongs to; that it is retried is written with the event that says so. */
import { deadLetterById } from "@/db/queries/dead-letters";
import { firstRow } from "@/db/queries/query";
import type { Controlled } from "@/lib/contract/controls";
import type { RetryDeadLetter } from "@/lib/contract/dead-letters";
import { decodeId, encodeId } from "@/lib/contract/ids";
import { type Caller, reachesWorkflow } from "./caller";
import type { ControlServices } from "./control-execution";
import { type Outcome, refused } from "./outcome";
import { retryExecution } from "./retry-execution";

export async function retryDeadLetter(
  services: ControlServices,
  caller: Caller,
  deadLetterId: string,
  body: RetryDeadLetter,
  idempotencyKey?: string,
): Promise<Outcome<Controlled>> {
  const id = decodeId("deadLetter", deadLetterId);
  const row = id === null ? null : await firstRow(services.db, deadLetterById(caller.namespaceId, id));
  if (row === null || !reachesWorkflow(caller, row.workflow)) return refused("DEAD_LETTER_NOT_FOUND");
  return retryExecution(services, caller, encodeId("execution", row.execution_id), body, idempotencyKey);
}
