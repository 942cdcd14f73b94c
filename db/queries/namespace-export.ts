/** What an export of a namespace reads that no list shows; each a page at a time, in the order of a key. */
import type { Query } from "@/db/queries/query";
import type { QueueLimitsRow } from "@/db/queries/queue-limits";
import type { ExecutionStatus } from "@/lib/contract/executions";

export interface ExportedVersionRow {
  workflow_id: number;
  name: string;
  version: number;
  latest_version: number;
  archived_at: Date | null;
}

/** Of archived workflows, too. */
export function versionsAfter(
  namespaceId: number,
  after: { workflowId: number; version: number },
  limit: number,
): Query<ExportedVersionRow> {
  return {
    name: "export-versions",
    text: `select v.workflow_id, w.name, v.version, w.latest_version, w.archived_at
      from workflow_versions v join workflows w on w.id = v.workflow_id
      where w.namespace_id = $1 and (v.workflow_id, v.version) > ($2, $3) order by v.workflow_id, v.version limit $4`,
    values: [namespaceId, after.workflowId, after.version, limit],
  };
}

export function queueLimitsAfter(
  namespaceId: number,
  after: string,
  limit: number,
): Query<QueueLimitsRow & { queue: string }> {
  return {
    name: "export-queue-limits",
    text: `select queue, paused, rate_limit, rate_per_ms, key_rate_limit, key_rate_per_ms from queue_limits
      where namespace_id = $1 and queue > $2 order by queue limit $3`,
    values: [namespaceId, after, limit],
  };
}

export interface ExportedExecutionRow {
  id: bigint;
  workflow: string;
  version: number;
  status: ExecutionStatus;
  sequence: number;
  /** Hex. */
  head: string;
  key: string | null;
  correlation_id: string | null;
  tags: string[] | null;
  start_at: Date | null;
  started_at: Date | null;
  closed_at: Date | null;
  parent_execution_id: bigint | null;
  forked_from: bigint | null;
}

/** The oldest first. */
export function executionsAfter(namespaceId: number, after: bigint, limit: number): Query<ExportedExecutionRow> {
  return {
    name: "export-executions",
    text: `select e.id, w.name as workflow, e.version, e.status, e.sequence, encode(e.head, 'hex') as head, e.key,
        e.correlation_id, e.tags, e.start_at, e.started_at, e.closed_at, e.parent_execution_id, e.forked_from
      from executions e join workflows w on w.id = e.workflow_id
      where e.namespace_id = $1 and e.id > $2 order by e.id limit $3`,
    values: [namespaceId, after, limit],
  };
}

/** In hex, in order. */
export function valueHashesAfter(executionId: bigint, after: string, limit: number): Query<{ hash: string }> {
  return {
    name: "export-value-hashes",
    text: `select encode(hash, 'hex') as hash from payloads where execution_id = $1 and hash > decode($2, 'hex')
      order by hash limit $3`,
    values: [executionId, after, limit],
  };
}

export function signaturesOf(
  executionId: bigint,
): Query<{ sequence: number; key_id: string; head: string; signature: string }> {
  return {
    name: "export-signatures",
    text: `select sequence, key_id, encode(head, 'hex') as head, encode(signature, 'hex') as signature
      from history_signatures where execution_id = $1 order by sequence`,
    values: [executionId],
  };
}

/** What people see of where alerts go: never the address where that is a secret. */
export function alertDestinationsAfter(
  namespaceId: number,
  after: bigint,
  limit: number,
): Query<{
  id: bigint;
  name: string;
  kind: string;
  shown_target: string;
  events: string[];
  enabled: boolean;
  created_at: Date;
}> {
  return {
    name: "export-alert-destinations",
    text: `select id, name, kind, shown_target, events, enabled, created_at from alert_destinations
      where namespace_id = $1 and id > $2 order by id limit $3`,
    values: [namespaceId, after, limit],
  };
}
