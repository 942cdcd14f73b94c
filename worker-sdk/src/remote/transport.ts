/**
 * HTTP as the SDK uses it: connections kept open and never queued for, so that a parked poll cannot hold up a result.
 * node:http rather than fetch, for it costs a third of the time a call.
 */
import http from "node:http";
import https from "node:https";
import { CerebelumError } from "../errors";
import type { Connection } from "./settings";

export interface Answer {
  status: number;
  /** Seconds that the server asks to wait, of a 429 or 503. */
  retryAfterMs: number | undefined;
  /** Parsed JSON; undefined for an empty body. */
  body: unknown;
}

export interface Request {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Under `/api/v1`, with its leading slash. */
  path: string;
  /** JSON text. */
  body?: string;
  headers?: Record<string, string>;
  signal?: AbortSignal;
  /** Without an answer by then the call has failed as unreachable; its outcome is unknown. */
  timeoutMs: number;
}

/** No answer, or half of one: nobody knows what the server did. */
export class UnreachableError extends CerebelumError {
  constructor(url: URL, cause: unknown) {
    const why = cause instanceof Error ? cause.message || (cause as NodeJS.ErrnoException).code : String(cause);
    super({ code: "UNREACHABLE", status: 0, message: `No answer from ${url.origin}: ${why}`, cause });
    this.name = "UnreachableError";
  }
}

export class Transport {
  private readonly agent: http.Agent;
  private readonly request: typeof http.request;
  private readonly base: string;

  constructor(private readonly connection: Connection) {
    const secure = connection.url.protocol === "https:";
    this.request = secure ? https.request : http.request;
    // A lower idle time than servers commonly have, so that few calls meet a connection about to be closed.
    this.agent = new (secure ? https.Agent : http.Agent)({ keepAlive: true, keepAliveMsecs: 1_000, timeout: 4_000 });
    this.base = `${connection.url.pathname.replace(/\/$/, "")}/api/v1`;
  }

  /** One call, one answer, whatever its status. Rejects with {@link UnreachableError}, or the signal's reason. */
  async call(request: Request): Promise<Answer> {
    const response = await this.open(request);
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of response) chunks.push(chunk as Buffer);
    } catch (error) {
      request.signal?.throwIfAborted();
      throw new UnreachableError(this.connection.url, error);
    }
    const text = Buffer.concat(chunks).toString();
    return { status: response.statusCode ?? 0, retryAfterMs: retryAfter(response), body: this.parse(text, response) };
  }

  /** An answer whose body is read as it comes. The time limit is for the head only. */
  open({ method, path, body, headers, signal, timeoutMs }: Request): Promise<http.IncomingMessage> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const { url, apiKey } = this.connection;
      const request = this.request({
        agent: this.agent,
        protocol: url.protocol,
        hostname: url.hostname.replace(/^\[|\]$/g, ""),
        port: url.port,
        method,
        path: this.base + path,
        headers: {
          accept: "application/json",
          ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }),
          ...(body !== undefined && { "content-type": "application/json", "content-length": Buffer.byteLength(body) }),
          ...headers,
        },
      });
      const timer = setTimeout(() => request.destroy(new Error(`nothing came within ${timeoutMs} ms`)), timeoutMs);
      const abort = () => request.destroy(signal?.reason instanceof Error ? signal.reason : new Error("aborted"));
      signal?.addEventListener("abort", abort, { once: true });
      const settle = () => clearTimeout(timer);
      const release = () => signal?.removeEventListener("abort", abort);
      request.on("response", (response) => {
        settle();
        response.once("close", release);
        resolve(response);
      });
      request.on("error", (error) => {
        settle();
        release();
        reject(signal?.aborted ? signal.reason : new UnreachableError(url, error));
      });
      request.end(body);
    });
  }

  close(): void {
    this.agent.destroy();
  }

  private parse(text: string, response: http.IncomingMessage): unknown {
    if (text === "") return undefined;
    try {
      return JSON.parse(text);
    } catch (error) {
      // A proxy's page in place of an answer counts by its status alone.
      if ((response.statusCode ?? 0) >= 400) return undefined;
      throw new UnreachableError(this.connection.url, error);
    }
  }
}

function retryAfter(response: http.IncomingMessage): number | undefined {
  const seconds = Number(response.headers["retry-after"]);
  return Number.isFinite(seconds) && seconds >= 0 && response.headers["retry-after"] ? seconds * 1000 : undefined;
}

/** What an answer of 400 and above says, as an error. */
export function refusalOf(answer: Answer): CerebelumError {
  const problem = (answer.body ?? {}) as {
    code?: string;
    title?: string;
    detail?: string;
    requestId?: string;
    errors?: { path: string; code: string; message: string }[];
  };
  const code = problem.code ?? `HTTP_${answer.status}`;
  const said = problem.detail ?? problem.title ?? "The server refused the call";
  const findings = (problem.errors ?? []).map(({ path, message }) => `\n  ${path || "/"}: ${message}`).join("");
  return new CerebelumError({
    code,
    status: answer.status,
    message: `${code}: ${said}${findings}`,
    requestId: problem.requestId,
    errors: problem.errors,
  });
}
