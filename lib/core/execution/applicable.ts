/** Which actions make sense in which status, so that pages offer no action that would be refused or change nothing. */
import type { ExecutionStatus } from "../../contract/executions";
import type { OperationAction } from "../../contract/operations";
import { isClosed, isQuarantined, isRetryable } from "./statuses";

interface InStatus {
  readonly status: ExecutionStatus;
}

const isInService = (execution: InStatus) => !isClosed(execution) && !isQuarantined(execution);

const APPLIES: Record<OperationAction, (execution: InStatus) => boolean> = {
  // A retry also takes one back into service that had to be put out of it.
  retry: (execution) => isRetryable(execution) || isQuarantined(execution),
  cancel: (execution) => isInService(execution) && execution.status !== "compensating",
  terminate: isInService,
  pause: (execution) => isInService(execution) && execution.status !== "compensating" && execution.status !== "paused",
  resume: ({ status }) => status === "paused",
  signal: isInService,
};

/** As far as the status tells; the history has the last word, such as on a retry after a compensation. */
export function mayTake(action: OperationAction, execution: InStatus): boolean {
  return APPLIES[action](execution);
}
