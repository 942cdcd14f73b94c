/** One http task from its lease to the command that ends its attempt. */
import type { NamedLease } from "@/db/stores/task-leases";
import { decodeId, keyTime } from "@/lib/contract/ids";
import type { Task } from "@/lib/contract/workers";
import type { StepRef } from "@/lib/core/execution/step-ref";
import type { Submission } from "../door/door";
import { LEASE_MS } from "../leasing/lease-times";
import { decodeLeaseToken, leaseHash } from "../leasing/lease-token";
import type { CallOutcome } from "./call-url";

export interface Calling {
  namespaceId: number;
  task: Task;
  lease: NamedLease;
  step: StepRef;
  /** Aborts the call, and the telling of its outcome: nobody waits for it any more. */
  given: AbortController;
}

/** Throws on a task that no engine gave. */
export function callingOf(namespaceId: number, task: Task): Calling {
  const token = decodeLeaseToken(task.leaseToken);
  const taskId = decodeId("task", task.taskId);
  if (token === null || taskId === null) throw new Error(`no lease of a task: ${task.taskId}`);
  const { executionId, secret, step } = token;
  return { namespaceId, task, step, lease: { executionId, taskId, secret }, given: new AbortController() };
}

/** The event names no worker: it would be taken for one that can be preferred. */
export function submissionOf(
  { namespaceId, task, lease, step }: Calling,
  outcome: CallOutcome,
  now: number,
): Submission {
  const leasedAt = Date.parse(task.leaseExpiresAt) - LEASE_MS;
  const answer = {
    step,
    taskId: task.taskId,
    lease: leaseHash(task.leaseToken),
    // A task's key is made when it is dispatched.
    queuedMs: Math.max(0, leasedAt - keyTime(lease.taskId)),
    ranMs: Math.max(0, now - leasedAt),
  };
  return {
    namespaceId,
    executionId: lease.executionId,
    actor: "engine",
    guard: { taskId: lease.taskId, secret: lease.secret },
    command:
      "output" in outcome
        ? { type: "complete-task", output: outcome.output, ...answer }
        : { type: "fail-task", error: outcome.error, ...answer },
  };
}
