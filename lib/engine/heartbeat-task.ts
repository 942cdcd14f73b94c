/** Renews one lease and records what its handler noted down, for clients that prefer one call a task. */
import { decodeId } from "@/lib/contract/ids";
import type { HeartbeatTask, RenewalAck } from "@/lib/contract/workers";
import type { Caller } from "./caller";
import { problemCode } from "./leasing/answer-task";
import { reachesTask } from "./leasing/reach";
import { type RenewalServices, renewLeases } from "./leasing/renew-leases";
import { done, type Outcome, refused } from "./outcome";

/** What cannot be kept is refused, but the lease is renewed all the same; lines that cannot be read are only told of. */
export async function heartbeatTask(
  services: RenewalServices,
  caller: Caller,
  taskId: string,
  body: HeartbeatTask,
): Promise<Outcome<RenewalAck>> {
  if (decodeId("task", taskId) === null || !(await reachesTask(services, caller, { taskId, ...body })))
    return refused("TASK_NOT_FOUND");
  const [ack] = await renewLeases(services, caller, [{ taskId, ...body }]);
  if (ack?.status !== "ok") return refused("STALE_LEASE");
  return ack.code === undefined || ack.code === "INVALID_LOGS" ? done(ack) : refused(problemCode(ack.code));
}
