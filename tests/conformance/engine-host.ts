/**
 * The server's engine on a real PostgreSQL: its verbs, its one door, its sweep, its http steps and its deliveries, and a
 * worker that polls, beats and answers by the protocol. Only time is the test's.
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import { openPool, type Pool } from "@/db/client";
import { readEvents } from "@/db/stores/histories";
import type { ReadyKind } from "@/db/stores/task-leases";
import type { Definition } from "@/lib/contract/definition";
import type { HistoryEvent } from "@/lib/contract/history";
import { decodeId, encodeId } from "@/lib/contract/ids";
import type { JsonValue } from "@/lib/contract/json";
import type { Task } from "@/lib/contract/workers";
import { HTTP_QUEUE, HTTP_TASK } from "@/lib/core/definition/graph";
import type { Caller } from "@/lib/engine/caller";
import { controlExecution } from "@/lib/engine/control-execution";
import { decideApproval } from "@/lib/engine/decide-approval";
import { EventStore, toHistoryEvent } from "@/lib/engine/door/event-store";
import { Encryption } from "@/lib/engine/encryption/encryption";
import type { MasterKeys } from "@/lib/engine/encryption/master-keys";
import { forkExecution } from "@/lib/engine/fork-execution";
import { createGraphs } from "@/lib/engine/graphs";
import { heartbeat } from "@/lib/engine/heartbeat";
import { HttpSteps } from "@/lib/engine/http-steps/http-steps";
import { LeaseFacts } from "@/lib/engine/leasing/lease-facts";
import { LeaseSweep } from "@/lib/engine/leasing/lease-sweep";
import { QueueRates } from "@/lib/engine/leasing/queue-rates";
import { TaskWaiters } from "@/lib/engine/leasing/task-waiters";
import { WorkerDirectory } from "@/lib/engine/leasing/worker-directory";
import { noMetrics } from "@/lib/engine/metrics";
import type { Outcome } from "@/lib/engine/outcome";
import { poll } from "@/lib/engine/poll";
import { publishWorkflow } from "@/lib/engine/publish-workflow";
import { registerWorker } from "@/lib/engine/register-worker";
import { retryExecution } from "@/lib/engine/retry-execution";
import { startExecution } from "@/lib/engine/start-execution";
import { openLog } from "@/lib/log";
import { HandlerRun } from "@/worker-sdk/src/handler/handler-run";
import type { Outcome as Ending } from "@/worker-sdk/src/handler/outcome";
import { outcomeOfAnswer } from "@/worker-sdk/src/local/call-url";
import { NAMESPACE, startEngine, TestClock, type TestEngine } from "../integration/door/engine";
import { type Given, type Handler, Refused, type StartOptions } from "./behaviour";
import { Bench, type Piece, placeOf } from "./bench";
import { definitionsOf, HttpScript, handlersFor } from "./given";
import type { Control, Decision, Fork, Host, Stage } from "./host";

/** As the local executor names who commands. */
const CALLER: Caller = { namespaceId: NAMESPACE, actor: "user:local" };
/** A worker that lives is heard often enough for its leases of 10 s. */
const BEAT_MS = 3_000;
/** The sweep takes a longer gap between its turns for an outage. */
const SWEEP_MS = 1_000;
const CAPACITY = 100;

/** @param masters where payloads are to be sealed */
export async function openEngineHost(connectionString: string, masters?: MasterKeys): Promise<Host> {
  const engine = await openEngine(connectionString, masters);
  return {
    open: (given, definitions) => EngineStage.open(engine, given, definitions),
    close: () => engine.close(),
  };
}

type Engine = Awaited<ReturnType<typeof openEngine>>;

async function openEngine(connectionString: string, masters?: MasterKeys) {
  const clock = new TestClock();
  const db: Pool = openPool(connectionString, { max: 4, name: "test conformance" });
  new Encryption({ db, clock, masters: masters ?? null, log: openLog("silent") }).applyTo(db);
  const stage: { call: ConstructorParameters<typeof HttpSteps>[0]["call"] } = {
    call: () => Promise.reject(new Error("nobody listens")),
  };
  const waiters: TaskWaiters = new TaskWaiters({ clock, db, lease: (request) => host.door.lease(request) });
  const parked = { claim: (ready: readonly ReadyKind[]) => [...waiters.claim(ready), ...httpSteps.claim(ready)] };
  const host: TestEngine = await startEngine(connectionString, { clock, parked, masters });
  const graphs = createGraphs(db, clock);
  const services = {
    clock,
    db,
    door: host.door,
    keys: host.keys,
    graphs,
    leases: new LeaseFacts(),
    queueRates: new QueueRates({ db, clock }),
    waiters,
    workers: new WorkerDirectory({ db, clock }),
    histories: new EventStore(db, graphs),
    log: openLog("silent"),
  };
  const httpSteps: HttpSteps = new HttpSteps({ ...services, call: (request, options) => stage.call(request, options) });
  httpSteps.start();
  const { leases, queueRates, door } = services;
  const sweep = new LeaseSweep({ db, clock, door, waiters, leases, queueRates, metrics: noMetrics });
  return {
    ...services,
    stage,
    httpSteps,
    sweep,
    deliver: host.deliver,
    differences: host.differences,
    async close() {
      await httpSteps.stop(0);
      waiters.close();
      await host.close();
      await db.end();
    },
  };
}

interface Leased extends Piece {
  task: Task;
}

class EngineStage implements Stage {
  readonly #bench: Bench;
  readonly #handlers: Map<string, Handler>;
  /** Leased, and not answered yet. */
  readonly #leased = new Map<string, Leased>();
  readonly #started: bigint[] = [];
  #calls = 0;

  private constructor(
    readonly engine: Engine,
    readonly given: Given,
    readonly workerId: string,
  ) {
    this.#bench = new Bench(given.held);
    this.#handlers = handlersOf(given);
    const http = new HttpScript(given);
    engine.stage.call = async (request, { signal }) => {
      this.#calls++;
      await this.#bench.turn("http", signal);
      return outcomeOfAnswer(http.answer(request), "The script");
    };
  }

  static async open(engine: Engine, given: Given, definitions: readonly Definition[]): Promise<EngineStage> {
    for (const definition of definitions) value(await publishWorkflow(engine, CALLER, definition));
    const tasks = [...handlersOf(given).keys()];
    const queues = ["default", ...queuesOf(definitions)];
    const declared = { queues, tasks: tasks.length === 0 ? ["none"] : tasks, language: "node", sdkVersion: "0" };
    const { workerId } = value(await registerWorker(engine, CALLER, { ...declared, capacity: CAPACITY }));
    return new EngineStage(engine, given, workerId);
  }

  async start(workflow: string, input: JsonValue, { startInMs, ...options }: StartOptions): Promise<string> {
    const startAt = startInMs === undefined ? {} : { startAt: new Date(this.now() + startInMs).toISOString() };
    const { started } = value(await startExecution(this.engine, CALLER, { workflow, input, ...options, ...startAt }));
    this.#started.push(keyOf(started.id));
    await this.#gather();
    return started.id;
  }

  async settle(): Promise<void> {
    await this.#gather();
    for (let piece = this.#bench.next(); piece !== undefined; piece = this.#bench.next()) {
      if (isLeased(piece)) await this.#run(piece);
      else await this.#answerCall(piece);
      await this.#gather();
    }
  }

  release(place: string): void {
    this.#bench.release(place);
  }

  now(): number {
    return this.engine.clock.now();
  }

  async nextAt(): Promise<number | null> {
    const { rows } = await this.engine.db.query<{ at: Date | null }>(
      `select least(
         (select min(next_wake_at) from executions),
         (select min(queue_deadline_at) from tasks where worker_id is null and not held),
         (select min(least(attempt_deadline_at, heartbeat_deadline_at)) from tasks where worker_id is not null)
       ) as at`,
    );
    const times = [rows[0]?.at?.getTime() ?? null, await this.#leaseEndsAt()].filter((at) => at !== null);
    return times.length === 0 ? null : Math.min(...times);
  }

  async passTo(at: number): Promise<void> {
    const { clock, sweep } = this.engine;
    const stepMs = this.#leased.size === 0 ? Number.POSITIVE_INFINITY : this.given.silent ? SWEEP_MS : BEAT_MS;
    while (clock.now() < at) {
      clock.advance(Math.min(stepMs, at - clock.now()));
      if (!this.given.silent) await this.#beat([...this.#leased.values()]);
      await sweep.turn();
    }
    await this.#wake();
    await this.#gather();
  }

  async control(id: string, control: Control): Promise<void> {
    if (control.type === "retry") {
      const { type: _, ...body } = control;
      value(await retryExecution(this.engine, CALLER, id, body));
    } else value(await controlExecution(this.engine, CALLER, id, control, undefined));
    await this.#gather();
  }

  async decide(_: string, approvalId: string, decision: Decision): Promise<void> {
    value(await decideApproval(this.engine, CALLER, approvalId, decision, "anyone"));
    await this.#gather();
  }

  async fork(id: string, options: Fork): Promise<string> {
    const { started } = value(await forkExecution(this.engine, CALLER, id, options));
    this.#started.push(keyOf(started.id));
    await this.#gather();
    return started.id;
  }

  async history(id: string): Promise<HistoryEvent[]> {
    return (await readEvents(this.engine.db, keyOf(id), 0, 10_000)).map(toHistoryEvent);
  }

  async close(): Promise<string[]> {
    const differences: string[] = [];
    for (const id of await this.#openExecutions()) {
      await controlExecution(this.engine, CALLER, encodeId("execution", id), { type: "terminate" }, undefined);
      await this.#deliver();
    }
    for (const id of this.#started)
      for (const { where } of await this.engine.differences(id))
        differences.push(`${encodeId("execution", id)}: ${where}`);
    return differences;
  }

  /** All that can come without anybody's doing: messages, tasks, calls. */
  async #gather(): Promise<void> {
    await this.#deliver();
    await this.#take(await this.#poll([]));
    await this.#takeCalls();
  }

  async #poll(results: object[]): Promise<Task[]> {
    const { signal } = new AbortController();
    const answer = value(await poll(this.engine, CALLER, this.workerId, { capacity: CAPACITY, results }, signal));
    return answer.tasks;
  }

  async #take(tasks: readonly Task[]): Promise<void> {
    for (const task of tasks.toSorted((a, b) => (a.taskId < b.taskId ? -1 : 1))) {
      const piece = { place: placeOf(task.node, task.index), task, begin: () => {} };
      this.#leased.set(task.taskId, piece);
      this.#bench.add(piece);
      if (this.given.silent) await this.#beat([piece]);
    }
  }

  async #run(piece: Leased): Promise<void> {
    const { task } = piece;
    await this.#beat([piece]);
    if (!this.#leased.delete(task.taskId)) return;
    const handler = this.#handlers.get(task.task);
    if (handler === undefined) throw new Error(`${task.task} was not declared`);
    const run = new HandlerRun({ id: task.task, handler: handler as never }, task, {
      now: () => this.now(),
      onHeartbeat: () => {},
    });
    const ending = resultOf(await run.run());
    const checkpoints = run.journal.takeAll().map(({ name, text }) => ({ name, value: JSON.parse(text) }));
    const { taskId, leaseToken } = task;
    await this.#take(await this.#poll([{ taskId, leaseToken, ...ending, checkpoints }]));
  }

  /** As a worker does each few seconds; what it learns to be lost it lets go. */
  async #beat(pieces: readonly Leased[]): Promise<void> {
    if (pieces.length === 0) return;
    const running = pieces.map(({ task: { taskId, leaseToken } }) => ({ taskId, leaseToken }));
    const { acks } = value(await heartbeat(this.engine, CALLER, this.workerId, { running }));
    for (const { taskId, status } of acks) {
      const piece = this.#leased.get(taskId);
      if (status === "ok" || piece === undefined) continue;
      this.#leased.delete(taskId);
      this.#bench.remove(piece);
    }
  }

  async #deliver(): Promise<void> {
    for (;;) {
      const { rows } = await this.engine.db.query<{ source: bigint }>(
        "select distinct source_execution_id as source from messages order by 1",
      );
      if (rows.length === 0) return;
      for (const { source } of rows) await this.engine.deliver(BigInt(source));
    }
  }

  /** Http steps are leased by the engine itself: until each of them has called, and none has more to say. */
  async #takeCalls(): Promise<void> {
    for (;;) {
      const { rows } = await this.engine.db.query<{ calls: number }>(
        "select count(*)::int as calls from tasks where task = $1 and (worker_id is not null or not held)",
        [HTTP_TASK],
      );
      if (rows[0]?.calls === this.#calls && this.engine.httpSteps.running === this.#calls) return;
      this.engine.httpSteps.wake(NAMESPACE, HTTP_QUEUE);
      await nextTurn();
    }
  }

  async #answerCall(piece: Piece): Promise<void> {
    piece.begin();
    this.#calls--;
    while (this.engine.httpSteps.running > this.#calls) await nextTurn();
  }

  async #wake(): Promise<void> {
    const { db, door } = this.engine;
    const { rows } = await db.query<{ id: bigint }>(
      "select id from executions where next_wake_at <= $1 and status <> 'quarantined' order by id",
      [new Date(this.now())],
    );
    for (const { id } of rows) {
      const target = { namespaceId: NAMESPACE, executionId: BigInt(id) };
      await door.apply({ ...target, actor: "engine", command: { type: "wake" } });
    }
  }

  /** A lease runs out only where nobody renews it. */
  async #leaseEndsAt(): Promise<number | null> {
    if (!this.given.silent) return null;
    const { rows } = await this.engine.db.query<{ at: Date | null }>("select min(lease_expires_at) as at from tasks");
    return rows[0]?.at?.getTime() ?? null;
  }

  async #openExecutions(): Promise<bigint[]> {
    const { rows } = await this.engine.db.query<{ id: bigint }>(
      "select id from executions where closed_at is null order by id",
    );
    return rows.map(({ id }) => BigInt(id));
  }
}

function isLeased(piece: Piece): piece is Leased {
  return "task" in piece;
}

/** As the protocol sends it. */
function resultOf(ending: Ending): object {
  return ending.status === "completed" ? { ...ending, output: JSON.parse(ending.output) } : ending;
}

function handlersOf(given: Given): Map<string, Handler> {
  return new Map(definitionsOf(given).flatMap((definition) => [...handlersFor(definition, given)]));
}

function queuesOf(definitions: readonly Definition[]): string[] {
  const named = JSON.stringify(definitions).matchAll(/"queue":"([^"]+)"/g);
  return [...new Set([...named].flatMap(([, queue]) => queue ?? []))].filter((queue) => queue !== "default");
}

function keyOf(id: string): bigint {
  const key = decodeId("execution", id);
  if (key === null) throw new Error(`no id of an execution: ${id}`);
  return key;
}

function value<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw Object.assign(new Refused(outcome.code), { cause: outcome });
  return outcome.value;
}
