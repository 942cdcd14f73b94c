/** Makes a worker known: what it can be given, and how it is to stay alive. */
import { insertWorker } from "@/db/stores/workers";
import { encodeId } from "@/lib/contract/ids";
import type { RegisterWorker, WorkerRegistered } from "@/lib/contract/workers";
import { RESERVED_PREFIX } from "@/lib/core/definition/graph";
import { type Caller, reachesQueues } from "./caller";
import { HEARTBEAT_INTERVAL_MS, LEASE_MS } from "./leasing/lease-times";
import { unfit } from "./leasing/payload-fit";
import { done, type Outcome, refused } from "./outcome";
import type { Services } from "./services";

export async function registerWorker(
  services: Pick<Services, "clock" | "db" | "keys">,
  caller: Caller,
  body: RegisterWorker,
): Promise<Outcome<WorkerRegistered>> {
  const problem = unfit(body);
  if (problem !== null) return refused(problem.code, problem.message);
  const reserved = body.queues.findIndex((queue) => queue.startsWith(RESERVED_PREFIX));
  if (reserved >= 0) {
    const message = `Queues that begin with ${RESERVED_PREFIX} are the engine's own.`;
    return refused("INVALID_REQUEST", message, {
      errors: [{ path: `/queues/${reserved}`, code: "reserved", message }],
    });
  }
  if (!reachesQueues(caller, body.queues)) return refused("FORBIDDEN", "The key is limited to other queues.");
  const id = services.keys.next();
  await insertWorker(services.db, {
    id,
    namespaceId: caller.namespaceId,
    name: body.name ?? null,
    // Leasing looks at each pair of queue and task: one named twice would be offered twice.
    queues: [...new Set(body.queues)],
    tasks: [...new Set(body.tasks)],
    language: body.language,
    sdkVersion: body.sdkVersion,
    capacity: body.capacity,
    metadata: JSON.stringify(body.metadata ?? {}),
    registeredAt: new Date(services.clock.now()),
  });
  return done({ workerId: encodeId("worker", id), heartbeatIntervalMs: HEARTBEAT_INTERVAL_MS, leaseMs: LEASE_MS });
}
