// Concurrency keys under two engine processes, while everything that can happen to a task happens by chance.
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Task } from "@/lib/contract/workers";
import { Random } from "../../simulation/random";
import { createDatabase, type TestDatabase } from "../../support/postgres";
import { TestClock } from "../door/engine";
import { chainOn, completed, named, startProcess, type TestProcess } from "./process";

const QUEUE = "stress";
const LIMIT = 2;
const KEYS = ["a", "b", "c"];
const EXECUTIONS = 24;
const TURNS = 60;
/** Then nothing more goes wrong, and all of it has to end. */
const CALM_TURNS = 200;

let database: TestDatabase;
const clock = new TestClock();
let processes: TestProcess[];

beforeEach(async () => {
  database = await createDatabase();
  processes = await Promise.all([1, 2].map((slot) => startProcess(database.connectionString, { slot, clock })));
});

afterEach(async () => {
  await Promise.all(processes.map((process) => process.close()));
  await database.drop();
});

class World {
  readonly random: Random;
  readonly ids: bigint[] = [];
  readonly paused = new Set<bigint>();
  readonly workers: { process: TestProcess; id: string; held: Task[] }[] = [];

  constructor(seed: number) {
    this.random = new Random(seed);
  }

  get process(): TestProcess {
    return this.random.pick(processes);
  }

  async begin(): Promise<void> {
    const begun = Array.from({ length: EXECUTIONS }, (_, i) => {
      const node = {
        concurrencyKey: KEYS[i % KEYS.length],
        concurrencyLimit: LIMIT,
        priority: this.random.roll(3),
        retry: { maxAttempts: 50, initialInterval: "1s", maxInterval: "2s" },
      };
      return this.process.start({ queue: QUEUE, steps: 2, node });
    });
    this.ids.push(...(await Promise.all(begun)));
    for (let i = 0; i < 4; i++) {
      const process = processes[i % 2] as TestProcess;
      this.workers.push({ process, id: await process.register({ queues: [QUEUE] }), held: [] });
    }
  }

  /** A worker ends some of what it has, in one way or another, and asks for more. */
  async work(worker: (typeof this.workers)[number], calm: boolean): Promise<void> {
    const ending = worker.held.filter(() => calm || this.random.chance(0.6));
    worker.held = worker.held.filter((task) => !ending.includes(task));
    const results = ending.map((task) =>
      calm || this.random.chance(0.7)
        ? completed(task)
        : { ...named(task), status: "failed" as const, error: { code: "NO", message: "not now" } },
    );
    const capacity = 1 + this.random.roll(4);
    const { tasks } = await worker.process.poll(worker.id, { capacity, results });
    worker.held.push(...tasks);
    // One that it forgets runs out; of those it keeps it sends heartbeats.
    if (!calm && this.random.chance(0.2)) worker.held.pop();
    if (worker.held.length > 0) await worker.process.beat(worker.id, ...worker.held.map(named));
  }

  async control(): Promise<void> {
    const id = this.random.pick(this.ids);
    const roll = this.random.next();
    if (roll < 0.1) await this.process.engine.apply(id, { type: "cancel" });
    else if (roll < 0.55) {
      this.paused.add(id);
      await this.process.engine.apply(id, { type: "pause" });
    } else await this.resume([...this.paused][0]);
  }

  async resume(id: bigint | undefined): Promise<void> {
    if (id === undefined) return;
    this.paused.delete(id);
    await this.process.engine.apply(id, { type: "resume" });
  }

  /** Calm, without a gap that the sweep takes for an outage: those extend leases, and with enough of them none runs out. */
  async timePasses(calm: boolean): Promise<void> {
    clock.advance(this.random.pick(calm ? [100, 500, 1_500] : [100, 500, 1_500, 4_000]));
    await Promise.all(processes.map(({ sweep }) => sweep.turn()));
    await Promise.all(this.ids.map((id) => this.process.wake(id)));
  }

  /** Of the key that has the most: tasks that hold a place, leased or about to be. */
  async mostAtOnce(): Promise<number> {
    const { rows } = await this.process.engine.pool.query<{ most: number }>(
      `select coalesce(max(n), 0)::int as most from (
         select count(*) as n from tasks where worker_id is not null or admitted group by concurrency_key) by_key`,
    );
    return rows[0]?.most ?? 0;
  }

  /** A turn in which anything may happen; answers how many of one key were at once. */
  async turn(i: number): Promise<number> {
    await Promise.all([...this.workers.map((worker) => this.work(worker, false)), this.control()]);
    const worked = await this.mostAtOnce();
    if (i % 3 === 0) await this.timePasses(false);
    return Math.max(worked, await this.mostAtOnce());
  }

  async open(): Promise<number> {
    const { rows } = await this.process.engine.pool.query<{ open: number }>(
      "select count(*)::int as open from executions where id = any ($1) and closed_at is null",
      [this.ids],
    );
    return rows[0]?.open ?? 0;
  }
}

it.each([1, 2])(
  "no key ever has more tasks out than its limit, and all of them end (seed %i)",
  async (seed) => {
    const world = new World(seed);
    await world.begin();
    let most = 0;
    for (let turn = 0; turn < TURNS; turn++) most = Math.max(most, await world.turn(turn));
    expect(most).toBe(LIMIT);
    for (const id of [...world.paused]) await world.resume(id);
    for (let turn = 0; turn < CALM_TURNS && (await world.open()) > 0; turn++) {
      await Promise.all(world.workers.map((worker) => world.work(worker, true)));
      await world.timePasses(true);
      expect(await world.mostAtOnce()).toBeLessThanOrEqual(LIMIT);
    }
    expect(await world.open()).toBe(0);
    for (const id of world.ids) expect(await world.process.engine.differences(id)).toEqual([]);
  },
  120_000,
);

it("two processes would give one key's places out twice if its lock were not taken", async () => {
  const { pool, publish } = (processes[0] as TestProcess).engine;
  const change = async (name: string, from: string, to: string) => {
    const { rows } = await pool.query<{ source: string }>(`select pg_get_functiondef('${name}'::regproc) as source`);
    const changed = rows[0]?.source.replaceAll(from, to) ?? "";
    expect(changed).toContain(to);
    await pool.query(changed);
  };
  await change("lock_keys", "pg_advisory_xact_lock(id)", "id");
  // And a moment passes between counting and taking.
  await change("admit_tasks", "CONTINUE WHEN room <= 0;", "PERFORM pg_sleep(0.5); CONTINUE WHEN room <= 0;");
  const key = { concurrencyKey: "a", concurrencyLimit: LIMIT };
  const workflow = await publish(chainOn("unlocked", 1, { task: "work", queue: QUEUE, ...key }));
  await Promise.all(processes.flatMap(({ engine }) => [1, 2, 3].map(() => engine.start(workflow))));
  expect(await new World(0).mostAtOnce()).toBeGreaterThan(LIMIT);
});
