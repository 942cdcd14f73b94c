/** What an export of one history says beside its events, as of one moment. */
import type { Query } from "@/db/queries/query";
import type { ExecutionStatus } from "@/lib/contract/executions";
import { SIGNATURE, type SignatureRow } from "./signatures";

export interface ExportedHistoryRow {
  id: bigint;
  namespaceId: number;
  namespace: string;
  workflow: string;
  version: number;
  status: ExecutionStatus;
  sequence: number;
  /** In hex. */
  head: string;
  startedAt: Date | null;
  closedAt: Date | null;
  forkedFrom: bigint | null;
  /** Of that version, as canonical JSON text. */
  definition: string;
  signatures: SignatureRow[];
}

export function exportedHistory(namespaceId: number, executionId: bigint): Query<ExportedHistoryRow> {
  return {
    name: "exported-history",
    text: `select e.id, e.namespace_id as "namespaceId", n.name as namespace, w.name as workflow, e.version, e.status, e.sequence,
        encode(e.head, 'hex') as head, e.started_at as "startedAt", e.closed_at as "closedAt", e.forked_from as "forkedFrom",
        v.definition, (select coalesce(json_agg(${SIGNATURE} order by s.sequence), '[]') from history_signatures s
          where s.execution_id = e.id) as signatures
      from executions e join namespaces n on n.id = e.namespace_id join workflows w on w.id = e.workflow_id
        join workflow_versions v on v.workflow_id = w.id and v.version = e.version
      where e.namespace_id = $1 and e.id = $2`,
    values: [namespaceId, executionId],
  };
}
