/** Browser calls of the REST API: the session cookie goes along, answers are typed by the contract, refusals are ApiErrors. */
import type { Problem, ProblemCode } from "@/lib/contract/problems";
import { namespaceHeader } from "./namespace";

/** A refusal (a problem of the contract), or `code` null where no server answered at all. */
export class ApiError extends Error {
  constructor(
    message: string,
    readonly status: number,
    readonly code: ProblemCode | null,
    readonly requestId: string | null,
    readonly errors: Problem["errors"] = undefined,
  ) {
    super(message);
    this.name = "ApiError";
  }
}

/** Turns an answer that is not 2xx into an ApiError; also for streams, which are read by their own code. */
export async function problemOf(response: Response): Promise<ApiError> {
  const body: Partial<Problem> | null = await response.json().catch(() => null);
  return new ApiError(
    body?.detail ?? body?.title ?? response.statusText,
    response.status,
    body?.code ?? null,
    body?.requestId ?? null,
    body?.errors,
  );
}

/** Asks `path` below /api/v1; undefined parameters are left out. Throws ApiError. */
export async function api<T>(
  path: string,
  options: {
    method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
    query?: Record<string, string | number | undefined>;
    body?: unknown;
    idempotencyKey?: string;
    signal?: AbortSignal;
  } = {},
): Promise<T> {
  const { method = "GET", query = {}, body, idempotencyKey, signal } = options;
  const given = Object.entries(query).filter((entry): entry is [string, string | number] => entry[1] !== undefined);
  const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)]));
  const headers = namespaceHeader();
  if (body !== undefined) headers["content-type"] = "application/json";
  if (idempotencyKey) headers["idempotency-key"] = idempotencyKey;
  const response = await fetch(`/api/v1${path}${given.length > 0 ? `?${search}` : ""}`, {
    method,
    headers,
    body: body === undefined ? undefined : JSON.stringify(body),
    signal,
  }).catch((cause: unknown) => {
    if (signal?.aborted) throw cause;
    throw new ApiError("", 0, null, null);
  });
  if (!response.ok) throw await problemOf(response);
  // What has nothing to say, such as a deletion, answers no body.
  return response.status === 204 ? (null as T) : ((await response.json()) as T);
}
