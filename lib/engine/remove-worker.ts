/** A worker leaves: what it held is ready again at once, and no attempt is counted. */
import { deleteWorker } from "@/db/stores/workers";
import { decodeId } from "@/lib/contract/ids";
import type { Caller } from "./caller";
import { reachesWorker } from "./leasing/reach";
import { done, type Outcome, refused } from "./outcome";
import type { Services } from "./services";

export async function removeWorker(
  services: Pick<Services, "db" | "waiters" | "workers">,
  caller: Caller,
  workerId: string,
): Promise<Outcome<null>> {
  const id = decodeId("worker", workerId);
  if (!(await reachesWorker(services, caller, workerId))) return refused("WORKER_NOT_FOUND");
  const released = id === null ? null : await deleteWorker(services.db, caller.namespaceId, id);
  if (id === null || released === null) return refused("WORKER_NOT_FOUND");
  services.workers.forget(id);
  services.waiters.endOf(caller.namespaceId, id);
  services.waiters.offer(released);
  return done(null);
}
