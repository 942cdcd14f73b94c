/** Checkpoints of a heartbeat through the one door: the task goes on, and its worker is told what is recorded by now. */
import type { Checkpoint, RenewalAck } from "@/lib/contract/workers";
import { findStep } from "@/lib/core/execution/find-step";
import type { ExecutionState, StepState } from "@/lib/core/execution/state";
import type { Caller } from "../caller";
import type { Services } from "../services";
import { roomFor } from "./checkpoints";
import { leaseHash } from "./lease-token";
import { findTask, type OutTask } from "./task-places";

export interface NotedTask extends Omit<OutTask, "namespaceId"> {
  publicTaskId: string;
  leaseToken: string;
  secret: bigint;
  checkpoints: readonly Checkpoint[];
}

/** Answers after the commit. Throws what the door throws: the same heartbeat may be sent again, for the first value of a name wins. */
export async function recordCheckpoints(
  services: Pick<Services, "door" | "histories">,
  { namespaceId, actor }: Caller,
  task: NotedTask,
): Promise<Omit<RenewalAck, "taskId">> {
  const { executionId, taskId, secret, step, checkpoints } = task;
  const found = await findTask(services, { ...task, namespaceId });
  if (found === null) return { status: "stale" };
  const problem = roomFor(found.checkpoints, checkpoints);
  if (problem !== null) return { status: "ok", code: problem.code };
  const { reply, state } = await services.door.apply({
    namespaceId,
    executionId,
    actor,
    guard: { taskId, secret },
    command: {
      type: "checkpoint-task",
      checkpoints,
      step,
      taskId: task.publicTaskId,
      lease: leaseHash(task.leaseToken),
    },
  });
  switch (reply) {
    case "accepted":
      return { status: "ok", checkpoints: await recorded(services, task, state) };
    case "quarantined":
      return { status: "ok", code: "EXECUTION_QUARANTINED" };
    // Its result came first.
    case "duplicate":
    case "stale":
    case "closed":
    case "unknown-task":
    case "not-found":
      return { status: "stale" };
    default:
      throw new Error(`checkpoints were answered ${reply}`);
  }
}

/** What the history holds under the names that were sent. */
async function recorded(
  { histories }: Pick<Services, "histories">,
  { executionId, step, checkpoints }: NotedTask,
  state: ExecutionState | null,
): Promise<Checkpoint[]> {
  const names = new Set(checkpoints.map(({ name }) => name));
  const all: StepState["checkpoints"] = (state && findStep(state, step)?.checkpoints) ?? [];
  const held = all.filter(({ name }) => names.has(name));
  const hashes = held.flatMap(({ value }) => ("ref" in value ? [value.ref.hash] : []));
  const values = hashes.length === 0 ? null : await histories.values(executionId, hashes);
  return held.map(({ name, value }) => ({
    name,
    value: "ref" in value ? (values?.get(value.ref.hash) ?? null) : value.json,
  }));
}
