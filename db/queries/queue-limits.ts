/** The limits of one queue; no row: none. */
import type { Query } from "./query";

export interface QueueLimitsRow {
  paused: boolean;
  rate_limit: number | null;
  rate_per_ms: number | null;
  key_rate_limit: number | null;
  key_rate_per_ms: number | null;
}

export function queueLimits(namespaceId: number, queue: string): Query<QueueLimitsRow> {
  return {
    name: "queue-limits",
    text: `select paused, rate_limit, rate_per_ms, key_rate_limit, key_rate_per_ms from queue_limits
      where namespace_id = $1 and queue = $2`,
    values: [namespaceId, queue],
  };
}
