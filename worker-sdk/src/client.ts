/** The API as calls: publish, start, watch and control executions. What changes something is safe to repeat, and is repeated. */
import { randomUUID } from "node:crypto";
import { RESULT_WAIT_MAX_MS } from "@/lib/contract/limits";
import type { AnyWorkflow } from "./any-workflow";
import type { CerebelumError } from "./errors";
import { BACKOFF, type Backoff, backoffMs, isTransient, pause } from "./remote/backoff";
import { readEventStream } from "./remote/event-stream";
import { type Connection, type ConnectionOptions, connectionOf } from "./remote/settings";
import { type Answer, type Request, refusalOf, Transport, UnreachableError } from "./remote/transport";
import type {
  BatchStarted,
  Definition,
  Execution,
  ExecutionResult,
  ExecutionStarted,
  ExecutionStatus,
  ExecutionSummary,
  HistoryEvent,
  Page,
  Validation,
  Verification,
  WorkflowPublished,
} from "./types";

export interface ClientOptions extends ConnectionOptions {
  /** How long a call bears a server that is away, overloaded or starting, before it throws. Default 10 s. */
  patienceMs?: number;
  /** Between two tries of one call. Default 100 ms, doubling up to 3 s, jittered. */
  backoff?: Backoff;
}

export interface StartOptions {
  /** A name, or the workflow itself. */
  workflow: string | AnyWorkflow;
  /** Default: the latest. */
  version?: number;
  /** Default null. */
  input?: unknown;
  /** Your own name for it, unique in the namespace: the same again gives the first one. */
  key?: string;
  tags?: string[];
  correlationId?: string;
  priority?: number;
  /** Of the whole execution; wins over the definition's. */
  timeoutMs?: number;
}

export interface ListOptions {
  workflow?: string;
  status?: ExecutionStatus;
  tag?: string;
  correlationId?: string;
  /** RFC 3339. */
  startedAfter?: string;
  startedBefore?: string;
  /** Searches id, key, correlation id and tag prefixes. */
  q?: string;
  /** Default 50, most 200. */
  limit?: number;
  cursor?: string;
}

export interface WaitOptions {
  signal?: AbortSignal;
  /** How long to bear a server that is away; default 60 s, for an execution survives its restart. */
  patienceMs?: number;
}

const CALL_TIMEOUT_MS = 30_000;
/** The server's comment lines keep a stream alive; silence for so long means that it is dead. */
const STREAM_SILENCE_MS = 60_000;

/** @throws CerebelumError whatever the server refuses; `UNREACHABLE` when it stays away for `patienceMs`. */
export class Client {
  private readonly connection: Connection;
  private readonly transport: Transport;
  private readonly patienceMs: number;
  private readonly backoff: Backoff;

  constructor(options: ClientOptions = {}) {
    this.connection = connectionOf(options);
    this.transport = new Transport(this.connection);
    this.patienceMs = options.patienceMs ?? 10_000;
    this.backoff = options.backoff ?? BACKOFF;
  }

  /** Publishes a definition; the same content again gives the version that is there. */
  publish(workflow: AnyWorkflow | Definition): Promise<WorkflowPublished> {
    return this.post("/workflows", { definition: definitionOf(workflow) });
  }

  /** What the server finds in it; stores nothing. */
  validate(workflow: AnyWorkflow | Definition): Promise<Validation> {
    return this.post("/workflows/validate", { definition: definitionOf(workflow) });
  }

  /** Starts an execution; once this resolves it is stored. `idempotencyKey` makes the call safe to repeat from elsewhere. */
  start(start: StartOptions, idempotencyKey?: string): Promise<ExecutionStarted> {
    return this.post("/executions", startBody(start), idempotencyKey);
  }

  /** Starts up to 1,000 executions in one call; each is accepted or refused by itself. */
  startBatch(starts: StartOptions[], idempotencyKey?: string): Promise<BatchStarted> {
    return this.post("/executions/batch", { executions: starts.map(startBody) }, idempotencyKey);
  }

  /** `id` may also be `key:<your key>`, here and below. */
  get(id: string): Promise<Execution> {
    return this.read(`/executions/${segment(id)}`);
  }

  list(options: ListOptions = {}): Promise<Page<ExecutionSummary>> {
    return this.read(`/executions${query(options)}`);
  }

  /** One page of the history, from the event after `after`. */
  events(id: string, options: { after?: number; limit?: number } = {}): Promise<Page<HistoryEvent>> {
    return this.read(`/executions/${segment(id)}/events${query(options)}`);
  }

  /** The whole history up to now. */
  async history(id: string): Promise<HistoryEvent[]> {
    const events: HistoryEvent[] = [];
    let after: number | undefined = 0;
    while (after !== undefined) {
      const page: Page<HistoryEvent> = await this.events(id, { after, limit: 200 });
      events.push(...page.items);
      after = page.nextCursor === null ? undefined : Number(page.nextCursor);
    }
    return events;
  }

  /** Each event as it is written, without loss or repeat across reconnects; ends when the execution is closed. */
  async *stream(id: string, options: WaitOptions & { after?: number } = {}): AsyncGenerator<HistoryEvent> {
    let after = options.after ?? 0;
    for (const trouble = this.trouble(options.patienceMs ?? 60_000); ; ) {
      try {
        for await (const message of this.openStream(id, after, options.signal)) {
          trouble.over();
          if (message.event === "end") return;
          const event = JSON.parse(message.data) as HistoryEvent;
          if (event.sequence <= after) continue;
          after = event.sequence;
          yield event;
        }
        await trouble.endure(undefined, options.signal);
      } catch (error) {
        options.signal?.throwIfAborted();
        if (!(error instanceof UnreachableError)) throw error;
        await trouble.endure(error, options.signal);
      }
    }
  }

  /** Waits until the execution is closed, however long that takes. */
  async result(id: string, options: WaitOptions = {}): Promise<ExecutionResult> {
    const path = `/executions/${segment(id)}/result?waitMs=${RESULT_WAIT_MAX_MS}`;
    for (;;) {
      const request: Request = { method: "GET", path, timeoutMs: RESULT_WAIT_MAX_MS + 10_000, signal: options.signal };
      const { answer } = await this.persist(request, options.patienceMs ?? 60_000);
      if (answer.status === 200) return answer.body as ExecutionResult;
    }
  }

  /** Asks it to end; it is closed as cancelled at once, and its workers stop at their next heartbeat. */
  async cancel(id: string, options: { reason?: string } = {}): Promise<void> {
    const request = this.change(`/executions/${segment(id)}/cancel`, options);
    const { answer, repeated } = await this.persist(request, this.patienceMs, true);
    const closed = repeated && refusalOf(answer).code === "EXECUTION_CLOSED";
    if (answer.status >= 400 && !closed) throw refusalOf(answer);
  }

  /** Folds all events anew and compares with what is stored. */
  verify(id: string): Promise<Verification> {
    return this.post(`/executions/${segment(id)}/verify`, {});
  }

  /** Closes idle connections; calls that are under way go on. */
  close(): void {
    this.transport.close();
  }

  private async read<T>(path: string): Promise<T> {
    const { answer } = await this.persist({ method: "GET", path, timeoutMs: CALL_TIMEOUT_MS }, this.patienceMs);
    return answer.body as T;
  }

  private async post<T>(path: string, body: object, idempotencyKey?: string): Promise<T> {
    const { answer } = await this.persist(this.change(path, body, idempotencyKey), this.patienceMs);
    return answer.body as T;
  }

  private change(path: string, body: object, idempotencyKey: string = randomUUID()): Request {
    const headers = { "idempotency-key": idempotencyKey };
    return { method: "POST", path, body: JSON.stringify(body), headers, timeoutMs: CALL_TIMEOUT_MS };
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

  private async *openStream(id: string, after: number, signal?: AbortSignal) {
    const path = `/executions/${segment(id)}/events/stream`;
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

function definitionOf(workflow: AnyWorkflow | Definition): Definition {
  return "definition" in workflow ? workflow.definition : workflow;
}

function startBody({ workflow, ...rest }: StartOptions): object {
  return { workflow: typeof workflow === "string" ? workflow : workflow.name, ...rest };
}

function segment(id: string): string {
  return encodeURIComponent(id).replaceAll("%3A", ":");
}

function query(options: object): string {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return given.length === 0 ? "" : `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`;
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}
