/** Calls to the API that bear a server which is away, overloaded or starting: repeated until they are answered, or patience ends. */
import { randomUUID } from "node:crypto";
import type { CerebelumError } from "../errors";
import { currentTraceparent, type Tracing } from "../tracing";
import type { HistoryEvent } from "../types/history";
import type { ApiCalls } from "./api-calls";
import { BACKOFF, type Backoff, backoffMs, isTransient, pause } from "./backoff";
import { readEventStream } from "./event-stream";
import { type Connection, type ConnectionOptions, connectionOf } from "./settings";
import { type Answer, type Request, refusalOf, Transport, UnreachableError } from "./transport";

export interface CallOptions extends ConnectionOptions {
  /** How long a call bears a server that is away, overloaded or starting, before it throws. Default 10 s. */
  patienceMs?: number;
  /** Between two tries of one call. Default 100 ms, doubling up to 3 s, jittered. */
  backoff?: Backoff;
  /** The module `@opentelemetry/api`: then whatever changes something goes on in the span that is active. */
  tracing?: Tracing;
}

const CALL_TIMEOUT_MS = 30_000;
/** The server's comment lines keep a stream alive; silence for so long means that it is dead. */
const STREAM_SILENCE_MS = 60_000;

/** @throws CerebelumError whatever the server refuses; `UNREACHABLE` when it stays away. */
export class Calls implements ApiCalls {
  private readonly connection: Connection;
  private readonly transport: Transport;
  private readonly patienceMs: number;
  private readonly backoff: Backoff;
  private readonly tracing: Tracing | undefined;

  constructor(options: CallOptions = {}) {
    this.connection = connectionOf(options);
    this.transport = new Transport(this.connection);
    this.patienceMs = options.patienceMs ?? 10_000;
    this.backoff = options.backoff ?? BACKOFF;
    this.tracing = options.tracing;
  }

  async read<T>(path: string): Promise<T> {
    return this.ask<T>({ method: "GET", path, timeoutMs: CALL_TIMEOUT_MS });
  }

  /** With an idempotency key of its own, unless one is given: a repetition changes nothing twice. */
  async post<T>(path: string, body: object, idempotencyKey?: string): Promise<T> {
    return this.ask<T>(this.change(path, body, idempotencyKey));
  }

  async put<T>(path: string, body: object): Promise<T> {
    return this.ask<T>({ method: "PUT", path, body: JSON.stringify(body), timeoutMs: CALL_TIMEOUT_MS });
  }

  async patch<T>(path: string, body: object): Promise<T> {
    return this.ask<T>({ method: "PATCH", path, body: JSON.stringify(body), timeoutMs: CALL_TIMEOUT_MS });
  }

  /** One that is gone by the time of a repetition was removed by an earlier try. */
  async remove(path: string): Promise<void> {
    const request: Request = { method: "DELETE", path, timeoutMs: CALL_TIMEOUT_MS };
    const { answer, repeated } = await this.persist(request, this.patienceMs, true);
    if (answer.status >= 400 && !(repeated && answer.status === 404)) throw refusalOf(answer);
  }

  /** A change that closes what it changes: a repetition finds it closed. */
  async close(path: string, body: object): Promise<void> {
    const { answer, repeated } = await this.persist(this.change(path, body), this.patienceMs, true);
    const done = repeated && refusalOf(answer).code === "EXECUTION_CLOSED";
    if (answer.status >= 400 && !done) throw refusalOf(answer);
  }

  /** A call that waits at the server, for as long as it says. */
  async wait(path: string, waitMs: number, patienceMs: number, signal?: AbortSignal): Promise<Answer> {
    const request: Request = { method: "GET", path, timeoutMs: waitMs + CALL_TIMEOUT_MS / 3, signal };
    return (await this.persist(request, patienceMs)).answer;
  }

  /** The events of a stream after that one, without loss or repeat across reconnects; ends with the server's `end`. */
  async *follow(path: string, after: number, patienceMs: number, signal?: AbortSignal): AsyncGenerator<HistoryEvent> {
    let last = after;
    for (const trouble = this.trouble(patienceMs); ; ) {
      try {
        for await (const message of this.openStream(path, last, signal)) {
          trouble.over();
          if (message.event === "end") return;
          const event = JSON.parse(message.data) as HistoryEvent;
          if (event.sequence <= last) continue;
          last = event.sequence;
          yield event;
        }
        await trouble.endure(undefined, signal);
      } catch (error) {
        signal?.throwIfAborted();
        if (!(error instanceof UnreachableError)) throw error;
        await trouble.endure(error, signal);
      }
    }
  }

  /** Closes idle connections; calls that are under way go on. */
  end(): void {
    this.transport.close();
  }

  /** Made inside a handler, or in an active span, it goes on in that trace. */
  private change(path: string, body: object, idempotencyKey: string = randomUUID()): Request {
    const traceparent = currentTraceparent(this.tracing);
    const headers = { "idempotency-key": idempotencyKey, ...(traceparent !== undefined && { traceparent }) };
    return { method: "POST", path, body: JSON.stringify(body), headers, timeoutMs: CALL_TIMEOUT_MS };
  }

  private async ask<T>(request: Request): Promise<T> {
    return (await this.persist(request, this.patienceMs)).answer.body as T;
  }

  /** The call, repeated through trouble; throws what the server refuses, unless refusals are `welcome`. */
  private async persist(
    request: Request,
    patienceMs: number,
    welcome = false,
  ): Promise<{ answer: Answer; repeated: boolean }> {
    const trouble = this.trouble(patienceMs);
    for (let repeated = false; ; repeated = true) {
      const answer = await this.transport.call(request).catch((error: unknown) => {
        if (error instanceof UnreachableError) return error;
        throw error;
      });
      if (answer instanceof UnreachableError) await trouble.endure(answer, request.signal);
      else if (answer.status < 400) return { answer, repeated };
      else if (isTransient(answer)) await trouble.endure(refusalOf(answer), request.signal, answer.retryAfterMs);
      else if (welcome) return { answer, repeated };
      else throw refusalOf(answer);
    }
  }

  private trouble(patienceMs: number) {
    let since: number | null = null;
    let repetition = 0;
    return {
      over: () => {
        since = null;
        repetition = 0;
      },
      endure: async (error: CerebelumError | undefined, signal?: AbortSignal, retryAfterMs?: number) => {
        const now = performance.now();
        since ??= now;
        const waitMs = backoffMs(this.backoff, repetition++, retryAfterMs);
        if (error !== undefined && now + waitMs - since > patienceMs) throw error;
        await pause(waitMs, signal);
        signal?.throwIfAborted();
      },
    };
  }

  private async *openStream(path: string, after: number, signal?: AbortSignal) {
    const headers = { accept: "text/event-stream", "last-event-id": String(after) };
    const response = await this.transport.open({ method: "GET", path, headers, signal, timeoutMs: CALL_TIMEOUT_MS });
    if (response.statusCode !== 200) throw await this.refusedStream(response);
    response.setTimeout(STREAM_SILENCE_MS, () => response.destroy(new Error("the stream fell silent")));
    try {
      yield* readEventStream(response);
    } catch (error) {
      signal?.throwIfAborted();
      throw new UnreachableError(this.connection.url, error);
    } finally {
      response.destroy();
    }
  }

  private async refusedStream(response: AsyncIterable<Buffer> & { statusCode?: number }): Promise<CerebelumError> {
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk);
    const answer = { status: response.statusCode ?? 0, retryAfterMs: undefined, body: parsed(Buffer.concat(chunks)) };
    const refusal = refusalOf(answer);
    return isTransient(answer) ? new UnreachableError(this.connection.url, refusal) : refusal;
  }
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}
