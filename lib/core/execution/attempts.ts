/** One dispatch of a task and how it ended: by which answer, and whether another follows. */
import type { ErrorInfo, EventData } from "../../contract/history";
import type { ResolvedRetry } from "../definition/graph";
import type { TaskAnswer } from "./commands";

/** By which answer, lease and worker an attempt ended; empty where no answer ended it. */
export type AttemptEnd = Pick<EventData<"StepAttemptFailed">, "taskId" | "lease" | "worker" | "queuedMs" | "ranMs">;

/** Codes that another attempt would only meet again, or that its dispatch has no time left for. */
const NEVER_TRIED_AGAIN: ReadonlySet<string> = new Set([
  "QUEUE_TIMEOUT",
  "TOTAL_TIMEOUT",
  "POLL_TIMEOUT",
  "PAYLOAD_TOO_LARGE",
  "UNKNOWN_PORT",
  "EXPRESSION_ERROR",
]);

/** `spent`: attempts of the present budget, this one included. */
export function mayTryAgain({ code, retryable }: ErrorInfo, retry: ResolvedRetry, spent: number): boolean {
  if (retryable === false || NEVER_TRIED_AGAIN.has(code) || retry.nonRetryable.includes(code)) return false;
  return spent < retry.maxAttempts;
}

type Answered = Omit<TaskAnswer, "lease" | "step"> & { lease?: string };

export function endOf({ taskId, lease, worker, queuedMs, ranMs }: Answered): AttemptEnd {
  return {
    taskId,
    ...(lease === undefined ? {} : { lease }),
    ...(worker === undefined ? {} : { worker }),
    ...(queuedMs === undefined ? {} : { queuedMs }),
    ...(ranMs === undefined ? {} : { ranMs }),
  };
}
