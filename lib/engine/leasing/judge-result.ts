/** One task result as it was sent, judged by itself: what cannot be kept fails its own attempt and spares its batch. */
import { z } from "zod";
import type { NamedLease } from "@/db/stores/task-leases";
import { decodeId } from "@/lib/contract/ids";
import { type Ack, type TaskResult, taskResultSchema } from "@/lib/contract/workers";
import type { Command, StepRef } from "@/lib/core/execution/commands";
import { decodeLeaseToken } from "./lease-token";
import { unfit } from "./payload-fit";

/** How the attempt is to end. */
export type Ending =
  | Pick<Extract<Command, { type: "complete-task" }>, "type" | "output" | "port">
  | Pick<Extract<Command, { type: "fail-task" }>, "type" | "error">;

export interface Judged extends NamedLease {
  publicTaskId: string;
  leaseToken: string;
  step: StepRef;
  ending: Ending;
  /** Why the result was not taken as it was sent; its attempt fails with this code. */
  rejected?: { code: string; message: string };
}

/** Values are taken as they are: they come out of a JSON parser already, and may be large. */
const sentSchema = taskResultSchema.extend({ output: z.unknown().optional() });

/** What to submit, or the ack of a result whose task no command could find. */
export function judgeResult(sent: unknown): Judged | Ack {
  const publicTaskId = textOf(sent, "taskId") ?? "";
  const leaseToken = textOf(sent, "leaseToken");
  if (leaseToken === null) return { taskId: publicTaskId, status: "rejected", code: "INVALID_REQUEST" };
  const token = decodeLeaseToken(leaseToken);
  const taskId = decodeId("task", publicTaskId);
  if (token === null || taskId === null) return { taskId: publicTaskId, status: "stale" };

  const { executionId, secret, step } = token;
  const found = { executionId, taskId, secret, step, publicTaskId, leaseToken };
  const rejected = refusal(sent);
  // Whatever it said, its attempt has ended: the worker has forgotten it, and waiting for the lease to run out helps nobody.
  if (rejected !== null) return { ...found, rejected, ending: { type: "fail-task", error: rejected } };
  return { ...found, ending: endingOf(sent as TaskResult) };
}

function refusal(sent: unknown): { code: string; message: string } | null {
  const shape = sentSchema.safeParse(sent);
  if (shape.success) return unfit(shape.data.output) ?? unfit(shape.data.error);
  const [issue] = shape.error.issues;
  return {
    code: "INVALID_REQUEST",
    message: `The result is malformed at /${issue?.path.join("/")}: ${issue?.message}`,
  };
}

function endingOf({ status, output, port, error }: TaskResult): Ending {
  switch (status) {
    case "completed":
      return { type: "complete-task", output: output ?? null, ...(port === undefined ? {} : { port }) };
    case "failed": {
      const { code = "HANDLER_ERROR", message = "The handler failed and gave no message.", ...more } = error ?? {};
      return { type: "fail-task", error: { code, message, ...more } };
    }
  }
}

function textOf(sent: unknown, member: "taskId" | "leaseToken"): string | null {
  if (typeof sent !== "object" || sent === null) return null;
  const value = (sent as Record<string, unknown>)[member];
  return typeof value === "string" ? value : null;
}
