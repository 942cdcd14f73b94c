/** Cancels an execution: its steps end at once, their lease tokens die, and workers learn it at their next heartbeat. */
import type { CancelExecution, ExecutionStatus } from "@/lib/contract/executions";
import { encodeId } from "@/lib/contract/ids";
import type { Caller } from "./caller";
import { findExecution } from "./execution-ref";
import { unfit } from "./leasing/payload-fit";
import { done, type Outcome, refused } from "./outcome";
import type { Services } from "./services";

export async function cancelExecution(
  services: Pick<Services, "db" | "door">,
  caller: Caller,
  ref: string,
  body: CancelExecution,
): Promise<Outcome<{ id: string; status: ExecutionStatus }>> {
  const problem = unfit(body);
  if (problem !== null) return refused(problem.code, problem.message);
  const target = await findExecution(services, caller, ref);
  if (!target.ok) return target;
  const { reply, state } = await services.door.apply({
    ...target.value,
    actor: caller.actor,
    command: { type: "cancel", ...body },
  });
  if (reply === "quarantined") return refused("EXECUTION_QUARANTINED");
  if (reply === "not-found" || state === null) return refused("EXECUTION_NOT_FOUND");
  if (reply === "closed") return refused("EXECUTION_CLOSED", `The execution is ${state.status}.`);
  return done({ id: encodeId("execution", target.value.executionId), status: state.status });
}
