/** What the statuses mean: asked here, so that no host compares them one by one. */
import type { ExecutionStatus, StepStatus } from "../../contract/executions";

export const CLOSED_STATUSES = ["completed", "failed", "cancelled", "terminated", "timed_out"] as const;
const CLOSED: ReadonlySet<ExecutionStatus> = new Set(CLOSED_STATUSES);
const OPEN_STEP: ReadonlySet<StepStatus> = new Set(["scheduled", "running", "waiting", "retrying"]);
const ENDED_STEP: ReadonlySet<StepStatus> = new Set(["completed", "failed", "skipped", "cancelled"]);

/** Nothing but a retry may change it any more. */
export function isClosed({ status }: { readonly status: ExecutionStatus }): boolean {
  return CLOSED.has(status);
}

/** Out of service until it can be folded and decided on again: a fact about its row, which no event tells. */
export function isQuarantined({ status }: { readonly status: ExecutionStatus }): boolean {
  return status === "quarantined";
}

/** A retry may open it again: it failed, or ran out of time. */
export function isRetryable({ status }: { readonly status: ExecutionStatus }): boolean {
  return status === "failed" || status === "timed_out";
}

/** Activated and not ended: it waits for a worker, a time or a person. */
export function isOpenStep({ status }: { readonly status: StepStatus }): boolean {
  return OPEN_STEP.has(status);
}

/** As people are shown it: the history says scheduled, and that a worker has the task by now is a fact about its lease. */
export function shownStatus(status: StepStatus, leased: boolean): StepStatus {
  return status === "scheduled" && leased ? "running" : status;
}

export function isEndedStep({ status }: { readonly status: StepStatus }): boolean {
  return ENDED_STEP.has(status);
}
