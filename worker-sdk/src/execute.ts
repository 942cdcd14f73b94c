/** `workflow.execute`: one call, whether it runs in this process or on a server. */
import { createHash, randomUUID } from "node:crypto";
import { canonicalJson, type JsonValue } from "@/lib/contract/json";
import { compileGraph } from "@/lib/core/definition/graph";
import type { AnyWorkflow } from "./any-workflow";
import { Client, type ClientOptions } from "./client";
import { CerebelumError, ExecutionFailedError } from "./errors";
import { serialise } from "./handler/payload";
import { checkInput } from "./local/check-input";
import { type Clock, systemClock } from "./local/clock";
import { LocalExecution } from "./local/local-execution";
import type { HistoryEvent } from "./types";

interface Start {
  /** Your own name for it; distributed, the same key again gives the execution that is there. */
  key?: string;
  tags?: string[];
  correlationId?: string;
  priority?: number;
  /** Of the whole execution; wins over the definition's. */
  timeoutMs?: number;
  /** Cancels the execution. */
  signal?: AbortSignal;
  /** Each event, as it is written. */
  onEvent?: (event: HistoryEvent) => void;
}

export interface LocalOptions extends Start {
  distributed?: false;
  /** Default: the machine's. `virtualClock()` makes every sleep and back-off take no time. */
  clock?: Clock;
}

export interface DistributedOptions extends Start, ClientOptions {
  /** Publishes the workflow, starts it on the server, and waits; its steps run on workers. */
  distributed: true;
}

export type ExecuteOptions = LocalOptions | DistributedOptions;

export function execute(workflow: AnyWorkflow, input: unknown, options: ExecuteOptions): Promise<unknown> {
  return options.distributed ? executeOnServer(workflow, input, options) : executeLocally(workflow, input, options);
}

async function executeLocally(workflow: AnyWorkflow, input: unknown, options: LocalOptions): Promise<unknown> {
  const { definition } = workflow;
  const json = JSON.parse(inputText(input)) as JsonValue;
  checkInput(definition, json);
  const execution = new LocalExecution({
    executionId: `exe_local_${randomUUID()}`,
    graph: compileGraph(definition),
    steps: new Map(workflow.steps.map((step) => [step.task, step])),
    clock: options.clock ?? systemClock,
    onEvent: options.onEvent,
  });
  const cancel = () => execution.cancel(reasonOf(options.signal));
  options.signal?.addEventListener("abort", cancel, { once: true });
  options.signal?.throwIfAborted();
  const { key, tags, correlationId, priority, timeoutMs } = options;
  const hash = createHash("sha256").update(canonicalJson(definition)).digest("hex");
  const start = { key, tags, correlationId, priority, timeoutMs };
  try {
    await execution.run({ type: "start", workflow: definition.name, version: 1, hash, input: json, ...start });
  } finally {
    options.signal?.removeEventListener("abort", cancel);
  }
  const { state, history } = execution;
  if (state.status === "completed") return execution.value(state.output);
  throw new ExecutionFailedError({
    executionId: execution.id,
    status: state.status,
    error: state.error,
    history: history as HistoryEvent[],
  });
}

async function executeOnServer(workflow: AnyWorkflow, input: unknown, options: DistributedOptions): Promise<unknown> {
  const client = new Client(options);
  options.signal?.throwIfAborted();
  const { key, tags, correlationId, priority, timeoutMs } = options;
  const { version } = await client.publish(workflow);
  const json = JSON.parse(inputText(input)) as JsonValue;
  const { id } = await client.start({ workflow, version, input: json, key, tags, correlationId, priority, timeoutMs });
  const cancel = () => void client.cancel(id, { reason: reasonOf(options.signal) }).catch(() => undefined);
  options.signal?.addEventListener("abort", cancel, { once: true });
  if (options.signal?.aborted) cancel();
  try {
    if (options.onEvent !== undefined) for await (const event of client.stream(id)) options.onEvent(event);
    const result = await client.result(id);
    if (result.status === "completed") return result.output ?? null;
    throw new ExecutionFailedError({
      executionId: id,
      status: result.status,
      error: result.error ?? null,
      history: await client.history(id),
    });
  } finally {
    options.signal?.removeEventListener("abort", cancel);
    client.close();
  }
}

/** What a server would refuse at the start is refused here by the same code. */
function inputText(input: unknown): string {
  try {
    return serialise(input, "The input");
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
