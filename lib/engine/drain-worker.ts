/** Lets a worker finish what it holds: it gets no more tasks, and is told so at its next heartbeat. */
import { markDraining } from "@/db/stores/workers";
import { decodeId } from "@/lib/contract/ids";
import type { Caller } from "./caller";
import { reachesWorker } from "./leasing/reach";
import { done, type Outcome, refused } from "./outcome";
import type { Services } from "./services";

export async function drainWorker(
  services: Pick<Services, "db" | "waiters" | "workers">,
  caller: Caller,
  workerId: string,
): Promise<Outcome<null>> {
  const id = decodeId("worker", workerId);
  if (id === null || !(await reachesWorker(services, caller, workerId))) return refused("WORKER_NOT_FOUND");
  if (!(await markDraining(services.db, caller.namespaceId, id))) return refused("WORKER_NOT_FOUND");
  services.workers.forget(id);
  services.waiters.endOf(caller.namespaceId, id);
  return done(null);
}
