/** Every refusal as a client sees it: the one table from problem code to status and title, and its RFC 9457 body. */
import type { Problem, ProblemCode } from "@/lib/contract/problems";
import type { Refusal } from "@/lib/engine/outcome";
import type { Answer } from "@/lib/http/answer";

const PROBLEMS: Record<ProblemCode, { status: number; title: string }> = {
  INVALID_JSON: { status: 400, title: "The body is not valid JSON" },
  INVALID_REQUEST: { status: 422, title: "The request does not have the right shape" },
  INVALID_TEXT: { status: 422, title: "The request contains text that cannot be stored" },
  INVALID_DEFINITION: { status: 422, title: "The definition is not valid" },
  FORMAT_TOO_NEW: { status: 422, title: "The definition's format is newer than this server" },
  INVALID_INPUT: { status: 422, title: "The input does not match the workflow's input schema" },
  PAYLOAD_TOO_LARGE: { status: 413, title: "The request is too large" },
  UNAUTHENTICATED: { status: 401, title: "A valid credential is needed" },
  FORBIDDEN: { status: 403, title: "The credential does not allow this" },
  CROSS_ORIGIN: { status: 403, title: "A signed-in change must come from this site" },
  NOT_FOUND: { status: 404, title: "There is nothing here" },
  METHOD_NOT_ALLOWED: { status: 405, title: "The method is not allowed here" },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, title: "The body must be application/json" },
  WORKFLOW_NOT_FOUND: { status: 404, title: "There is no such workflow" },
  EXECUTION_NOT_FOUND: { status: 404, title: "There is no such execution" },
  WORKER_NOT_FOUND: { status: 404, title: "There is no such worker" },
  TASK_NOT_FOUND: { status: 404, title: "There is no such task" },
  SCHEDULE_NOT_FOUND: { status: 404, title: "There is no such schedule" },
  NAME_TAKEN: { status: 409, title: "The name is taken" },
  IDEMPOTENCY_CONFLICT: { status: 409, title: "The same key came with another request before" },
  EXECUTION_CLOSED: { status: 409, title: "The execution is closed" },
  EXECUTION_QUARANTINED: { status: 409, title: "The execution is quarantined" },
  NOT_RETRYABLE: { status: 409, title: "The execution cannot be retried" },
  COMPENSATED: { status: 409, title: "The execution was undone, and cannot be retried in place" },
  COMPENSATING: { status: 409, title: "The execution is being undone" },
  VERSION_MISMATCH: { status: 409, title: "The history does not fit that version" },
  TOO_MANY_SIGNALS: { status: 429, title: "The execution keeps too many signals already" },
  OPERATION_NOT_FOUND: { status: 404, title: "There is no such operation" },
  ALREADY_DECIDED: { status: 409, title: "The approval was decided already" },
  APPROVAL_CLOSED: { status: 409, title: "The approval is closed" },
  INVALID_DATA: { status: 422, title: "The data does not match the form" },
  APPROVAL_NOT_FOUND: { status: 404, title: "There is no such approval" },
  DEAD_LETTER_NOT_FOUND: { status: 404, title: "There is no such dead letter" },
  DEAD_LETTER_CLOSED: { status: 409, title: "The dead letter is no longer open" },
  TOO_MANY_CHECKPOINTS: { status: 422, title: "The step has too many checkpoints" },
  STALE_LEASE: { status: 409, title: "The lease is no longer valid" },
  TOO_MANY_REQUESTS: { status: 429, title: "Too many requests" },
  TOO_MANY_EXECUTIONS: { status: 429, title: "The namespace has too many open executions" },
  ORGANISATION_NOT_FOUND: { status: 404, title: "There is no such organisation" },
  NAMESPACE_NOT_FOUND: { status: 404, title: "There is no such namespace" },
  MEMBER_NOT_FOUND: { status: 404, title: "There is no such member" },
  LAST_OWNER: { status: 409, title: "An organisation needs an owner" },
  INVITATION_NOT_FOUND: { status: 404, title: "There is no such invitation" },
  INVITATION_CLOSED: { status: 409, title: "The invitation is used, revoked or has expired" },
  API_KEY_NOT_FOUND: { status: 404, title: "There is no such API key" },
  API_KEY_CLOSED: { status: 409, title: "The API key is revoked, has expired or was rotated" },
  ALERT_NOT_FOUND: { status: 404, title: "There is no such alert" },
  VIEW_NOT_FOUND: { status: 404, title: "There is no such view" },
  STALE_DRAFT: { status: 409, title: "Somebody else saved the draft meanwhile" },
  DRAFT_NOT_FOUND: { status: 404, title: "There is no such draft" },
  NOT_DELETABLE: { status: 409, title: "This cannot be deleted" },
  BUSY: { status: 503, title: "The execution is busy" },
  OUTCOME_UNKNOWN: { status: 503, title: "Whether the change was made is unknown" },
  UNAVAILABLE: { status: 503, title: "The server cannot answer now" },
  INTERNAL: { status: 500, title: "Something went wrong on the server" },
};

/** What a client that got a 503 without a better hint should wait before it repeats the call. */
const RETRY_AFTER_MS = 1000;

export function statusOf(code: ProblemCode): number {
  return PROBLEMS[code].status;
}

/** The answer for a refusal. 429 and 503 always carry `Retry-After`, in whole seconds, at least 1. */
export function problemAnswer(refusal: Refusal, requestId: string): Answer {
  const { status, title } = PROBLEMS[refusal.code];
  const problem: Problem = {
    type: `urn:cerebelum:problem:${refusal.code.toLowerCase().replaceAll("_", "-")}`,
    title,
    status,
    detail: refusal.detail,
    code: refusal.code,
    requestId,
    errors: refusal.errors,
  };
  const headers: Record<string, string> = { "content-type": "application/problem+json" };
  if (status === 429 || status === 503)
    headers["retry-after"] = String(Math.max(1, Math.ceil((refusal.retryAfterMs ?? RETRY_AFTER_MS) / 1000)));
  if (status === 401) headers["www-authenticate"] = "Bearer";
  return { status, headers, body: JSON.stringify(problem) };
}
