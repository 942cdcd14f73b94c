/** What the core refuses, as callers are told: the one table from its reply to a problem. */
import type { ProblemCode } from "@/lib/contract/problems";
import type { Reply } from "@/lib/core/execution/commands";
import type { Applied } from "./door/door";
import { type Refusal, refused } from "./outcome";

/** null: it was done, now or before. */
const PROBLEM_OF: Record<Applied["reply"], ProblemCode | null> = {
  accepted: null,
  duplicate: null,
  "key-conflict": "IDEMPOTENCY_CONFLICT",
  "not-found": "EXECUTION_NOT_FOUND",
  quarantined: "EXECUTION_QUARANTINED",
  closed: "EXECUTION_CLOSED",
  stale: "STALE_LEASE",
  "unknown-task": "TASK_NOT_FOUND",
  "not-retryable": "NOT_RETRYABLE",
  compensated: "COMPENSATED",
  compensating: "COMPENSATING",
  "version-mismatch": "VERSION_MISMATCH",
  "too-many-signals": "TOO_MANY_SIGNALS",
  "already-decided": "ALREADY_DECIDED",
  "approval-closed": "APPROVAL_CLOSED",
  "invalid-data": "INVALID_DATA",
  "too-large": "PAYLOAD_TOO_LARGE",
};

/** The refusal that a reply means, or null where it means none. */
export function refusalOf({ reply, state }: { reply: Applied["reply"] | Reply; state: Applied["state"] }): Refusal | null {
  const code = PROBLEM_OF[reply];
  if (code === null) return null;
  return refused(code, state === null || reply === "quarantined" ? undefined : `The execution is ${state.status}.`);
}
