/**
 * What is told of one call beside its answer: a line in the log, metrics, and, where traces are written, a span. Routes by
 * their template, callers by their ids: no path, no query, no header and no payload is ever told.
 */
import { randomBytes } from "node:crypto";
import type { Principal, Suspect } from "@/lib/auth/principal";
import type { ProblemCode } from "@/lib/contract/problems";
import type { Refusal } from "@/lib/engine/outcome";
import type { Answer } from "@/lib/http/answer";
import type { Instance } from "@/lib/http/instance";
import { problemAnswer } from "@/lib/http/problem";
import type { Route } from "@/lib/http/route";
import type { WireRequest } from "@/lib/http/wire";
import type { OpenSpan } from "@/lib/tracing/traces";

/** What takes longer without being meant to wait is told at `warn`. */
export const SLOW_MS = 1_000;

export class CallRecord {
  /** Made here and taken from nobody, so that no caller can write into another's traces of what happened. */
  readonly requestId = nextRequestId();
  readonly #startedAt = performance.now();
  readonly #span: OpenSpan | null;
  #who: Suspect | null = null;
  #code: ProblemCode | null = null;
  #error: unknown;

  constructor(
    private readonly instance: Instance,
    private readonly request: WireRequest,
    private readonly route: Route | null,
  ) {
    this.#span = this.#beginSpan();
  }

  isFrom(who: Suspect | null): void {
    this.#who = who;
  }

  /** The principal as use cases get it: what they start goes on in the call's trace. */
  traced(principal: Principal): Principal {
    return this.#span === null ? principal : { ...principal, trace: this.#span.traceparent };
  }

  /** @param error what was thrown, where something was */
  refuse(refusal: Refusal, error?: unknown): Answer {
    this.#code = refusal.code;
    this.#error = error;
    return problemAnswer(refusal, this.requestId);
  }

  /** The answer as it leaves. */
  answer(answer: Answer): Answer {
    const durationMs = performance.now() - this.#startedAt;
    const { metrics } = this.instance;
    metrics.requestDone(this.route?.path ?? "unknown", this.request.method, answer.status, durationMs);
    this.#span?.end({ "http.response.status_code": answer.status }, answer.status >= 500 ? this.#code : null);
    this.#log(answer.status, durationMs);
    return { ...answer, headers: { ...answer.headers, "x-request-id": this.requestId } };
  }

  #log(status: number, durationMs: number): void {
    const { log } = this.instance;
    const isSlow = durationMs >= SLOW_MS && !this.route?.waits;
    const level = this.#code !== null && status >= 500 ? "error" : isSlow ? "warn" : "debug";
    if (!log.isLevelEnabled(level)) return;
    const fields = {
      requestId: this.requestId,
      method: this.request.method,
      route: this.route?.path ?? "unknown",
      status,
      durationMs: Math.round(durationMs * 10) / 10,
      ...(this.#who === null ? {} : { actor: this.#who.actor, credential: this.#who.credential }),
      ...(this.#code === null ? {} : { code: this.#code }),
      ...(this.#error === undefined ? {} : { error: this.#error }),
    };
    log[level](fields, level === "error" ? "a call failed" : isSlow ? "a call was slow" : "a call was answered");
  }

  /** Workers poll all the time, and pages read: of reads, only those that go on in a caller's trace are worth a span. */
  #beginSpan(): OpenSpan | null {
    const { traces } = this.instance;
    if (traces === null || this.route === null) return null;
    const { method, permission, path } = this.route;
    if (permission === "work" || permission === "public") return null;
    const parent = this.request.header("traceparent") ?? null;
    if (method === "GET" && parent === null) return null;
    return traces.begin(`${method} ${path}`, parent, {
      "http.request.method": method,
      "http.route": path,
      "cerebelum.request.id": this.requestId,
    });
  }
}

const processPart = randomBytes(6).toString("hex");
let requests = 0;

/** Unique over all processes, and cheap. */
function nextRequestId(): string {
  requests += 1;
  return `req_${processPart}${requests.toString(36).padStart(6, "0")}`;
}
