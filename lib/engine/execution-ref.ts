/** What stands for an execution in a call: its id, or `key:` and the caller's own name for it. */
import type { Queryable } from "@/db/client";
import { executionByKey, executionHead } from "@/db/queries/executions-by-ref";
import { decodeId } from "@/lib/contract/ids";
import { isStorableText } from "@/lib/contract/json";
import { type Caller, reachesWorkflow } from "./caller";
import type { Target } from "./door/door";
import { done, type Outcome, refused } from "./outcome";

/**
 * An id is taken at its word, without a look: that there is no such execution is found where it is used. Only for a caller
 * who is limited to some workflows it is looked at, for others' executions are not there.
 */
export async function findExecution({ db }: { db: Queryable }, caller: Caller, ref: string): Promise<Outcome<Target>> {
  const { namespaceId } = caller;
  const executionId = ref.startsWith("key:") ? await byKey(ref.slice("key:".length)) : decodeId("execution", ref);
  if (executionId === null || !(await reachesExecution({ db }, caller, executionId)))
    return refused("EXECUTION_NOT_FOUND");
  return done({ namespaceId, executionId });

  async function byKey(key: string): Promise<bigint | null> {
    return isStorableText(key) ? executionByKey(db, namespaceId, key) : null;
  }
}

export async function reachesExecution(
  { db }: { db: Queryable },
  caller: Caller,
  executionId: bigint,
): Promise<boolean> {
  if (caller.limits == null || caller.limits.workflows === null) return true;
  const head = await executionHead(db, caller.namespaceId, executionId);
  return head !== null && reachesWorkflow(caller, head.workflow);
}
