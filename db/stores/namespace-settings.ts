/** What namespaces may use, as people set it. */
import type { NamespaceLimits } from "@/lib/contract/namespace-settings";
import type { Queryable } from "../client";

/** @param retention JSON text, or null where nothing is removed */
export async function writeNamespaceSettings(
  db: Queryable,
  namespaceId: number,
  limits: NamespaceLimits,
  retention: string | null,
  now: Date,
): Promise<void> {
  await db.query({
    name: "write-namespace-settings",
    text: `insert into namespace_settings (namespace_id, requests_per_minute, open_executions, payload_bytes, history_events,
             retention, updated_at)
           select id, $2, $3, $4, $5, $6, $7 from namespaces where id = $1 and deleted_at is null
           on conflict (namespace_id) do update set requests_per_minute = $2, open_executions = $3, payload_bytes = $4,
             history_events = $5, retention = $6, updated_at = $7`,
    values: [
      namespaceId,
      limits.requestsPerMinute,
      limits.openExecutions,
      limits.payloadBytes,
      limits.historyEvents,
      retention,
      now,
    ],
  });
}
