// An engine process that runs http steps, on a real database, with a clock that moves only when told; and what it calls.
import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { pino } from "pino";
import { openPool, type Pool } from "@/db/client";
import type { ReadyKind } from "@/db/stores/task-leases";
import type { Definition, HttpNode } from "@/lib/contract/definition";
import { canonicalJson } from "@/lib/contract/json";
import type { Faults } from "@/lib/engine/door/faults";
import { parseAllowList } from "@/lib/engine/http-steps/allow-list";
import { callUrl } from "@/lib/engine/http-steps/call-url";
import { Guard } from "@/lib/engine/http-steps/guard";
import { HttpSteps } from "@/lib/engine/http-steps/http-steps";
import { LeaseFacts } from "@/lib/engine/leasing/lease-facts";
import { LeaseSweep } from "@/lib/engine/leasing/lease-sweep";
import { QueueRates } from "@/lib/engine/leasing/queue-rates";
import { noMetrics } from "@/lib/engine/metrics";
import { NAMESPACE, startEngine, TestClock, type TestEngine } from "../door/engine";

export interface HttpProcess {
  engine: TestEngine;
  steps: HttpSteps;
  sweep: LeaseSweep;
  /** Publishes the definition in that namespace and starts it. */
  start(definition: Definition, namespaceId?: number): Promise<bigint>;
  /** Everything whose time has come for an execution: what its graphile job would do. */
  wake(executionId: bigint): Promise<void>;
  /** Gone without a word: what it called still answers, and nobody hears it. */
  crash(): Promise<void>;
  close(): Promise<void>;
}

const ONLY_HERE = parseAllowList("127.0.0.1");
const silent = pino({ level: process.env.TEST_LOG ?? "silent" });

let slots = 0;

export async function startHttpProcess(
  connectionString: string,
  options: { clock?: TestClock; faults?: Faults; serving?: boolean } = {},
): Promise<HttpProcess> {
  // Each has a slot of its own: with the same clock, the keys of two would be the same.
  const slot = ++slots;
  const clock = options.clock ?? new TestClock();
  const db: Pool = openPool(connectionString, { max: 2, name: "test http steps" });
  const leases = new LeaseFacts();
  const queueRates = new QueueRates({ db, clock });
  const parked = { claim: (ready: readonly ReadyKind[]) => steps.claim(ready) };
  const engine: TestEngine = await startEngine(connectionString, { ...options, slot, clock, parked });
  const guard = new Guard(ONLY_HERE ?? { ranges: [], hosts: new Set() });
  const steps: HttpSteps = new HttpSteps({
    db,
    clock,
    keys: engine.keys,
    door: engine.door,
    leases,
    queueRates,
    log: silent,
    call: (request, call) => callUrl(request, { ...call, guard }),
  });
  if (options.serving !== false) steps.start();
  const { door } = engine;
  const sweep = new LeaseSweep({ db, clock, door, waiters: steps, leases, queueRates, metrics: noMetrics });

  return {
    engine,
    steps,
    sweep,
    async start(definition, namespaceId = NAMESPACE) {
      const workflow = await publish(engine.pool, namespaceId, definition);
      const command = {
        type: "start" as const,
        workflow: definition.name,
        version: 1,
        hash: workflow.hash,
        input: null,
      };
      const { workflowId } = workflow;
      const unkeyed = { idempotencyKey: null, requestHash: null };
      const started = await door.start({ namespaceId, actor: "key:test", workflowId, version: 1, command, ...unkeyed });
      if (started.outcome !== "started") throw new Error("expected a new execution");
      return started.executionId;
    },
    async wake(executionId) {
      await door.apply({ namespaceId: NAMESPACE, executionId, actor: "engine", command: { type: "wake" } });
    },
    async crash() {
      await Promise.all([engine.close(), db.end()]);
    },
    async close() {
      await steps.stop(0);
      if (!db.ended) await Promise.all([engine.close(), db.end()]);
    },
  };
}

async function publish(pool: Pool, namespaceId: number, definition: Definition) {
  const text = canonicalJson(definition);
  const hash = createHash("sha256").update(text).digest();
  const { rows } = await pool.query<{ id: number }>(
    "insert into workflows (namespace_id, name, latest_version) values ($1, $2, 1) returning id",
    [namespaceId, definition.name],
  );
  const workflowId = rows[0]?.id ?? 0;
  await pool.query("insert into workflow_versions values ($1, 1, $2, $3, $4, now(), 'engine')", [
    workflowId,
    namespaceId,
    hash,
    text,
  ]);
  return { workflowId, hash: hash.toString("hex") };
}

let published = 0;

/** So many calls beside each other, each a step of its own. */
export function calling(url: string, options: Partial<HttpNode> & { count?: number } = {}): Definition {
  const { count = 1, request, ...node } = options;
  return {
    name: `calls_${++published}`,
    nodes: Array.from({ length: count }, (_, i) => ({
      id: `call${i + 1}`,
      type: "http" as const,
      request: { url, ...request },
      ...node,
    })),
    edges: [],
  };
}

/** A handler that holds back its answers until they are asked for, in the order in which the calls came. */
export function holding() {
  const held: { request: IncomingMessage; response: ServerResponse }[] = [];
  const waiting: { count: number; resolve(): void }[] = [];
  return {
    answer(request: IncomingMessage, response: ServerResponse) {
      held.push({ request, response });
      for (const one of waiting) if (held.length >= one.count) one.resolve();
    },
    held,
    /** Resolves once so many calls are held. */
    async calls(count: number) {
      if (held.length < count) await new Promise<void>((resolve) => waiting.push({ count, resolve }));
    },
    release(count = held.length) {
      for (const { response } of held.splice(0, count)) response.end("released");
    },
  };
}

/** The history as types, with the code of each failure. */
export async function historyOf({ engine }: HttpProcess, executionId: bigint): Promise<string[]> {
  const { rows } = await engine.pool.query<{ type: string; data: string }>(
    "select type, data from events where execution_id = $1 order by sequence",
    [executionId],
  );
  return rows.map(({ type, data }) => {
    const { error } = JSON.parse(data) as { error?: { code: string } };
    return error === undefined ? type : `${type} ${error.code}`;
  });
}

export async function eventsOf({ engine }: HttpProcess, executionId: bigint, type: string) {
  const { rows } = await engine.pool.query<{ actor: string; data: string }>(
    "select actor, data from events where execution_id = $1 and type = $2 order by sequence",
    [executionId, type],
  );
  return rows.map(({ actor, data }) => ({ actor, ...JSON.parse(data) }));
}

export async function statusOf({ engine }: HttpProcess, executionId: bigint): Promise<string> {
  const { rows } = await engine.pool.query<{ status: string }>("select status from executions where id = $1", [
    executionId,
  ]);
  return rows[0]?.status ?? "";
}
