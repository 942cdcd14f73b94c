/** What stands for an execution in a path: its id, or `key:` and the caller's own name for it. */

import type { Queryable } from "@/db/client";
import { type ExecutionDetailRow, executionById, executionByKey } from "@/db/queries/executions";
import { firstRow, type Query } from "@/db/queries/query";
import { decodeId } from "@/lib/contract/ids";
import { isStorableText } from "@/lib/contract/json";
import { type Caller, reachesWorkflow } from "@/lib/engine/caller";
import type { Target } from "@/lib/engine/door/door";
import { done, type Outcome, refused } from "@/lib/engine/outcome";

export async function readExecution(
  reads: Queryable,
  caller: Caller,
  ref: string,
): Promise<Outcome<ExecutionDetailRow>> {
  const query = queryOf(caller, ref);
  const row = query && (await firstRow(reads, query));
  return row === null || !reachesWorkflow(caller, row.workflow) ? refused("EXECUTION_NOT_FOUND") : done(row);
}

export function targetOf({ id }: ExecutionDetailRow, { namespaceId }: Caller): Target {
  return { namespaceId, executionId: id };
}

function queryOf({ namespaceId }: Caller, ref: string): Query<ExecutionDetailRow> | null {
  if (ref.startsWith("key:")) {
    const key = ref.slice("key:".length);
    return isStorableText(key) ? executionByKey(namespaceId, key) : null;
  }
  const id = decodeId("execution", ref);
  return id === null ? null : executionById(namespaceId, id);
}
