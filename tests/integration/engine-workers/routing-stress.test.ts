// Concurrency keys under two engine processes, while everything that can happen to a task happens by chance.
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Task } from "@/lib/contract/workers";
import { Random } from "../../simulation/random";
import { createDatabase, type TestDatabase } from "../../support/postgres";
import { TestClock } from "../door/engine";
import { completed, named, startProcess, type TestProcess } from "./process";

const LIMIT = 2;
const KEYS = ["a", "b", "c"];
const EXECUTIONS = 24;
const TURNS = 60;
/** Then nothing more goes wrong, and all of it has to end. */
const CALM_TURNS = 200;

let database: TestDatabase;
const clock = new TestClock();
const processes: TestProcess[] = [];

beforeAll(async () => {
  database = await createDatabase();
  for (const slot of [1, 2]) processes.push(await startProcess(database.connectionString, { slot, clock }));
});

afterAll(async () => {
  await Promise.all(processes.map((process) => process.close()));
  await database.drop();
});

/** Leased tasks of the key that has the most; throws where a key has more than it may, leased or admitted. */
async function mostAtOnce(queue: string): Promise<number> {
  const { rows } = await (processes[0] as TestProcess).engine.pool.query<{ running: number; admitted: number }>(
    `select count(*) filter (where worker_id is not null)::int as running, count(*) filter (where admitted)::int as admitted
     from tasks where queue = $1 group by concurrency_key`,
    [queue],
  );
  for (const { running, admitted } of rows) {
    expect(admitted).toBeLessThanOrEqual(LIMIT);
    expect(running).toBeLessThanOrEqual(admitted);
  }
  return Math.max(0, ...rows.map(({ running }) => running));
}

class World {
  readonly random: Random;
  readonly ids: bigint[] = [];
  readonly paused = new Set<bigint>();
  readonly workers: { process: TestProcess; id: string; held: Task[] }[] = [];

  constructor(
    readonly seed: number,
    readonly queue: string,
  ) {
    this.random = new Random(seed);
  }

  get process(): TestProcess {
    return this.random.pick(processes);
  }

  async begin(): Promise<void> {
    for (let i = 0; i < EXECUTIONS; i++) {
      const node = {
        concurrencyKey: KEYS[i % KEYS.length],
        concurrencyLimit: LIMIT,
        priority: this.random.roll(3),
        retry: { maxAttempts: 50, initialInterval: "1s", maxInterval: "2s" },
      };
      this.ids.push(await this.process.start({ queue: this.queue, steps: 2, node }));
    }
    for (let i = 0; i < 4; i++) {
      const process = processes[i % 2] as TestProcess;
      this.workers.push({ process, id: await process.register({ queues: [this.queue] }), held: [] });
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

  async timePasses(): Promise<void> {
    clock.advance(this.random.pick([100, 500, 1_500, 4_000]));
    await Promise.all(processes.map(({ sweep }) => sweep.turn()));
    await Promise.all(this.ids.map((id) => this.process.wake(id)));
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
    const world = new World(seed, `stress_${seed}`);
    await world.begin();
    let most = 0;
    for (let turn = 0; turn < TURNS; turn++) {
      await Promise.all([...world.workers.map((worker) => world.work(worker, false)), world.control()]);
      most = Math.max(most, await mostAtOnce(world.queue));
      if (turn % 3 === 0) await world.timePasses();
      most = Math.max(most, await mostAtOnce(world.queue));
    }
    expect(most).toBe(LIMIT);
    for (const id of [...world.paused]) await world.resume(id);
    for (let turn = 0; turn < CALM_TURNS && (await world.open()) > 0; turn++) {
      await Promise.all(world.workers.map((worker) => world.work(worker, true)));
      await mostAtOnce(world.queue);
      await world.timePasses();
    }
    expect(await world.open()).toBe(0);
    for (const id of world.ids) expect(await world.process.engine.differences(id)).toEqual([]);
  },
  120_000,
);
