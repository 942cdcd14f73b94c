/** `workflow.execute` and `workflow.start`: one call, whether it runs in this process or on a server. */
import { type AnyWorkflow, withChildren } from "./any-workflow";
import { Client, type ClientOptions } from "./client";
import { defined } from "./dsl/graph-node";
import { CerebelumError } from "./errors";
import type { ExecutionHandle } from "./execution-handle";
import { asJson } from "./handler/payload";
import { type Clock, systemClock } from "./local/clock";
import { LocalHandle } from "./local/local-handle";
import { startLocally } from "./local/start-locally";
import { RemoteHandle } from "./remote/remote-handle";
import type { JsonValue } from "./types/definition";
import type { HistoryEvent } from "./types/history";

interface Start {
  /** Your own name for it; distributed, the same key again gives the execution that is there. */
  key?: string;
  tags?: string[];
  correlationId?: string;
  priority?: number;
  /** Of the whole execution; wins over the definition's. */
  timeoutMs?: number;
  /** When to start; default, and where it is past: at once. RFC 3339, or a Date. */
  startAt?: string | Date;
  /** Cancels the execution. */
  signal?: AbortSignal;
  /** Each event, as it is written. */
  onEvent?: (event: HistoryEvent) => void;
}

export interface LocalOptions extends Start {
  distributed?: false;
  /** Default: the machine's. `virtualClock()` makes every sleep and back-off take no time. */
  clock?: Clock;
  /** Workflows that steps start by name only. */
  workflows?: readonly AnyWorkflow[];
}

export interface DistributedOptions extends Start, ClientOptions {
  /** Publishes the workflow and those that it starts, and starts it on the server; its steps run on workers. */
  distributed: true;
  /** Default: one made from the other options. */
  client?: Client;
}

export type ExecuteOptions = LocalOptions | DistributedOptions;

/** Starts it; what it returns comes from the handle. */
export async function start(workflow: AnyWorkflow, input: unknown, options: ExecuteOptions): Promise<ExecutionHandle> {
  const { handle } = await begin(workflow, input, options);
  return handle;
}

export async function execute(workflow: AnyWorkflow, input: unknown, options: ExecuteOptions): Promise<unknown> {
  const { handle, forget } = await begin(workflow, input, options);
  return handle.result().finally(forget);
}

/** @returns with the handle, what ends the listening to the signal */
async function begin(workflow: AnyWorkflow, input: unknown, options: ExecuteOptions) {
  const { signal } = options;
  signal?.throwIfAborted();
  const json = inputOf(input);
  const handle = options.distributed
    ? await startOnServer(workflow, json, options)
    : startHere(workflow, json, options);
  const cancel = () => void handle.cancel({ reason: reasonOf(signal) }).catch(() => undefined);
  if (signal?.aborted) cancel();
  else signal?.addEventListener("abort", cancel, { once: true });
  return { handle, forget: () => signal?.removeEventListener("abort", cancel) };
}

function startHere(workflow: AnyWorkflow, input: JsonValue, options: LocalOptions): ExecutionHandle {
  const { key, tags, correlationId, priority, timeoutMs, startAt, onEvent, clock = systemClock, workflows } = options;
  const at = startAt === undefined ? undefined : new Date(startAt).getTime();
  const start = defined({ input, key, tags, correlationId, priority, timeoutMs, startAt: at });
  let root: string | null = null;
  const watch = (id: string, event: HistoryEvent) => {
    root ??= id;
    if (id === root) onEvent?.(event);
  };
  return new LocalHandle(startLocally(workflow, start, clock, { workflows, onEvent: watch }));
}

async function startOnServer(
  workflow: AnyWorkflow,
  input: JsonValue,
  options: DistributedOptions,
): Promise<ExecutionHandle> {
  const { key, tags, correlationId, priority, timeoutMs, startAt, onEvent } = options;
  const client = options.client ?? new Client(options);
  let version: number | undefined;
  for (const each of withChildren([workflow])) version = (await client.publish(each)).version;
  const start = { workflow, version, input, key, tags, correlationId, priority, timeoutMs, startAt };
  const { id } = await client.start(start);
  const watched = onEvent === undefined ? undefined : watch(client, id, onEvent);
  watched?.catch(() => {});
  return new RemoteHandle(client, id, watched);
}

async function watch(client: Client, id: string, onEvent: (event: HistoryEvent) => void): Promise<void> {
  for await (const event of client.stream(id)) onEvent(event);
}

/** What a server would refuse at the start is refused here by the same code. */
function inputOf(input: unknown): JsonValue {
  try {
    return asJson(input, "The input");
  } catch (error) {
    const { code, message } = error as { code: string; message: string };
    throw new CerebelumError({
      code: code === "INVALID_OUTPUT" ? "INVALID_INPUT" : code,
      status: 422,
      message,
      cause: error,
    });
  }
}

function reasonOf(signal: AbortSignal | undefined): string {
  const reason: unknown = signal?.reason;
  return reason instanceof Error ? reason.message : String(reason);
}
