/** Task results through the one door: a token proves a result, and the flush that writes it compares it with the task's row. */
import { readLeases } from "@/db/stores/task-leases";
import { encodeId, keyTime } from "@/lib/contract/ids";
import type { Ack } from "@/lib/contract/workers";
import type { Caller } from "../caller";
import type { Applied, LeaseRequest, Submission } from "../door/door";
import type { PayloadLimit } from "../limits/limits";
import type { Services } from "../services";
import { type Judged, judgeResult } from "./judge-result";
import type { LeaseFact } from "./lease-facts";
import { leaseHash } from "./lease-token";
import { keepDetailsOfFailing, type Prepared, prepareResult } from "./prepare-result";
import { writeLogs } from "./task-logs";

export type ResultServices = Pick<Services, "clock" | "db" | "door" | "leases" | "log" | "queueRates"> & {
  limits?: PayloadLimit;
};

/** Who ran it and when, for the event that ends its attempt. */
type Ran = Omit<LeaseFact, "place"> & { readyAt: number };

/**
 * The ack of each result, in order, after the commit; `lease` is filled by the flush that takes them. Throws what the door
 * throws for any of them: then all may be sent again, and those that were taken say `duplicate`.
 */
export async function applyResults(
  services: ResultServices,
  caller: Caller,
  results: readonly unknown[],
  lease?: LeaseRequest,
): Promise<Ack[]> {
  const limit = services.limits?.payloadBytes(caller.namespaceId);
  const judged = await Promise.all(
    results
      .map((result) => judgeResult(result, limit))
      .map((one) => (isLive(one) ? prepareResult(services, caller, one) : one)),
  );
  const live = judged.filter(isLive);
  await keepDetailsOfFailing(services, caller, live);
  const facts = await factsOf(services, caller, live);
  const now = services.clock.now();
  const submissions = live.map((one) => submission(one, caller, facts.get(one), now));
  const replies = (await services.door.applyAll(submissions, lease)).map(committed);
  const accepted = live.filter((_, i) => replies[i] === "accepted");
  for (const one of live) services.leases.ended(one.leaseToken);
  for (const fact of accepted.flatMap((one) => facts.get(one) ?? []))
    services.queueRates.ended(caller.namespaceId, fact.queue);
  await writeLogs(services, caller.namespaceId, accepted.flatMap(logged));
  const acks = new Map(live.map((one, i) => [one, ackOf(one, replies[i] ?? "stale")]));
  return judged.map((one) => (isLive(one) ? (acks.get(one) as Ack) : one));
}

function isLive<Live extends Judged>(one: Live | Ack): one is Live {
  return "ending" in one;
}

/** What is known of each lease here, and of the others by their rows. */
async function factsOf(services: ResultServices, caller: Caller, live: readonly Judged[]): Promise<Map<Judged, Ran>> {
  const unknown = live.filter((one) => services.leases.get(one.leaseToken) === undefined);
  const rows = unknown.length > 0 ? await readLeases(services.db, caller.namespaceId, unknown) : undefined;
  const facts = new Map<Judged, Ran>();
  for (const one of live) {
    const known = services.leases.get(one.leaseToken);
    const row = rows?.get(one.taskId);
    // A task's key is made when it is dispatched.
    if (known !== undefined) facts.set(one, { ...known, readyAt: keyTime(one.taskId) });
    else if (row !== undefined)
      facts.set(one, { ...row, readyAt: row.readyAt.getTime(), leasedAt: row.leasedAt.getTime() });
  }
  return facts;
}

function submission(
  { executionId, taskId, secret, step, publicTaskId, leaseToken, ending }: Judged,
  { namespaceId, actor }: Caller,
  fact: Ran | undefined,
  now: number,
): Submission {
  const ran = fact && {
    worker: encodeId("worker", fact.workerId),
    queuedMs: Math.max(0, fact.leasedAt - fact.readyAt),
    ranMs: Math.max(0, now - fact.leasedAt),
  };
  return {
    namespaceId,
    executionId,
    actor,
    guard: { taskId, secret },
    command: { ...ending, step, taskId: publicTaskId, lease: leaseHash(leaseToken), ...ran },
  };
}

function committed(result: PromiseSettledResult<Applied>): Applied["reply"] {
  if (result.status === "rejected") throw result.reason;
  return result.value.reply;
}

function logged({ executionId, taskId, place, logs: { lines } }: Prepared) {
  return place === null ? [] : [{ executionId, taskId, place, lines }];
}

function ackOf({ publicTaskId: taskId, rejected, logs }: Judged, reply: Applied["reply"]): Ack {
  const status = statusOf(reply);
  if (status === "rejected") return { taskId, status, code: "EXECUTION_QUARANTINED" };
  if (status === "stale") return { taskId, status };
  if (rejected !== undefined) return { taskId, status: "rejected", code: rejected.code };
  return { taskId, status, ...(logs.code === undefined ? {} : { code: logs.code }) };
}

/** What the door said, as the worker is told. A repeat says `duplicate` where the first said `accepted`: forget it, both mean. */
function statusOf(reply: Applied["reply"]): Ack["status"] {
  switch (reply) {
    case "accepted":
    case "duplicate":
      return reply;
    case "stale":
    case "closed":
    case "unknown-task":
    case "not-found":
      return "stale";
    case "quarantined":
      return "rejected";
    default:
      throw new Error(`a result was answered ${reply}`);
  }
}
