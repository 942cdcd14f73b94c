/** A worker reports what it runs; it learns which leases live, and whether it is to stop something. */
import { decodeId } from "@/lib/contract/ids";
import type { HeartbeatAnswer, ReceivedHeartbeat } from "@/lib/contract/workers";
import { type Caller, reachesQueues } from "./caller";
import { type RenewalServices, renewLeases } from "./leasing/renew-leases";
import { done, type Outcome, refused } from "./outcome";
import type { Services } from "./services";

export async function heartbeat(
  services: RenewalServices & Pick<Services, "waiters" | "workers">,
  caller: Caller,
  workerId: string,
  body: ReceivedHeartbeat,
): Promise<Outcome<HeartbeatAnswer>> {
  const worker = await services.workers.see(caller.namespaceId, workerId);
  if (worker !== null && !reachesQueues(caller, worker.serves)) return refused("WORKER_NOT_FOUND");
  // It may drain or be gone by way of another process, while a poll of it is parked in this one.
  const id = decodeId("worker", workerId);
  if (id !== null && worker?.draining !== false) services.waiters.endOf(caller.namespaceId, id);
  if (worker === null) return refused("WORKER_NOT_FOUND");
  const asWorker = { namespaceId: caller.namespaceId, actor: `worker:${workerId}` };
  const acks = await renewLeases(services, asWorker, body.running);
  const cancelled = acks
    .filter((ack) => ack.status === "stale")
    .map(({ taskId }) => ({ type: "cancel" as const, taskId }));
  return done({ commands: worker.draining ? [{ type: "drain" }, ...cancelled] : cancelled, acks });
}
