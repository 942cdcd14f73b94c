/** How long to wait before the next attempt: exponential back-off, capped, spread by jitter. */
import type { ResolvedRetry } from "../definition/graph";

/**
 * Milliseconds from the failure of attempt `attempt` (1, 2, …) to the next one. `random` is at least 0 and less than 1; the
 * cap holds before jitter, so that attempts at the cap are spread too.
 */
export function retryDelayMs(retry: ResolvedRetry, attempt: number, random: number): number {
  if (retry.initialIntervalMs === 0) return 0;
  const grownMs = Math.min(retry.maxIntervalMs, retry.initialIntervalMs * retry.backoff ** (attempt - 1));
  return Math.round(grownMs * (1 + retry.jitter * (2 * random - 1)));
}
