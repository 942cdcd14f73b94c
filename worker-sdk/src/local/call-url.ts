/**
 * The call of an http step, by `fetch`. What is sent, what the step gives and how it fails are the server's; its guard is
 * not needed, for this process may call what its developer may.
 */
import { validateHeaderName, validateHeaderValue } from "node:http";
import type { ErrorInfo } from "@/lib/contract/history";
import { bodyValue, FRAMING_HEADERS, isWorthAnotherTry } from "@/lib/contract/http-answers";
import { PAYLOAD_BYTES } from "@/lib/contract/limits";
import { serialise } from "../handler/payload";
import type { JsonValue } from "../types/definition";

export type CallOutcome = { output: JsonValue } | { error: ErrorInfo };

export interface CallOptions {
  /** Sent with everything but GET and HEAD. */
  idempotencyKey: string;
  timeoutMs: number;
  /** Nobody waits for the outcome any more. */
  signal: AbortSignal;
}

type Fields = { [name: string]: JsonValue };
type Values = { [name: string]: JsonValue | JsonValue[] };

/** Where an http step sets no `timeout.attempt`. */
export const CALL_TIMEOUT_MS = 30_000;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Rejects only once `signal` is aborted. */
export async function callUrl(
  request: JsonValue,
  { idempotencyKey, timeoutMs, signal }: CallOptions,
): Promise<CallOutcome> {
  const late = AbortSignal.timeout(Math.min(timeoutMs, LONGEST_TIMER_MS));
  let url: URL | undefined;
  try {
    const asked = request as Fields;
    url = urlOf(asked);
    const sent = initOf(asked, idempotencyKey);
    const answer = await fetch(url, { ...sent, redirect: "follow", signal: AbortSignal.any([signal, late]) });
    return await outcomeOf(answer, url.host);
  } catch (error) {
    signal.throwIfAborted();
    if (late.aborted)
      return { error: { code: "ATTEMPT_TIMEOUT", message: `The call took longer than ${timeoutMs} ms.` } };
    if (error instanceof NotSent) return { error: httpError(error.message, error.reason, false) };
    const why = codeOf(error);
    return { error: httpError(`The call to ${url?.host ?? "it"} failed: ${why}.`, "network", true) };
  }
}

/** There is nothing that could be sent, or a server would not send it. */
class NotSent extends Error {
  constructor(
    message: string,
    readonly reason: "invalid" | "refused" = "invalid",
  ) {
    super(message);
  }
}

function invalid(what: string): NotSent {
  return new NotSent(`The request cannot be sent. ${what}.`);
}

function urlOf({ url: text, query }: Fields): URL {
  const url = typeof text === "string" && URL.canParse(text) ? new URL(text) : null;
  if (url === null) throw invalid("/url: it is no absolute URL");
  if (!/^https?:$/.test(url.protocol)) throw refused(url, "only http and https are called");
  if (url.username !== "" || url.password !== "") throw refused(url, "credentials belong into a header");
  for (const [name, value] of Object.entries((query ?? {}) as Values))
    for (const each of Array.isArray(value) ? value : [value])
      if (each !== null) url.searchParams.append(name, scalar(each, `/query/${name}`));
  url.hash = "";
  return url;
}

function refused({ host }: URL, why: string): NotSent {
  return new NotSent(`The call to ${host} is refused: ${why}.`, "refused");
}

function initOf({ method = "GET", headers, body }: Fields, idempotencyKey: string): RequestInit {
  const text = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
  return {
    method: String(method),
    headers: {
      accept: "*/*",
      "user-agent": "Cerebelum",
      ...(method === "GET" || method === "HEAD" ? {} : { "idempotency-key": idempotencyKey }),
      ...(body === undefined ? {} : { "content-type": contentType(body) }),
      ...checkedHeaders((headers ?? {}) as Fields),
    },
    body: text,
  };
}

function checkedHeaders(headers: Fields): Record<string, string> {
  const checked: Record<string, string> = {};
  for (const [given, value] of Object.entries(headers)) {
    if (value === null) continue;
    const name = given.toLowerCase();
    const text = scalar(value, `/headers/${given}`);
    if (FRAMING_HEADERS.has(name)) throw invalid(`/headers/${name}: this header is set by the server`);
    if (name in checked) throw invalid(`/headers/${name}: named twice`);
    try {
      validateHeaderName(name);
      validateHeaderValue(name, text);
    } catch {
      throw invalid(`/headers/${name}: not a valid header`);
    }
    checked[name] = text;
  }
  return checked;
}

function contentType(body: JsonValue): string {
  return typeof body === "string" ? "text/plain; charset=utf-8" : "application/json";
}

function scalar(value: JsonValue, where: string): string {
  if (typeof value === "object") throw invalid(`${where}: must be text, a number or a boolean`);
  return `${value}`;
}

async function outcomeOf(answer: Response, host: string): Promise<CallOutcome> {
  const { status } = answer;
  const headers = headersOf(answer.headers);
  const bytes = Buffer.from(await answer.arrayBuffer());
  if (bytes.length > PAYLOAD_BYTES) return outcomeOfAnswer({ status, headers, body: null }, host, TOO_LARGE);
  const body = bodyValue(bytes, answer.headers.get("content-type") ?? undefined);
  const output = { status, headers, body };
  return outcomeOfAnswer(output, host, problemWith(output));
}

/** What the step makes of an answer. @param unfit why its body cannot be kept, if it cannot */
export function outcomeOfAnswer(
  output: { status: number; headers: { [name: string]: JsonValue }; body: JsonValue },
  host: string,
  unfit: { code: string; message: string } | null = null,
): CallOutcome {
  const { status, headers } = output;
  if (status >= 200 && status <= 299)
    return unfit === null ? { output } : { error: { ...unfit, details: { status, headers }, retryable: false } };
  return {
    error: {
      code: "HTTP_ERROR",
      message: `${host} answered ${status}.`,
      details: unfit === null ? output : { status, headers, body: null, bodyTooLarge: true },
      ...(isWorthAnotherTry(status) ? {} : { retryable: false }),
    },
  };
}

const TOO_LARGE = { code: "PAYLOAD_TOO_LARGE", message: `The answer's body has more than ${PAYLOAD_BYTES} bytes.` };

function problemWith(output: JsonValue): { code: string; message: string } | null {
  try {
    serialise(output, "The answer");
    return null;
  } catch (error) {
    const { code, message } = error as { code: string; message: string };
    return { code, message };
  }
}

function headersOf(headers: Headers): { [name: string]: JsonValue } {
  const cookies = headers.getSetCookie();
  return { ...Object.fromEntries(headers), ...(cookies.length === 0 ? {} : { "set-cookie": cookies }) };
}

function httpError(message: string, reason: "invalid" | "refused" | "network", retryable: boolean): ErrorInfo {
  return { code: "HTTP_ERROR", message, details: { reason }, ...(retryable ? {} : { retryable }) };
}

/** `fetch` says what went wrong in the cause of its error. */
function codeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  const { code, message } = cause as { code?: unknown; message?: unknown };
  return String(code ?? message ?? error);
}
