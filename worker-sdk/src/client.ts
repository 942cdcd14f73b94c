/** The API as calls: publish, start, watch and control executions. What changes something is safe to repeat, and is repeated. */
import { RESULT_WAIT_MAX_MS } from "@/lib/contract/limits";
import type { AnyWorkflow } from "./any-workflow";
import type { ExecutionHandle, ForkHandleOptions } from "./execution-handle";
import { query, segment } from "./remote/api-calls";
import { Approvals } from "./remote/approvals";
import { type CallOptions, Calls } from "./remote/calls";
import { DeadLetters } from "./remote/dead-letters";
import { Queues } from "./remote/queues";
import { RemoteHandle } from "./remote/remote-handle";
import { Schedules } from "./remote/schedules";
import { Workers } from "./remote/workers";
import { Workflows } from "./remote/workflows";
import type { Controlled, ExecutionPlan, Explanation, LogPage, Operation } from "./types/answers";
import type { Definition, JsonValue } from "./types/definition";
import type {
  BatchStarted,
  Execution,
  ExecutionResult,
  ExecutionStarted,
  ExecutionStatus,
  ExecutionStep,
  ExecutionSummary,
  Page,
  StepStatus,
  Validation,
  Verification,
  WorkflowPublished,
} from "./types/executions";
import type { HistoryEvent } from "./types/history";

export type ClientOptions = CallOptions;

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
  /** When to start, at most ten years ahead; default, and where it is past: at once. RFC 3339, or a Date. */
  startAt?: string | Date;
}

/** Which executions: all conditions together. */
export interface ExecutionFilter {
  workflow?: string;
  version?: number;
  status?: ExecutionStatus | readonly ExecutionStatus[];
  tag?: string;
  correlationId?: string;
  /** RFC 3339. */
  startedAfter?: string;
  startedBefore?: string;
  closedAfter?: string;
  closedBefore?: string;
  /** From start to close: of closed ones. */
  minDurationMs?: number;
  maxDurationMs?: number;
  /** A step failed it with that code. */
  errorCode?: string;
  /** A step failed it with an error of that group of dead letters. */
  fingerprint?: string;
  /** Id of the execution whose steps started them. */
  parent?: string;
  /** Searches id, key, correlation id and tag prefixes. */
  q?: string;
}

export interface ListOptions extends ExecutionFilter {
  /** Default 50, most 200. */
  limit?: number;
  cursor?: string;
}

/** One action on all executions of a filter, as they were when it was asked, or on those named. */
export type BulkOptions = ({ ids: string[] } | { filter: ExecutionFilter }) &
  (
    | { action: "cancel"; reason?: string; compensate?: boolean }
    | { action: "terminate" | "pause" | "resume" | "retry"; reason?: string }
    | { action: "signal"; signal: string; payload?: unknown }
  );

export interface RetryOptions {
  /** That node and all after it run anew. Default: what failed goes on. */
  fromNode?: string;
  /** What expressions see as `input` from then on; only with `fromNode`. */
  input?: unknown;
  reason?: string;
}

export interface ForkOptions extends ForkHandleOptions {
  /** Default: the one it has. */
  version?: number;
}

export interface WaitOptions {
  signal?: AbortSignal;
  /** How long to bear a server that is away; default 60 s, for an execution survives its restart. */
  patienceMs?: number;
}

const PATIENCE_MS = 60_000;
const PAGE = 200;

/** @throws CerebelumError whatever the server refuses; `UNREACHABLE` when it stays away for `patienceMs`. */
export class Client {
  private readonly calls: Calls;
  readonly workflows: Workflows;
  readonly approvals: Approvals;
  readonly deadLetters: DeadLetters;
  readonly schedules: Schedules;
  readonly workers: Workers;
  readonly queues: Queues;

  constructor(options: ClientOptions = {}) {
    this.calls = new Calls(options);
    this.workflows = new Workflows(this.calls);
    this.approvals = new Approvals(this.calls);
    this.deadLetters = new DeadLetters(this.calls);
    this.schedules = new Schedules(this.calls);
    this.workers = new Workers(this.calls);
    this.queues = new Queues(this.calls);
  }

  /** Publishes a definition; the same content again gives the version that is there. Those that it starts are not published with it. */
  publish(workflow: AnyWorkflow | Definition): Promise<WorkflowPublished> {
    return this.calls.post("/workflows", { definition: definitionOf(workflow) });
  }

  /** What the server finds in it; stores nothing. */
  validate(workflow: AnyWorkflow | Definition): Promise<Validation> {
    return this.calls.post("/workflows/validate", { definition: definitionOf(workflow) });
  }

  /** Starts an execution; once this resolves it is stored. `idempotencyKey` makes the call safe to repeat from elsewhere. */
  start(start: StartOptions, idempotencyKey?: string): Promise<ExecutionStarted> {
    return this.calls.post("/executions", startBody(start), idempotencyKey);
  }

  /**
   * Starts up to 1,000 executions in one call; each is accepted or refused by itself. Repeated with its key, the call starts
   * only what it did not start before.
   */
  startBatch(starts: StartOptions[], idempotencyKey?: string): Promise<BatchStarted> {
    return this.calls.post("/executions/batch", { executions: starts.map(startBody) }, idempotencyKey);
  }

  /** The execution of that id as an object, with the calls that a local one has. */
  handle<Output = unknown>(id: string): ExecutionHandle<Output> {
    return new RemoteHandle<Output>(this, id);
  }

  /** `id` may also be `key:<your key>`, here and below. */
  get(id: string): Promise<Execution> {
    return this.calls.read(ref(id));
  }

  list(options: ListOptions = {}): Promise<Page<ExecutionSummary>> {
    return this.calls.read(`/executions${query(options)}`);
  }

  /** Its steps, page by page: the latest iteration of each, or those of one iteration. */
  steps(
    id: string,
    options: { iteration?: number; status?: StepStatus; limit?: number; cursor?: string } = {},
  ): Promise<Page<ExecutionStep>> {
    return this.calls.read(`${ref(id)}/steps${query(options)}`);
  }

  /** The execution as it was after the event `at`, folded from its history alone. */
  stateAt(id: string, at: number): Promise<Execution> {
    return this.calls.read(`${ref(id)}/state${query({ at })}`);
  }

  /** Why it is where it is: what it waits for, since when, until when. */
  explain(id: string): Promise<Explanation> {
    return this.calls.read(`${ref(id)}/explain`);
  }

  /** What workers logged while they ran its steps, oldest first. */
  logs(
    id: string,
    options: { node?: string; attempt?: number; task?: string; limit?: number; cursor?: string } = {},
  ): Promise<LogPage> {
    return this.calls.read(`${ref(id)}/logs${query(options)}`);
  }

  /** One page of the history, from the event after `after`. */
  events(id: string, options: { after?: number; limit?: number } = {}): Promise<Page<HistoryEvent>> {
    return this.calls.read(`${ref(id)}/events${query(options)}`);
  }

  /** The whole history up to now. */
  async history(id: string): Promise<HistoryEvent[]> {
    const events: HistoryEvent[] = [];
    let after: number | undefined = 0;
    while (after !== undefined) {
      const page: Page<HistoryEvent> = await this.events(id, { after, limit: PAGE });
      events.push(...page.items);
      after = page.nextCursor === null ? undefined : Number(page.nextCursor);
    }
    return events;
  }

  /** A value too large to lie in its event, by the hash that the event names. */
  value(id: string, hash: string): Promise<JsonValue> {
    return this.calls.read(`${ref(id)}/values/${segment(hash)}`);
  }

  /** Each event as it is written, without loss or repeat across reconnects; ends when the execution is closed. */
  stream(id: string, options: WaitOptions & { after?: number } = {}): AsyncGenerator<HistoryEvent> {
    const { after = 0, patienceMs = PATIENCE_MS, signal } = options;
    return this.calls.follow(`${ref(id)}/events/stream`, after, patienceMs, signal);
  }

  /** Waits until the execution is closed, however long that takes. */
  async result(id: string, { patienceMs = PATIENCE_MS, signal }: WaitOptions = {}): Promise<ExecutionResult> {
    const path = `${ref(id)}/result?waitMs=${RESULT_WAIT_MAX_MS}`;
    for (;;) {
      const answer = await this.calls.wait(path, RESULT_WAIT_MAX_MS, patienceMs, signal);
      if (answer.status === 200) return answer.body as ExecutionResult;
    }
  }

  /** Kept, if nobody waits for it yet. `idempotencyKey` makes the call safe to repeat from elsewhere. */
  signal(id: string, name: string, payload: unknown = null, idempotencyKey?: string): Promise<Controlled> {
    return this.calls.post(`${ref(id)}/signals/${encodeURIComponent(name)}`, { payload }, idempotencyKey);
  }

  /** Its steps end at once, and their workers stop at their next heartbeat; `compensate` undoes completed steps first. */
  cancel(id: string, options: { reason?: string; compensate?: boolean } = {}): Promise<void> {
    return this.calls.close(`${ref(id)}/cancel`, options);
  }

  /** Ends it at once; nothing is undone. */
  terminate(id: string, options: { reason?: string } = {}): Promise<void> {
    return this.calls.close(`${ref(id)}/terminate`, options);
  }

  /** What comes is recorded, and nothing follows from it until it is resumed; tasks that workers have go on. */
  pause(id: string, options: { reason?: string } = {}): Promise<Controlled> {
    return this.calls.post(`${ref(id)}/pause`, options);
  }

  resume(id: string, options: { reason?: string } = {}): Promise<Controlled> {
    return this.calls.post(`${ref(id)}/resume`, options);
  }

  /** A failed or timed-out execution goes on, in its own history. */
  retry(id: string, options: RetryOptions = {}): Promise<Controlled> {
    return this.calls.post(`${ref(id)}/retry`, options);
  }

  /** What {@link retry} would do: which version, which steps are kept, which run again. */
  planRetry(id: string, options: RetryOptions = {}): Promise<ExecutionPlan> {
    return this.calls.post(`${ref(id)}/retry?dryRun=true`, options);
  }

  /** A new execution whose history begins as a copy of this one's. */
  fork(id: string, options: ForkOptions): Promise<ExecutionStarted> {
    return this.calls.post(`${ref(id)}/fork`, options);
  }

  /** What {@link fork} would do. */
  planFork(id: string, options: ForkOptions): Promise<ExecutionPlan> {
    return this.calls.post(`${ref(id)}/fork?dryRun=true`, options);
  }

  /** In the background; see {@link operation}. */
  bulk(options: BulkOptions, idempotencyKey?: string): Promise<{ operationId: string }> {
    const filter = "filter" in options ? { filter: filterBody(options.filter) } : {};
    return this.calls.post("/executions/bulk", { ...options, ...filter }, idempotencyKey);
  }

  /** How far a bulk operation is. */
  operation(id: string): Promise<Operation> {
    return this.calls.read(`/operations/${segment(id)}`);
  }

  /** Folds all events anew and compares with what is stored. */
  verify(id: string): Promise<Verification> {
    return this.calls.post(`${ref(id)}/verify`, {});
  }

  /** Closes idle connections; calls that are under way go on. */
  close(): void {
    this.calls.end();
  }
}

function definitionOf(workflow: AnyWorkflow | Definition): Definition {
  return "definition" in workflow ? workflow.definition : workflow;
}

function startBody({ workflow, startAt, ...rest }: StartOptions): object {
  const name = typeof workflow === "string" ? workflow : workflow.name;
  return { workflow: name, ...rest, ...(startAt === undefined ? {} : { startAt: instantText(startAt) }) };
}

function instantText(instant: string | Date): string {
  return typeof instant === "string" ? instant : instant.toISOString();
}

function filterBody({ status, ...filter }: ExecutionFilter): object {
  return { ...filter, ...(status === undefined ? {} : { status: String(status) }) };
}

function ref(id: string): string {
  return `/executions/${segment(id)}`;
}
