/** What stands for an execution in a call: its id, or `key:` and the caller's own name for it. */
import type { Queryable } from "@/db/client";
import { executionByKey } from "@/db/queries/executions-by-ref";
import { decodeId } from "@/lib/contract/ids";
import { isStorableText } from "@/lib/contract/json";
import type { Caller } from "./caller";
import type { Target } from "./door/door";
import { done, type Outcome, refused } from "./outcome";

/** An id is taken at its word, without a look: that there is no such execution is found where it is used. */
export async function findExecution(
  { db }: { db: Queryable },
  { namespaceId }: Caller,
  ref: string,
): Promise<Outcome<Target>> {
  const executionId = ref.startsWith("key:") ? await byKey(ref.slice("key:".length)) : decodeId("execution", ref);
  return executionId === null ? refused("EXECUTION_NOT_FOUND") : done({ namespaceId, executionId });

  async function byKey(key: string): Promise<bigint | null> {
    return isStorableText(key) ? executionByKey(db, namespaceId, key) : null;
  }
}
