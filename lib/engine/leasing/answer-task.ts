/** One result in a call of its own: what a poll would ack as refused is a refusal here. */
import { decodeId } from "@/lib/contract/ids";
import { PROBLEM_CODES, type ProblemCode } from "@/lib/contract/problems";
import type { Ack, ReceivedResult } from "@/lib/contract/workers";
import type { Caller } from "../caller";
import { done, type Outcome, refused } from "../outcome";
import { applyResults, type ResultServices } from "./apply-results";
import { reachesTask } from "./reach";

/** A result that cannot be kept is refused, and its attempt has failed with the refusal's code. */
export async function answerTask(
  services: ResultServices,
  caller: Caller,
  result: ReceivedResult & { leaseToken: string },
): Promise<Outcome<Ack>> {
  if (decodeId("task", result.taskId) === null || !(await reachesTask(services, caller, result)))
    return refused("TASK_NOT_FOUND");
  const [ack] = await applyResults(services, caller, [result]);
  if (ack === undefined || ack.status === "stale") return refused("STALE_LEASE");
  return ack.status === "rejected" ? refused(problemCode(ack.code)) : done(ack);
}

/** An ack's code as a problem of its own. */
export function problemCode(code: string | undefined): ProblemCode {
  return PROBLEM_CODES.find((known) => known === code) ?? "INTERNAL";
}
