/** What the core refuses, as callers are told: the one table from its reply to a problem. */
import type { ProblemCode } from "@/lib/contract/problems";
import type { ExecutionState } from "@/lib/core/execution/state";
import type { Applied } from "./door/door";
import { type Refusal, refused } from "./outcome";

interface Told {
  code: ProblemCode;
  detail?: (state: ExecutionState) => string;
}

const whereItIs = ({ status }: ExecutionState) => `The execution is ${status}.`;

/** null: it was done, now or before. */
const TOLD: Record<Applied["reply"], Told | null> = {
  accepted: null,
  duplicate: null,
  "key-conflict": { code: "IDEMPOTENCY_CONFLICT" },
  "not-found": { code: "EXECUTION_NOT_FOUND" },
  quarantined: { code: "EXECUTION_QUARANTINED" },
  closed: { code: "EXECUTION_CLOSED", detail: whereItIs },
  stale: { code: "STALE_LEASE" },
  "unknown-task": { code: "TASK_NOT_FOUND" },
  "not-retryable": { code: "NOT_RETRYABLE", detail: whereItIs },
  compensated: {
    code: "COMPENSATED",
    detail: () => "Steps that it would keep have been undone. Fork it, or start anew.",
  },
  compensating: { code: "COMPENSATING", detail: whereItIs },
  "version-mismatch": {
    code: "VERSION_MISMATCH",
    detail: () =>
      "A completed step is missing or of another type in that version, or an override names no completed step.",
  },
  "too-many-signals": {
    code: "TOO_MANY_SIGNALS",
    detail: ({ signals }) => `${signals.length} signals wait to be used.`,
  },
  "already-decided": { code: "ALREADY_DECIDED" },
  "approval-closed": { code: "APPROVAL_CLOSED" },
  "invalid-data": { code: "INVALID_DATA" },
  "too-large": { code: "PAYLOAD_TOO_LARGE" },
};

/** The refusal that a reply means, or null where it means none. */
export function refusalOf({ reply, state }: Applied): Refusal | null {
  const told = TOLD[reply];
  if (told === null) return null;
  return refused(told.code, state === null ? undefined : told.detail?.(state));
}
