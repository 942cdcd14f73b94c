/** One execution's turn in an operation: the same use case as for one alone. */
import type { OperationRow } from "@/db/stores/operations";
import type { Controlled } from "@/lib/contract/controls";
import { encodeId } from "@/lib/contract/ids";
import type { Operation, OperationAction, StartOperation } from "@/lib/contract/operations";
import type { Caller } from "../caller";
import { cancelExecution } from "../cancel-execution";
import type { ControlServices } from "../control-execution";
import { Busy, OutcomeUnknown } from "../door/door";
import { type Outcome, type Refusal, refused } from "../outcome";
import { pauseExecution } from "../pause-execution";
import { NoSlot } from "../process/keys";
import { resumeExecution } from "../resume-execution";
import { retryExecution } from "../retry-execution";
import { sendSignal } from "../send-signal";
import { terminateExecution } from "../terminate-execution";

export type ItemError = Operation["errors"][number];

type Command<Action extends OperationAction> = Omit<
  Extract<StartOperation, { action: Action }>,
  "action" | "filter" | "ids"
>;

type Actions = {
  [Action in OperationAction]: (
    services: ControlServices,
    caller: Caller,
    id: string,
    command: Command<Action>,
    key: string,
  ) => Promise<Outcome<Controlled>>;
};

const ACTIONS: Actions = {
  cancel: cancelExecution,
  terminate: terminateExecution,
  pause: pauseExecution,
  resume: resumeExecution,
  retry: retryExecution,
  signal: (services, caller, id, { signal, payload }, key) =>
    sendSignal(services, caller, id, signal, payload === undefined ? {} : { payload }, key),
};

/** null where it was done, now or by an earlier turn. Throws where the database is away: the page is tried again. */
export async function actOn(services: ControlServices, operation: OperationRow, id: bigint): Promise<ItemError | null> {
  const executionId = encodeId("execution", id);
  const outcome = await act(services, operation, executionId);
  return outcome.ok ? null : { executionId, code: outcome.code, message: outcome.detail ?? outcome.code };
}

async function act(
  services: ControlServices,
  { id, namespaceId, actor, action, command }: OperationRow,
  executionId: string,
): Promise<{ ok: true } | Refusal> {
  // As it was checked when the operation was asked for.
  const verb = ACTIONS[action as OperationAction] as Actions["cancel"];
  try {
    return await verb(services, { namespaceId, actor }, executionId, JSON.parse(command), encodeId("operation", id));
  } catch (error) {
    if (error instanceof OutcomeUnknown || error instanceof NoSlot) throw error;
    return refused(error instanceof Busy ? "BUSY" : "INTERNAL");
  }
}
