// One engine process as workers see it: their verbs over the real door, with a clock that moves only when told.

import { openPool, type Pool } from "@/db/client";
import type { Definition, TaskNode } from "@/lib/contract/definition";
import type { JsonValue } from "@/lib/contract/json";
import type {
  HeartbeatAnswer,
  PollAnswer,
  ReceivedHeartbeat,
  ReceivedPoll,
  RegisterWorker,
  Task,
} from "@/lib/contract/workers";
import type { Caller } from "@/lib/engine/caller";
import { EventStore } from "@/lib/engine/door/event-store";
import { createGraphs } from "@/lib/engine/graphs";
import { heartbeat } from "@/lib/engine/heartbeat";
import { LeaseFacts } from "@/lib/engine/leasing/lease-facts";
import { LeaseSweep } from "@/lib/engine/leasing/lease-sweep";
import { QueueRates } from "@/lib/engine/leasing/queue-rates";
import { TaskWaiters } from "@/lib/engine/leasing/task-waiters";
import { WorkerDirectory } from "@/lib/engine/leasing/worker-directory";
import { noMetrics } from "@/lib/engine/metrics";
import type { Outcome } from "@/lib/engine/outcome";
import { poll } from "@/lib/engine/poll";
import { registerWorker } from "@/lib/engine/register-worker";
import { openLog } from "@/lib/log";
import { NAMESPACE, startEngine, TestClock, type TestEngine } from "../door/engine";

export const CALLER: Caller = { namespaceId: NAMESPACE, actor: "key:test" };

export interface TestProcess {
  engine: TestEngine;
  clock: TestClock;
  services: Parameters<typeof poll>[0] & Parameters<typeof registerWorker>[0] & Parameters<typeof heartbeat>[0];
  sweep: LeaseSweep;
  /** Registers a worker and answers its public id. */
  register(declared: { queues: string[]; tasks?: string[] }, caller?: Caller): Promise<string>;
  poll(
    workerId: string,
    body: Partial<ReceivedPoll>,
    options?: { signal?: AbortSignal; caller?: Caller },
  ): Promise<PollAnswer>;
  /** Publishes a chain of tasks on a queue of its own and starts it. */
  start(options: { queue: string; steps?: number; task?: string; node?: Partial<TaskNode> }): Promise<bigint>;
  /** Publishes a definition and starts it. */
  run(definition: Definition, input?: JsonValue): Promise<bigint>;
  /** One heartbeat of a worker, for tasks it holds. */
  beat(workerId: string, ...running: ReceivedHeartbeat["running"]): Promise<HeartbeatAnswer>;
  /** Everything whose time has come for an execution: what its graphile job would do. */
  wake(executionId: bigint): Promise<void>;
  /** Turns of the sweep, second by second, as its runner makes them. */
  pass(ms: number, options?: { heartbeats?: () => Promise<unknown> }): Promise<void>;
  close(): Promise<void>;
}

export async function startProcess(
  connectionString: string,
  options: { slot?: number; clock?: TestClock } = {},
): Promise<TestProcess> {
  const clock = options.clock ?? new TestClock();
  const db: Pool = openPool(connectionString, { max: 4, name: "test workers" });
  const waiters: TaskWaiters = new TaskWaiters({ clock, db, lease: (request) => engine.door.lease(request) });
  const engine: TestEngine = await startEngine(connectionString, { ...options, clock, parked: waiters });
  const services = {
    clock,
    db,
    door: engine.door,
    keys: engine.keys,
    leases: new LeaseFacts(),
    queueRates: new QueueRates({ db, clock }),
    waiters,
    workers: new WorkerDirectory({ db, clock }),
    histories: new EventStore(db, createGraphs(db, clock)),
    log: openLog("silent"),
  };
  const sweep = new LeaseSweep({ ...services, metrics: noMetrics });
  let published = 0;
  const run = async (definition: Definition, input: JsonValue = null): Promise<bigint> => {
    const started = await engine.start(await engine.publish(definition), { input });
    if (started.outcome !== "started") throw new Error("expected a new execution");
    return started.executionId;
  };

  return {
    engine,
    clock,
    services,
    sweep,
    async register({ queues, tasks = ["work"] }, caller = CALLER) {
      const body: RegisterWorker = { queues, tasks, language: "node", sdkVersion: "0", capacity: 10 };
      return value(await registerWorker(services, caller, body)).workerId;
    },
    async poll(workerId, body, { signal = new AbortController().signal, caller = CALLER } = {}) {
      return value(await poll(services, caller, workerId, { capacity: 1, ...body }, signal));
    },
    async start({ queue, steps = 1, task = "work", node }) {
      const name = `w${options.slot ?? 1}_${++published}`;
      return run(chainOn(name, steps, { task, queue, ...node }));
    },
    run,
    async beat(workerId, ...running) {
      return value(await heartbeat(services, CALLER, workerId, { running }));
    },
    async wake(executionId) {
      await engine.door.apply({ namespaceId: NAMESPACE, executionId, actor: "engine", command: { type: "wake" } });
    },
    async pass(ms, { heartbeats } = {}) {
      await sweep.turn();
      for (let passed = 0; passed < ms; passed += 1000) {
        clock.advance(1000);
        await heartbeats?.();
        await sweep.turn();
      }
    },
    async close() {
      waiters.close();
      await engine.close();
      await db.end();
    },
  };
}

export function chainOn(
  name: string,
  steps: number,
  node: { task: string; queue: string } & Partial<TaskNode>,
): Definition {
  const ids = Array.from({ length: steps }, (_, i) => `s${i + 1}`);
  return {
    name,
    nodes: ids.map((id) => ({ ...node, id, type: "task" as const, input: node.input ?? { id } })),
    edges: ids.slice(1).map((to, i) => ({ from: ids[i] ?? "", to })),
  };
}

/** The value of an outcome; a refusal fails the test. */
export function value<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(`refused: ${outcome.code}`);
  return outcome.value;
}

export function only<T>(items: readonly T[]): T {
  const [first] = items;
  if (first === undefined || items.length !== 1) throw new Error(`expected one item, not ${items.length}`);
  return first;
}

export function completed({ taskId, leaseToken }: Task, output: JsonValue = null) {
  return { taskId, leaseToken, status: "completed" as const, output };
}

/** A lease as heartbeats and results name it. */
export function named({ taskId, leaseToken }: Task) {
  return { taskId, leaseToken };
}

/** The data of all events of one type, in order. */
export async function eventsOf(process: TestProcess, executionId: bigint, type: string) {
  const { rows } = await process.engine.pool.query<{ data: string; actor: string }>(
    "select data, actor from events where execution_id = $1 and type = $2 order by sequence",
    [executionId, type],
  );
  return rows.map(({ data, actor }) => ({ actor, ...JSON.parse(data) }));
}

/** The history as types, with the code of each failure. */
export async function historyOf(process: TestProcess, executionId: bigint): Promise<string[]> {
  const { rows } = await process.engine.pool.query<{ type: string; data: string }>(
    "select type, data from events where execution_id = $1 order by sequence",
    [executionId],
  );
  return rows.map(({ type, data }) => {
    const { error } = JSON.parse(data) as { error?: { code: string } };
    return error === undefined ? type : `${type} ${error.code}`;
  });
}
