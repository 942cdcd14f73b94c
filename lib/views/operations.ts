/** Operations, as the API shows them. */
import type { Queryable } from "@/db/client";
import { type OperationViewRow, operationById } from "@/db/queries/operations";
import { firstRow } from "@/db/queries/query";
import { decodeId, encodeId } from "@/lib/contract/ids";
import type { Operation } from "@/lib/contract/operations";

export async function readOperation(reads: Queryable, namespaceId: number, id: string): Promise<Operation | null> {
  const key = decodeId("operation", id);
  const row = key === null ? null : await firstRow(reads, operationById(namespaceId, key));
  return row && operationView(row);
}

function operationView(row: OperationViewRow): Operation {
  const { id, action, total, done, failed, errors, actor, created_at: createdAt, finished_at: finishedAt } = row;
  return {
    id: encodeId("operation", id),
    action,
    status: finishedAt === null ? "running" : "done",
    total,
    done,
    failed,
    errors: JSON.parse(errors),
    createdAt: createdAt.toISOString(),
    createdBy: actor,
    closedAt: finishedAt?.toISOString() ?? null,
  };
}
