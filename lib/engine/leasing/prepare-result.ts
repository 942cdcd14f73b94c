/**
 * What has to be known of a result before it is applied, because its step moves on with it: whether there is room for its
 * checkpoints, and which attempt it answers for. Most results need neither, and cost nothing here.
 */
import { type FailingLease, keepHeartbeatDetails } from "@/db/stores/heartbeat-details";
import type { Caller } from "../caller";
import type { Services } from "../services";
import { roomFor } from "./checkpoints";
import { type Judged, rejectedAs } from "./judge-result";
import type { TaskPlace } from "./lease-facts";
import { findTask } from "./task-places";

export interface Prepared extends Judged {
  /** null where nobody asks, or nobody waits for it. */
  place: TaskPlace | null;
}

export async function prepareResult(
  services: Pick<Services, "door" | "leases">,
  { namespaceId }: Caller,
  judged: Judged,
): Promise<Prepared> {
  const { ending, logs, leaseToken } = judged;
  const { checkpoints = [] } = ending;
  if (checkpoints.length === 0 && logs.lines.length === 0 && ending.type !== "fail-task")
    return { ...judged, place: null };
  const given = services.leases.get(leaseToken)?.place;
  if (checkpoints.length === 0 && given !== undefined) return { ...judged, place: given };
  const found = await findTask(services, { ...judged, namespaceId });
  const problem = found === null ? null : roomFor(found.checkpoints, checkpoints);
  const place = given ?? found?.place ?? null;
  return { ...(problem === null ? judged : rejectedAs(problem, [], judged)), place };
}

/** What the heartbeats of a failing attempt carried goes with its row, unless it is kept for the next one. */
export async function keepDetailsOfFailing(
  { db }: Pick<Services, "db">,
  { namespaceId }: Caller,
  results: readonly Prepared[],
): Promise<void> {
  const failing = new Map<bigint, FailingLease>();
  for (const { ending, place, executionId, taskId, secret } of results)
    if (ending.type === "fail-task" && place !== null)
      failing.set(taskId, { namespaceId, executionId, taskId, secret, iteration: place.iteration, round: place.round });
  if (failing.size > 0) await keepHeartbeatDetails(db, [...failing.values()]);
}
