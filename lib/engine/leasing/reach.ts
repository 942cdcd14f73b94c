/** What a key that is limited to some queues can touch: workers of those alone, and their tasks. */
import type { Queryable } from "@/db/client";
import { firstRow } from "@/db/queries/query";
import { queueOfTask } from "@/db/queries/tasks";
import { decodeId } from "@/lib/contract/ids";
import { type Caller, reachesQueues } from "../caller";
import { decodeLeaseToken } from "./lease-token";
import type { WorkerDirectory } from "./worker-directory";

/** False, too, where a limited caller asks for a worker that is not there. Asks nothing for callers without such a limit. */
export async function reachesWorker(
  { workers }: { workers: WorkerDirectory },
  caller: Caller,
  workerId: string,
): Promise<boolean> {
  if ((caller.limits?.queues ?? null) === null) return true;
  const worker = await workers.find(caller.namespaceId, workerId);
  return worker !== null && reachesQueues(caller, worker.serves);
}

/** A task that has ended has no queue any more: its token is judged as anybody's would be. */
export async function reachesTask(
  { db }: { db: Queryable },
  caller: Caller,
  { taskId, leaseToken }: { taskId: string; leaseToken: string },
): Promise<boolean> {
  if ((caller.limits?.queues ?? null) === null) return true;
  const id = decodeId("task", taskId);
  const token = decodeLeaseToken(leaseToken);
  if (id === null || token === null) return true;
  const row = await firstRow(db, queueOfTask(caller.namespaceId, token.executionId, id));
  return row === null || reachesQueues(caller, [row.queue]);
}
