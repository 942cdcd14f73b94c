/** Heartbeats of tasks: each lease that lives is renewed and its details kept; of the others the worker learns to stop. */
import { type Renewal, renewLeases as renewRows } from "@/db/stores/task-leases";
import { decodeId } from "@/lib/contract/ids";
import type { Heartbeat, HeartbeatAnswer } from "@/lib/contract/workers";
import type { Caller } from "../caller";
import type { Services } from "../services";
import { LEASE_MS } from "./lease-times";
import { decodeLeaseToken } from "./lease-token";
import { unfit } from "./payload-fit";

type Named = Heartbeat["running"][number];
type RenewalAck = HeartbeatAnswer["acks"][number];

/**
 * One statement for all of them. Details that cannot be kept are left out, named by the ack's `code`, and renew the lease
 * all the same: a worker must not lose its task over them.
 */
export async function renewLeases(
  services: Pick<Services, "clock" | "db">,
  caller: Caller,
  running: readonly Named[],
): Promise<RenewalAck[]> {
  const named = running.map((one) => ({ ...one, renewal: renewalOf(one), problem: unfit(one.details) }));
  // The same lease named twice would be two writes to one row, of which SQL makes an arbitrary one.
  const renewals = new Map(named.flatMap(({ taskId, renewal }) => (renewal === null ? [] : [[taskId, renewal]])));
  const living =
    renewals.size === 0
      ? new Set<bigint>()
      : await renewRows(services.db, caller.namespaceId, [...renewals.values()], {
          now: new Date(services.clock.now()),
          leaseMs: LEASE_MS,
        });
  return named.map(({ taskId, renewal, problem }) => {
    const lives = renewal !== null && renewals.get(taskId)?.secret === renewal.secret && living.has(renewal.taskId);
    return { taskId, status: lives ? "ok" : "stale", ...(lives && problem !== null ? { code: problem.code } : {}) };
  });
}

function renewalOf({ taskId, leaseToken, details }: Named): Renewal | null {
  const token = decodeLeaseToken(leaseToken);
  const id = decodeId("task", taskId);
  if (token === null || id === null) return null;
  const kept = details === undefined || unfit(details) !== null ? null : JSON.stringify(details);
  return { executionId: token.executionId, taskId: id, secret: token.secret, details: kept };
}
