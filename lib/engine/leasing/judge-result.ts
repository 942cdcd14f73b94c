/** One task result as it was sent, judged by itself: what cannot be kept fails its own attempt and spares its batch. */
import type { NamedLease } from "@/db/stores/task-leases";
import { decodeId } from "@/lib/contract/ids";
import { type Ack, type Checkpoint, type ReceivedResult, taskResultSchema } from "@/lib/contract/workers";
import { MAX_DURATION_MS } from "@/lib/core/durations";
import type { Command, TaskAnswer } from "@/lib/core/execution/commands";
import type { StepRef } from "@/lib/core/execution/step-ref";
import { storableText } from "@/lib/core/expressions/storable-text";
import { schemaProblem } from "../check-schemas";
import { judgeCheckpoints } from "./checkpoints";
import { decodeLeaseToken } from "./lease-token";
import { type Unfit, unfit } from "./payload-fit";
import { type ReadLogs, readLogs } from "./task-logs";

type Answer<T extends Command["type"]> = Omit<Extract<Command, { type: T }>, keyof TaskAnswer>;

/** How the dispatch is to end. */
export type Ending = Answer<"complete-task"> | Answer<"fail-task"> | Answer<"sleep-task"> | Answer<"approval-task">;

export interface Judged extends NamedLease {
  publicTaskId: string;
  leaseToken: string;
  step: StepRef;
  ending: Ending;
  logs: ReadLogs;
  /** Why the result was not taken as it was sent; its attempt fails with this code. */
  rejected?: Unfit;
}

/**
 * What to submit, or the ack of a result whose task no command could find.
 * @param limit of one payload of its namespace, in bytes
 */
export function judgeResult(sent: unknown, limit?: number): Judged | Ack {
  const publicTaskId = textOf(sent, "taskId") ?? "";
  const leaseToken = textOf(sent, "leaseToken");
  if (leaseToken === null) return { taskId: publicTaskId, status: "rejected", code: "INVALID_REQUEST" };
  const token = decodeLeaseToken(leaseToken);
  const taskId = decodeId("task", publicTaskId);
  if (token === null || taskId === null) return { taskId: publicTaskId, status: "stale" };

  const { executionId, secret, step } = token;
  const { checkpoints: noted, logs } = sent as { checkpoints?: unknown; logs?: unknown };
  const checkpoints = judgeCheckpoints(noted, step, limit);
  const kept = Array.isArray(checkpoints) ? checkpoints : [];
  const found = { executionId, taskId, secret, step, publicTaskId, leaseToken, logs: readLogs(logs) };
  const rejected = refusal(sent, step, limit) ?? (Array.isArray(checkpoints) ? null : checkpoints);
  if (rejected !== null) return rejectedAs(rejected, kept, found);
  return { ...found, ending: { ...endingOf(sent as ReceivedResult), ...noting(kept) } };
}

/**
 * Whatever it said, its attempt has ended: the worker has forgotten it, and waiting for the lease to run out helps nobody.
 * What the handler noted down stays true.
 */
export function rejectedAs(rejected: Unfit, checkpoints: readonly Checkpoint[], found: Omit<Judged, "ending">): Judged {
  // Sent again it would be refused again.
  const error = rejected.code === "TOO_MANY_CHECKPOINTS" ? { ...rejected, retryable: false } : rejected;
  return { ...found, rejected, ending: { type: "fail-task", error, ...noting(checkpoints) } };
}

function noting(checkpoints: readonly Checkpoint[]): { checkpoints?: readonly Checkpoint[] } {
  return checkpoints.length === 0 ? {} : { checkpoints };
}

function refusal(sent: unknown, step: StepRef, limit: number | undefined): Unfit | null {
  const shape = taskResultSchema.safeParse(sent);
  if (!shape.success) {
    const [issue] = shape.error.issues;
    return malformed(`The result is malformed at /${issue?.path.join("/")}: ${issue?.message}`);
  }
  const { status, output, error, sleep, approval } = shape.data;
  if (status === "completed" || status === "failed") return unfit(output, limit) ?? unfit(error, limit);
  if (step.compensation !== undefined) return malformed("A compensation cannot wait: let it complete or fail.");
  return status === "sleep" ? unfitSleep(sleep, limit) : unfitApproval(approval ?? {}, limit);
}

function unfitSleep(sleep: ReceivedResult["sleep"], limit: number | undefined): Unfit | null {
  if (sleep === undefined) return malformed("The result is malformed at /sleep: is missing");
  return tooLong(sleep.durationMs, "/sleep/durationMs") ?? unfit(sleep, limit);
}

function unfitApproval(approval: NonNullable<ReceivedResult["approval"]>, limit: number | undefined): Unfit | null {
  const problem = unfit(approval, limit) ?? tooLong(approval.timeoutMs, "/approval/timeoutMs");
  if (problem !== null || approval.form === undefined) return problem;
  const inForm = schemaProblem(approval.form, "form");
  return inForm === null ? null : malformed(inForm);
}

function tooLong(ms: number | undefined, path: string): Unfit | null {
  if (ms === undefined || ms <= MAX_DURATION_MS) return null;
  return malformed(`The result is malformed at ${path}: must be at most ${MAX_DURATION_MS}`);
}

function malformed(message: string): Unfit {
  return { code: "INVALID_REQUEST", message };
}

function endingOf({ status, output, port, error, sleep, approval }: ReceivedResult): Ending {
  switch (status) {
    case "completed":
      return { type: "complete-task", output: output ?? null, ...(port === undefined ? {} : { port }) };
    case "failed": {
      const { code = "HANDLER_ERROR", message = "The handler failed and gave no message.", ...more } = error ?? {};
      return { type: "fail-task", error: { code: storableText(code, CODE_CHARACTERS), message, ...more } };
    }
    case "sleep":
      return { type: "sleep-task", ...(sleep as NonNullable<typeof sleep>) };
    case "approval":
      return { type: "approval-task", ...approval };
  }
}

/** Codes are what dead letters are found by: a longer one would fit no index. */
const CODE_CHARACTERS = 200;

function textOf(sent: unknown, member: "taskId" | "leaseToken"): string | null {
  if (typeof sent !== "object" || sent === null) return null;
  const value = (sent as Record<string, unknown>)[member];
  return typeof value === "string" ? value : null;
}
