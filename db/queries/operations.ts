/** Operations as they are shown. */
import type { Query } from "@/db/queries/query";
import { aboutOperation } from "@/db/stores/operations";

export interface OperationViewRow {
  id: bigint;
  action: string;
  total: number;
  done: number;
  failed: number;
  /** JSON text. */
  errors: string;
  actor: string;
  created_at: Date;
  finished_at: Date | null;
}

export function operationById(namespaceId: number, id: bigint): Query<OperationViewRow> {
  return {
    name: "operation-by-id",
    text: `select id, action, total, done, failed, errors, actor, created_at, finished_at
      from operations where id = $2 and namespace_id = $1`,
    values: [namespaceId, id],
    sealed: { columns: ["errors"], about: () => aboutOperation(namespaceId, id, "errors") },
  };
}
