// One engine process as a test sees it: the real door on a real database, with a clock that moves only when told.
import { createHash } from "node:crypto";
import { openPool, type Pool, type PoolClient } from "@/db/client";
import type { Clock } from "@/lib/clock";
import type { Definition } from "@/lib/contract/definition";
import { decodeId } from "@/lib/contract/ids";
import { canonicalJson, type JsonValue } from "@/lib/contract/json";
import type { Task } from "@/lib/contract/workers";
import type { Difference } from "@/lib/engine/compare-projections";
import { createDoor } from "@/lib/engine/door/apply-commands";
import type {
  Announcement,
  Applied,
  Door,
  LeaseRequest,
  ParkedPolls,
  StartApplied,
  Submission,
} from "@/lib/engine/door/door";
import { EventStore } from "@/lib/engine/door/event-store";
import { type Faults, noFaults } from "@/lib/engine/door/faults";
import { Encryption } from "@/lib/engine/encryption/encryption";
import type { MasterKeys } from "@/lib/engine/encryption/master-keys";
import { createGraphs } from "@/lib/engine/graphs";
import { decodeLeaseToken, leaseHash } from "@/lib/engine/leasing/lease-token";
import { deliverMessages } from "@/lib/engine/messages/deliver";
import { noMetrics } from "@/lib/engine/metrics";
import { Keys } from "@/lib/engine/process/keys";
import { proveExecution } from "@/lib/engine/prove-execution";
import { Signer } from "@/lib/engine/signing/signer";
import { openLog } from "@/lib/log";

export const NAMESPACE = 1;

export class TestClock implements Clock {
  constructor(public ms = Date.UTC(2026, 0, 5, 12)) {}
  now(): number {
    return this.ms;
  }
  advance(ms: number): void {
    this.ms += ms;
  }
}

export interface TestEngine {
  door: Door & { close(): Promise<void> };
  clock: TestClock;
  keys: Keys;
  pool: Pool;
  announced: Announcement[];
  troubles: { what: string; executionId?: string; error?: unknown }[];
  /** Statements that the door sent on its flush connection: one is one round trip. */
  flushes(): number;
  /** Version 1 of the workflow that the definition names, or the next. */
  publish(definition: Definition): Promise<Published>;
  start(
    workflow: Published,
    options?: { input?: JsonValue; key?: string; timeoutMs?: number; startAt?: number },
  ): Promise<StartApplied>;
  /** A control, as a caller gives it. */
  apply(executionId: bigint, command: Submission["command"]): Promise<Applied>;
  /** What the job does that a flush with messages adds. */
  deliver(source: bigint): Promise<void>;
  /** Where what is stored does not follow from the history. */
  differences(executionId: bigint): Promise<Difference[]>;
  register(tasks: string[], queues?: string[]): Promise<bigint>;
  lease(workerId: bigint, capacity: number, requestId?: string): Promise<Task[]>;
  /** Answers a task the way a worker's result would be submitted. */
  answer(task: Task, outcome: { output: JsonValue } | { error: string }): Submission;
  close(): Promise<void>;
}

/** Strikes once, in the flush or at the point of the process after it was armed. */
export class OneFault implements Faults {
  #armed: string | null = null;
  #stop: string | null = null;
  /** In the next flush's transaction. */
  arm(at: string, what: "fail" | "kill"): void {
    this.#armed = JSON.stringify({ at, do: what });
  }
  /** Throws there, as if the process had ended. */
  stopAt(point: string): void {
    this.#stop = point;
  }
  reach(point: string): void {
    if (this.#stop !== point) return;
    this.#stop = null;
    throw new Error(`stopped ${point}`);
  }
  inTransaction(): string | null {
    const fault = this.#armed;
    this.#armed = null;
    return fault;
  }
}

export interface Published {
  name: string;
  workflowId: number;
  version: number;
  hash: string;
}

export interface TestEngineOptions {
  slot?: number;
  clock?: TestClock;
  faults?: Faults;
  /** Default: nobody waits. */
  parked?: ParkedPolls;
  /** Default: payloads are stored as they are. */
  masters?: MasterKeys;
}

export async function startEngine(connectionString: string, options: TestEngineOptions = {}): Promise<TestEngine> {
  const clock = options.clock ?? new TestClock();
  const pool = openPool(connectionString, { max: 4, name: "test" });
  const flushPool = openPool(connectionString, { max: 2, name: "test flush" });
  new Encryption({ db: pool, clock, masters: options.masters ?? null, log: openLog("silent") }).applyTo(
    pool,
    flushPool,
  );
  const count = countStatements(flushPool);
  const keys = new Keys(clock);
  keys.holdSlot(options.slot ?? 1);
  const announced: Announcement[] = [];
  const troubles: TestEngine["troubles"] = [];
  await pool.query("select ensure_event_partitions($1, 1)", [new Date(clock.now())]);
  const graphs = createGraphs(pool, clock);
  const faults = options.faults ?? noFaults;
  const signer = new Signer({ db: pool, clock, log: openLog("silent"), given: null });
  await signer.start();
  const door = createDoor({
    flushPool,
    readPool: pool,
    clock,
    random: () => 0.5,
    nextKey: () => keys.next(),
    slot: () => options.slot ?? 1,
    graphs,
    parked: options.parked ?? { claim: () => [] },
    announce: (announcement) => announced.push(announcement),
    onWakeArmed: () => {},
    onMessagesSent: () => {},
    onTrouble: (trouble) => troubles.push(trouble),
    metrics: noMetrics,
    faults,
    signer,
    leaseMs: 10_000,
  });

  return {
    door,
    clock,
    keys,
    pool,
    announced,
    troubles,
    flushes: () => count.statements,
    async publish(definition) {
      const text = canonicalJson(definition);
      const hash = createHash("sha256").update(text).digest();
      const { rows } = await pool.query<{ id: number; version: number }>(
        `insert into workflows (namespace_id, name, latest_version) values ($1, $2, 1)
         on conflict (namespace_id, name) do update set latest_version = workflows.latest_version + 1
         returning id, latest_version as version`,
        [NAMESPACE, definition.name],
      );
      const { id: workflowId = 0, version = 0 } = rows[0] ?? {};
      await pool.query("insert into workflow_versions values ($1, $2, $3, $4, $5, now(), 'engine')", [
        workflowId,
        version,
        NAMESPACE,
        hash,
        text,
      ]);
      graphs.published(NAMESPACE, definition.name, workflowId, version);
      return { name: definition.name, workflowId, version, hash: hash.toString("hex") };
    },
    start({ name, workflowId, version, hash }, { input = null, key, ...options } = {}) {
      return door.start({
        namespaceId: NAMESPACE,
        actor: "key:test",
        workflowId,
        version,
        command: { type: "start", workflow: name, version, hash, input, key, ...options },
        idempotencyKey: null,
        requestHash: key === undefined ? null : createHash("sha256").update(canonicalJson({ input })).digest("hex"),
      });
    },
    apply: (executionId, command) => door.apply({ namespaceId: NAMESPACE, executionId, actor: "user:test", command }),
    deliver(source) {
      const histories = new EventStore(pool, graphs);
      return deliverMessages({ db: pool, door, graphs, histories, faults, log: openLog("silent") }, NAMESPACE, source);
    },
    async differences(executionId) {
      const proof = await proveExecution({ db: pool, graphs }, { namespaceId: NAMESPACE, executionId });
      if (proof === null) throw new Error("no such execution");
      return proof.differences;
    },
    async register(tasks, queues = ["default"]) {
      const id = keys.next();
      await pool.query("insert into workers values ($1, $2, 'w', $3, $4, 'node', '0', 100, '{}', $5, $5)", [
        id,
        NAMESPACE,
        queues,
        tasks,
        new Date(clock.now()),
      ]);
      return id;
    },
    lease: (workerId, capacity, requestId) => leaseOnce(door, workerId, capacity, requestId ?? null),
    answer(task, outcome) {
      const token = decodeLeaseToken(task.leaseToken);
      if (token === null) throw new Error("a leased task has a token");
      const answered = { step: token.step, taskId: task.taskId, lease: leaseHash(task.leaseToken), worker: "wrk_test" };
      return {
        namespaceId: NAMESPACE,
        executionId: token.executionId,
        actor: "worker:wrk_test",
        guard: { taskId: decodeId("task", task.taskId) ?? 0n, secret: token.secret },
        command:
          "output" in outcome
            ? { type: "complete-task", output: outcome.output, ...answered }
            : { type: "fail-task", error: { code: "HANDLER_ERROR", message: outcome.error }, ...answered },
      };
    },
    async close() {
      await door.close();
      await Promise.all([pool.end(), flushPool.end()]);
    },
  };
}

export function leaseOnce(door: Door, workerId: bigint, capacity: number, requestId: string | null): Promise<Task[]> {
  return new Promise((fill, fail) => door.lease(leaseRequest(workerId, capacity, requestId, fill, fail)));
}

export function leaseRequest(
  workerId: bigint,
  capacity: number,
  requestId: string | null,
  fill: (tasks: Task[]) => void,
  fail: (error: unknown) => void,
): LeaseRequest {
  return { workerId, namespaceId: NAMESPACE, requestId, capacity, fill, fail };
}

/** The committed answer; anything else fails the test. */
export function settled(result: PromiseSettledResult<Applied> | undefined): Applied {
  if (result?.status !== "fulfilled") throw result?.reason ?? new Error("no answer");
  return result.value;
}

/** Steps one after another; their task is named as the workflow is, so that tests of one database do not take each other's. */
export function chain(name: string, length: number): Definition {
  const ids = Array.from({ length }, (_, i) => `s${i + 1}`);
  return {
    name,
    nodes: ids.map((id) => ({ id, type: "task" as const, task: name, input: { id } })),
    edges: ids.slice(1).map((to, i) => ({ from: ids[i] ?? "", to })),
  };
}

function countStatements(pool: Pool): { statements: number } {
  const count = { statements: 0 };
  pool.on("connect", (client: PoolClient) => {
    const query = client.query.bind(client) as (...args: unknown[]) => unknown;
    Object.assign(client, {
      query: (...args: unknown[]) => {
        count.statements++;
        return query(...args);
      },
    });
  });
  return count;
}
