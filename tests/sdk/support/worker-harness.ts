/** A worker against the scripted server: registered, with its polls told apart, and steps that end when the test says so. */
import { onTestFinished } from "vitest";
import type { Poll } from "@/lib/contract/workers";
import { type AnyStep, step, Worker, type WorkerOptions } from "@/worker-sdk/src/index";
import { type ReceivedRequest, ScriptedServer } from "./scripted-server";

export const WORKER = "/workers/wrk_1";

export type PollBody = Required<Omit<Poll, "results">> & Pick<Poll, "results">;

export interface Harness {
  server: ScriptedServer;
  worker: Worker;
  /** The next poll that carries no results. */
  parked(workerId?: string): Promise<ReceivedRequest>;
  /** The next poll that carries results. */
  delivery(workerId?: string): Promise<ReceivedRequest>;
  logged: string[];
}

/** Beats only when it is asked to, unless an interval is given. */
export async function startWorker({
  heartbeatIntervalMs,
  ...options
}: Partial<WorkerOptions> & { steps: readonly AnyStep[]; heartbeatIntervalMs?: number }): Promise<Harness> {
  const server = await ScriptedServer.start();
  const logged: string[] = [];
  const worker = new Worker({
    url: server.url,
    apiKey: "secret",
    backoff: { initialMs: 1, maxMs: 5 },
    log: (level, message) => logged.push(`${level}: ${message}`),
    ...options,
  });
  onTestFinished(async () => {
    void worker.stop({ graceMs: 0 });
    await server.stop();
  });
  const started = worker.start();
  (await server.next("POST", "/workers")).answer(201, registered("wrk_1", heartbeatIntervalMs));
  await started;
  const poll = (workerId: string, carriesResults: boolean) =>
    server.next("POST", `/workers/${workerId}/poll`, (request) => carriesResults === "results" in request.json());
  return {
    server,
    worker,
    logged,
    parked: (workerId = "wrk_1") => poll(workerId, false),
    delivery: (workerId = "wrk_1") => poll(workerId, true),
  };
}

export function registered(workerId = "wrk_1", heartbeatIntervalMs = 60_000) {
  return { workerId, heartbeatIntervalMs, leaseMs: 10_000 };
}

let made = 0;

export function task(name: string, input: unknown = null, more: Record<string, unknown> = {}) {
  const n = ++made;
  return {
    taskId: `tsk_${n}`,
    leaseToken: `lease_${n}`,
    leaseExpiresAt: "2025-01-01T00:00:10.000Z",
    executionId: "exe_1",
    workflow: "w",
    version: 1,
    node: name,
    iteration: 1,
    attempt: 1,
    idempotencyKey: `exe_1:${name}:1`,
    task: name,
    queue: "default",
    input,
    context: { input: null, tags: [], correlationId: null, startedAt: "2025-01-01T00:00:00.000Z" },
    ...more,
  };
}

export function accepted(poll: ReceivedRequest, tasks: unknown[] = []) {
  const results = poll.json<PollBody>().results ?? [];
  return { acks: results.map(({ taskId }) => ({ taskId, status: "accepted" })), tasks };
}

/** A step whose handlers wait for the test: `finish(input)` ends the run with that input. */
export function heldStep(name = "held") {
  const begun = new Map<
    unknown,
    { resolve: (output: unknown) => void; reject: (error: unknown) => void; signal: AbortSignal }
  >();
  const watchers: (() => void)[] = [];
  const wait = async (input: unknown) => {
    while (!begun.has(input)) await new Promise<void>((resolve) => watchers.push(resolve));
    const run = begun.get(input);
    if (run === undefined) throw new Error("unreachable");
    return run;
  };
  const held = step(name, (input: unknown, ctx) => {
    const { promise, resolve, reject } = deferred();
    begun.set(input, { resolve, reject, signal: ctx.signal });
    for (const watcher of watchers.splice(0)) watcher();
    return promise;
  });
  return {
    step: held as AnyStep,
    begun: wait,
    finish: async (input: unknown, output: unknown = input) => (await wait(input)).resolve(output),
  };
}

function deferred() {
  let resolve!: (value: unknown) => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<unknown>((ok, no) => {
    resolve = ok;
    reject = no;
  });
  return { promise, resolve, reject };
}
