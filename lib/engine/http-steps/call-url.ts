/** The call of an http step from its evaluated request to the step's output or error; whoever is called, it is bounded. */

import type { IncomingMessage } from "node:http";
import type { ErrorInfo } from "@/lib/contract/history";
import { bodyValue, isWorthAnotherTry } from "@/lib/contract/http-answers";
import type { JsonValue } from "@/lib/contract/json";
import { PAYLOAD_BYTES } from "@/lib/contract/limits";
import { unfit } from "../leasing/payload-fit";
import { CallFailed, errorOf } from "./call-failed";
import { readBody, send } from "./exchange";
import type { Guard } from "./guard";
import { firstHop, redirected } from "./request";

export type CallOutcome = { output: JsonValue } | { error: ErrorInfo };

export interface CallOptions {
  guard: Guard;
  /** Sent with everything but GET and HEAD, so that who is called can tell a repeated attempt. */
  idempotencyKey: string;
  timeoutMs: number;
  /** Nobody waits for the outcome any more. */
  signal: AbortSignal;
  /** Of what it answers. Default: {@link PAYLOAD_BYTES}. */
  payloadBytes?: number;
}

/** Where an http step sets no `timeout.attempt`. */
export const DEFAULT_TIMEOUT_MS = 30_000;
const MAX_TIMER_MS = 2 ** 31 - 1;
const MAX_REDIRECTS = 5;

/** Rejects only once `signal` is aborted, or with a bug. */
export async function callUrl(request: JsonValue, options: CallOptions): Promise<CallOutcome> {
  const { guard, idempotencyKey, timeoutMs, signal } = options;
  const late = AbortSignal.timeout(Math.min(timeoutMs, MAX_TIMER_MS));
  const ended = AbortSignal.any([signal, late]);
  let host = "";
  try {
    let hop = firstHop(request, idempotencyKey);
    for (let redirects = 0; ; redirects++) {
      host = hop.url.host;
      const addresses = await unlessAborted(guard.judge(hop.url), ended);
      const answer = await send(hop, addresses, ended);
      try {
        const next = redirected(hop, answer.statusCode ?? 0, answer.headers.location);
        if (next === null) return await outcomeOf(answer, host, options.payloadBytes);
        if (redirects === MAX_REDIRECTS) throw new CallFailed("redirect", `${host} redirects once too often.`);
        hop = next;
      } finally {
        answer.destroy();
      }
    }
  } catch (error) {
    signal.throwIfAborted();
    if (late.aborted) return { error: tooLate(timeoutMs) };
    return { error: errorOf(error instanceof CallFailed ? error : brokenBy(error, host)) };
  }
}

async function outcomeOf(answer: IncomingMessage, host: string, payloadBytes = PAYLOAD_BYTES): Promise<CallOutcome> {
  const status = answer.statusCode ?? 0;
  const headers = answer.headers as { [name: string]: string | string[] };
  const bytes = await readBody(answer, payloadBytes);
  const body = bytes === "too-large" ? null : bodyValue(bytes, answer.headers["content-type"]);
  const output = { status, headers, body };
  const problem = bytes === "too-large" ? tooLarge(payloadBytes) : unfit(output, payloadBytes);
  if (status >= 200 && status <= 299)
    return problem === null ? { output } : { error: { ...problem, details: { status, headers }, retryable: false } };
  return {
    error: {
      code: "HTTP_ERROR",
      message: `${host} answered ${status}.`,
      details: problem === null ? output : { status, headers, body: null, bodyTooLarge: true },
      ...(isWorthAnotherTry(status) ? {} : { retryable: false }),
    },
  };
}

function tooLarge(bytes: number) {
  return { code: "PAYLOAD_TOO_LARGE", message: `The answer's body has more than ${bytes} bytes.` };
}

function tooLate(timeoutMs: number): ErrorInfo {
  return { code: "ATTEMPT_TIMEOUT", message: `The call took longer than ${timeoutMs} ms.` };
}

/** Nothing but a bug of ours has no `code`. */
function brokenBy(error: unknown, host: string): CallFailed {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (typeof code !== "string") throw error;
  return new CallFailed("network", `The call to ${host} failed: ${code}.`);
}

/** Resolving a name cannot be given up; who waits for it can. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    if (signal.aborted) reject(signal.reason);
    work.then(resolve, reject);
  });
}
