/** What namespaces may use, and how long they keep what is over. */
import type { Query } from "@/db/queries/query";

export interface NamespaceSettingsRow {
  requests_per_minute: number | null;
  open_executions: number | null;
  payload_bytes: number | null;
  history_events: number | null;
  /** JSON text: a duration by status, or null. */
  retention: string | null;
}

/** No row: nothing was set. */
export function namespaceSettings(namespaceId: number): Query<NamespaceSettingsRow> {
  return {
    name: "namespace-settings",
    text: `select requests_per_minute, open_executions, payload_bytes, history_events, retention
      from namespace_settings where namespace_id = $1`,
    values: [namespaceId],
  };
}

/** Of every namespace that removes anything. */
export function retentionRules(): Query<{ namespace_id: number; retention: string }> {
  return {
    name: "retention-rules",
    text: `select s.namespace_id, s.retention from namespace_settings s
      join namespaces n on n.id = s.namespace_id and n.deleted_at is null
      where s.retention is not null order by s.namespace_id`,
    values: [],
  };
}

/** How many executions of a namespace are not closed; those in quarantine are open. */
export function openExecutions(namespaceId: number): Query<{ open: number }> {
  return {
    name: "open-executions",
    text: `select coalesce(sum(delta), 0)::int as open from execution_counts
      where namespace_id = $1 and status not in ('completed', 'failed', 'cancelled', 'terminated', 'timed_out')`,
    values: [namespaceId],
  };
}
