/** Operations on executions: for each the same use case as for one alone. */
import { asExecutionFilter, countExecutions, matchingExecutions } from "@/db/queries/executions";
import { allRows, firstRow } from "@/db/queries/query";
import type { OperationRow } from "@/db/stores/operations";
import type { Controlled } from "@/lib/contract/controls";
import type { ExecutionFilter } from "@/lib/contract/executions";
import { encodeId } from "@/lib/contract/ids";
import type { OperationAction, StartOperation } from "@/lib/contract/operations";
import { CLOSED_STATUSES } from "@/lib/core/execution/statuses";
import type { Caller } from "../caller";
import { cancelExecution } from "../cancel-execution";
import type { ControlServices } from "../control-execution";
import type { Outcome } from "../outcome";
import { pauseExecution } from "../pause-execution";
import { resumeExecution } from "../resume-execution";
import { retryExecution } from "../retry-execution";
import { sendSignal } from "../send-signal";
import { terminateExecution } from "../terminate-execution";
import { judgedAlone, type Subject } from "./subject";

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

export const executionSubject: Subject = {
  async count(db, operation, before, limit) {
    const counted = await firstRow(db, countExecutions(selection(operation, before, limit)));
    return counted ?? { found: 0, last: null };
  },
  async page(db, operation, before, limit) {
    const rows = await allRows(db, matchingExecutions(selection(operation, before, limit)));
    return rows.map(({ id }) => id);
  },
  async act(ports, { id: operationId, namespaceId, actor, action, command }, id) {
    const executionId = encodeId("execution", id);
    // As it was checked when the operation was asked for.
    const verb = ACTIONS[action as OperationAction] as Actions["cancel"];
    const key = encodeId("operation", operationId);
    const outcome = await judgedAlone(
      verb(ports, { namespaceId, actor }, executionId, JSON.parse(command) as Command<"cancel">, key),
    );
    return outcome.ok ? null : { executionId, code: outcome.code, message: outcome.detail ?? outcome.code };
  },
};

/** Operation and execution keys are of one kind: what was made after the operation is none of its business. */
function selection({ id, namespaceId, filter }: OperationRow, before: bigint | null, limit: number) {
  const asked = JSON.parse(filter ?? "{}") as ExecutionFilter;
  return { ...asExecutionFilter(asked, CLOSED_STATUSES), namespaceId, before: before ?? id, limit };
}
