/** What an error answer says (RFC 9457), and every code that one may carry. */
import { z } from "zod";

export const PROBLEM_CODES = [
  "INVALID_JSON",
  "INVALID_REQUEST",
  "INVALID_TEXT",
  "INVALID_DEFINITION",
  "FORMAT_TOO_NEW",
  "INVALID_INPUT",
  "PAYLOAD_TOO_LARGE",
  "UNAUTHENTICATED",
  "FORBIDDEN",
  "CROSS_ORIGIN",
  "NOT_FOUND",
  "METHOD_NOT_ALLOWED",
  "UNSUPPORTED_MEDIA_TYPE",
  "WORKFLOW_NOT_FOUND",
  "EXECUTION_NOT_FOUND",
  "WORKER_NOT_FOUND",
  "TASK_NOT_FOUND",
  "IDEMPOTENCY_CONFLICT",
  "EXECUTION_CLOSED",
  "EXECUTION_QUARANTINED",
  "NOT_RETRYABLE",
  "COMPENSATED",
  "COMPENSATING",
  "VERSION_MISMATCH",
  "TOO_MANY_SIGNALS",
  "OPERATION_NOT_FOUND",
  "ALREADY_DECIDED",
  "APPROVAL_CLOSED",
  "INVALID_DATA",
  "STALE_LEASE",
  "TOO_MANY_REQUESTS",
  "BUSY",
  "OUTCOME_UNKNOWN",
  "UNAVAILABLE",
  "INTERNAL",
] as const;
export type ProblemCode = (typeof PROBLEM_CODES)[number];

export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string().optional(),
  code: z.enum(PROBLEM_CODES),
  requestId: z.string(),
  errors: z.array(z.object({ path: z.string(), code: z.string(), message: z.string() })).optional(),
});
export type Problem = z.infer<typeof problemSchema>;
