/** Which controls an execution allows where it stands: the engine refuses by this, and pages offer by it. */

import type { ExecutionStatus } from "../../contract/executions";
import { isClosed, isQuarantined, isRetryable } from "./statuses";

export const CONTROLS = ["cancel", "terminate", "pause", "resume", "signal", "retry", "fork"] as const;
export type Control = (typeof CONTROLS)[number];

/** What decides it: a folded state has all of it, and so has the answer of the API but for what was undone. */
export interface Standing {
  readonly status: ExecutionStatus;
  /** Null: it is not paused. */
  readonly pausedAt: number | string | null;
  /** Null: it undoes nothing right now. */
  readonly closing: object | null;
  readonly compensations: readonly { readonly status: string }[];
}

/** `idle`: it would be taken, and nothing would follow from it. `quarantined` is told by the host, not by the core. */
export type Obstacle = "closed" | "not-retryable" | "compensated" | "compensating" | "quarantined" | "idle";

/** What stands in the way of a control; null: it would be done. */
export function obstacleTo(control: Control, standing: Standing): Obstacle | null {
  if (isQuarantined(standing)) return control === "retry" ? null : "quarantined";
  switch (control) {
    case "retry":
      return obstacleToRetry(standing);
    case "fork":
      return null;
    case "pause":
      return obstacleToOpen(standing) ?? obstacleToPause(standing);
    case "resume":
      return obstacleToOpen(standing) ?? (standing.pausedAt === null ? "idle" : null);
    case "cancel":
      return obstacleToOpen(standing) ?? (standing.closing === null ? null : "idle");
    case "terminate":
    case "signal":
      return obstacleToOpen(standing);
  }
}

/** Of lists, which know no more of an execution than its status. The history has the last word, such as on a retry after a compensation. */
export function mayTake(control: Control, { status }: { readonly status: ExecutionStatus }): boolean {
  const standing = {
    status,
    pausedAt: status === "paused" ? "" : null,
    closing: status === "compensating" ? {} : null,
    compensations: [],
  };
  return obstacleTo(control, standing) === null;
}

function obstacleToOpen(standing: Standing): "closed" | null {
  return isClosed(standing) ? "closed" : null;
}

function obstacleToPause({ closing, pausedAt }: Standing): "compensating" | "idle" | null {
  if (closing !== null) return "compensating";
  return pausedAt === null ? null : "idle";
}

/** What was undone cannot be kept, and a retry keeps what completed. */
function obstacleToRetry(standing: Standing): "not-retryable" | "compensated" | null {
  if (!isRetryable(standing)) return "not-retryable";
  return standing.compensations.some(({ status }) => status !== "pending") ? "compensated" : null;
}
