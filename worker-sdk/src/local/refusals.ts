/** What the core refuses, as the error that a client would get: the same code, the same status. */
import type { Reply } from "@/lib/core/execution/commands";
import { CerebelumError } from "../errors";

const TOLD: Partial<Record<Reply, { code: string; status: number; message: string }>> = {
  closed: { code: "EXECUTION_CLOSED", status: 409, message: "The execution is closed" },
  "not-retryable": { code: "NOT_RETRYABLE", status: 409, message: "The execution cannot be retried" },
  compensated: {
    code: "COMPENSATED",
    status: 409,
    message: "The execution was undone, and cannot be retried in place: fork it, or start anew",
  },
  compensating: { code: "COMPENSATING", status: 409, message: "The execution is being undone" },
  "version-mismatch": {
    code: "VERSION_MISMATCH",
    status: 409,
    message: "A completed step is missing or of another type in that version, or an override names no completed step",
  },
  "too-many-signals": {
    code: "TOO_MANY_SIGNALS",
    status: 429,
    message: "The execution keeps too many signals already",
  },
  "already-decided": { code: "ALREADY_DECIDED", status: 409, message: "The approval was decided already" },
  "approval-closed": { code: "APPROVAL_CLOSED", status: 409, message: "The approval is closed" },
  "invalid-data": { code: "INVALID_DATA", status: 422, message: "The data does not match the form" },
  "too-large": { code: "PAYLOAD_TOO_LARGE", status: 413, message: "The payload is too large" },
};

/** @throws CerebelumError where the reply is a refusal. */
export function throwRefusal(reply: Reply): void {
  const told = TOLD[reply];
  if (told !== undefined) throw refusal(told.code, told.status, told.message);
}

export function refusal(code: string, status: number, message: string): CerebelumError {
  return new CerebelumError({ code, status, message: `${code}: ${message}` });
}
