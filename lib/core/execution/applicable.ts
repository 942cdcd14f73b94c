/** Which controls make sense in a status, for lists, which know no more of an execution. */
import type { ExecutionStatus } from "../../contract/executions";
import { type Control, obstacleTo } from "./possible";

/** As far as the status tells: the history has the last word, such as on a retry after a compensation. */
export function mayTake(control: Control, { status }: { readonly status: ExecutionStatus }): boolean {
  const standing = {
    status,
    pausedAt: status === "paused" ? "" : null,
    closing: status === "compensating" ? {} : null,
    compensations: [],
  };
  return obstacleTo(control, standing) === null;
}
