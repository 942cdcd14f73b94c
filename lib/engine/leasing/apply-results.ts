/** Task results through the one door: a token proves a result, and the flush that writes it compares it with the task's row. */
import { readLeases } from "@/db/stores/task-leases";
import { encodeId, keyTime } from "@/lib/contract/ids";
import type { Ack } from "@/lib/contract/workers";
import type { Caller } from "../caller";
import type { Applied, LeaseRequest, Submission } from "../door/door";
import type { Services } from "../services";
import { type Judged, judgeResult } from "./judge-result";
import type { LeaseFact } from "./lease-facts";
import { leaseHash } from "./lease-token";

/** What the door said, as the worker is told. A repeat says `duplicate` where the first said `accepted`: forget it, both mean. */
const STATUS: Record<Applied["reply"], Ack["status"]> = {
  accepted: "accepted",
  duplicate: "duplicate",
  stale: "stale",
  closed: "stale",
  "unknown-task": "stale",
  "not-found": "stale",
  quarantined: "rejected",
};

export type ResultServices = Pick<Services, "clock" | "db" | "door" | "leases" | "queueRates">;

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
  const judged = results.map(judgeResult);
  const live = judged.filter((one) => "ending" in one);
  const facts = await factsOf(services, caller, live);
  const now = services.clock.now();
  const submissions = live.map((one) => submission(one, caller, facts.get(one), now));
  const applied = (await services.door.applyAll(submissions, lease)).map(committed);
  const acks = new Map(live.map((one, i) => [one, ackOf(one, applied[i] ?? "stale")]));
  for (const [one, { status, code }] of acks) {
    services.leases.ended(one.leaseToken);
    const fact = facts.get(one);
    const ended = status === "accepted" || (status === "rejected" && code !== QUARANTINED);
    if (ended && fact !== undefined) services.queueRates.ended(caller.namespaceId, fact.queue);
  }
  return judged.map((one) => ("ending" in one ? (acks.get(one) as Ack) : one));
}

/** What is known of each lease here, and of the others by their rows. */
async function factsOf(
  services: ResultServices,
  caller: Caller,
  live: readonly Judged[],
): Promise<Map<Judged, LeaseFact & { readyAt: number }>> {
  const unknown = live.filter((one) => services.leases.get(one.leaseToken) === undefined);
  const rows = unknown.length > 0 ? await readLeases(services.db, caller.namespaceId, unknown) : undefined;
  const facts = new Map<Judged, LeaseFact & { readyAt: number }>();
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
  fact: (LeaseFact & { readyAt: number }) | undefined,
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

const QUARANTINED = "EXECUTION_QUARANTINED";

function ackOf({ publicTaskId: taskId, rejected }: Judged, reply: Applied["reply"]): Ack {
  const status = STATUS[reply];
  if (reply === "quarantined") return { taskId, status, code: QUARANTINED };
  if (rejected !== undefined && status !== "stale") return { taskId, status: "rejected", code: rejected.code };
  return { taskId, status };
}
