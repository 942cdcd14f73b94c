/** A worker delivers results and asks for tasks, in one call and, where it delivers, in one transaction. */
import { POLL_WAIT_MAX_MS } from "@/lib/contract/limits";
import type { PollAnswer, ReceivedPoll, Task } from "@/lib/contract/workers";
import { type Caller, reachesQueues } from "./caller";
import type { LeaseRequest } from "./door/door";
import { applyResults, type ResultServices } from "./leasing/apply-results";
import type { KnownWorker } from "./leasing/worker-directory";
import { done, type Outcome, refused } from "./outcome";
import type { Services } from "./services";

type PollServices = ResultServices & Pick<Services, "waiters" | "workers">;

/**
 * With results it answers once they are committed, with the tasks that are ready by then; with none it waits for a task as
 * long as `waitMs` says. Throws OutcomeUnknown or Busy where a result met it: the same call may be sent again.
 */
export async function poll(
  services: PollServices,
  caller: Caller,
  workerId: string,
  body: ReceivedPoll,
  signal: AbortSignal,
): Promise<Outcome<PollAnswer>> {
  const worker = await services.workers.find(caller.namespaceId, workerId);
  if (worker === null || !reachesQueues(caller, worker.serves)) return refused("WORKER_NOT_FOUND");
  const asWorker = { namespaceId: caller.namespaceId, actor: `worker:${workerId}` };
  const answer =
    body.results !== undefined && body.results.length > 0
      ? await deliver(services, asWorker, worker, body, body.results)
      : { acks: [], tasks: await wait(services, worker, body, signal) };
  services.leases.given(worker.id, answer.tasks);
  return done(answer);
}

async function wait(
  services: PollServices,
  worker: KnownWorker,
  body: ReceivedPoll,
  signal: AbortSignal,
): Promise<Task[]> {
  if (body.capacity === 0) return [];
  return services.waiters.wait({
    worker,
    requestId: body.requestId ?? null,
    capacity: body.capacity,
    waitMs: Math.min(body.waitMs ?? 0, POLL_WAIT_MAX_MS),
    signal,
  });
}

async function deliver(
  services: PollServices,
  caller: Caller,
  worker: KnownWorker,
  body: ReceivedPoll,
  results: readonly unknown[],
): Promise<PollAnswer> {
  if (body.capacity === 0) return { acks: await applyResults(services, caller, results), tasks: [] };
  let request: LeaseRequest | undefined;
  const leased = new Promise<Task[]>((fill) => {
    const { id: workerId, namespaceId } = worker;
    const { requestId = null, capacity } = body;
    // The results may be committed all the same; if a lease was, a repeat brings it, or it is released unnamed.
    request = { workerId, namespaceId, requestId, capacity, fill, fail: () => fill([]) };
  });
  const acks = await applyResults(services, caller, results, request);
  return { acks, tasks: await leased };
}
