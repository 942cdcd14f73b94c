/** Renews one lease, for clients that prefer one call a task. */
import { decodeId } from "@/lib/contract/ids";
import type { HeartbeatAnswer, HeartbeatTask } from "@/lib/contract/workers";
import type { Caller } from "./caller";
import { unfit } from "./leasing/payload-fit";
import { renewLeases } from "./leasing/renew-leases";
import { done, type Outcome, refused } from "./outcome";
import type { Services } from "./services";

export async function heartbeatTask(
  services: Pick<Services, "clock" | "db">,
  caller: Caller,
  taskId: string,
  body: HeartbeatTask,
): Promise<Outcome<HeartbeatAnswer["acks"][number]>> {
  if (decodeId("task", taskId) === null) return refused("TASK_NOT_FOUND");
  const problem = unfit(body.details);
  if (problem !== null) return refused(problem.code, problem.message);
  const [ack] = await renewLeases(services, caller, [{ taskId, ...body }]);
  if (ack?.status !== "ok") return refused("STALE_LEASE");
  return done(ack);
}
