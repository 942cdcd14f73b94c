/** What a retry policy comes to: how often it is tried, and how long it pauses in between. */
import type { RetryPolicy } from "../../contract/definition";
import { resolveRetry } from "../../core/definition/graph";
import { parseDuration } from "../../core/durations";
import { retryDelayMs } from "../../core/retry/backoff";

export interface RetryPauses {
  readonly maxAttempts: number;
  /** Before the second attempt, the third, …: the first few, without what jitter adds or takes. */
  readonly pausesMs: readonly number[];
  readonly hasMore: boolean;
  /** Of all pauses together. */
  readonly totalMs: number;
  readonly jitter: number;
}

const SHOWN = 4;

/** `defaults`: the workflow's own, under what the node says. Null: one of its durations is none. */
export function retryPauses(own: RetryPolicy | undefined, defaults: RetryPolicy | undefined): RetryPauses | null {
  const policy = { ...defaults, ...own };
  const pauses = [policy.initialInterval, policy.maxInterval];
  if (pauses.some((pause) => pause !== undefined && parseDuration(pause) === null)) return null;
  const retry = resolveRetry(policy);
  const all = Array.from({ length: retry.maxAttempts - 1 }, (_, i) => retryDelayMs(retry, i + 1, 0.5));
  return {
    maxAttempts: retry.maxAttempts,
    pausesMs: all.slice(0, SHOWN),
    hasMore: all.length > SHOWN,
    totalMs: all.reduce((sum, each) => sum + each, 0),
    jitter: retry.jitter,
  };
}
