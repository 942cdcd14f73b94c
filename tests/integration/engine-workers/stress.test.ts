// Pollers of several processes at once: each task is handed out once. The control takes the locks away and sees it twice.
import { Client } from "pg";
import { afterAll, describe, expect, it } from "vitest";
import { createDatabase, type TestDatabase } from "../../support/postgres";
import { TestClock } from "../door/engine";
import { completed, startProcess, type TestProcess } from "./process";

const PROCESSES = 4;
const EXECUTIONS = 60;
const databases: TestDatabase[] = [];

afterAll(async () => {
  await Promise.all(databases.map((database) => database.drop()));
});

async function processesOn(change?: (client: Client) => Promise<unknown>): Promise<TestProcess[]> {
  const database = await createDatabase();
  databases.push(database);
  if (change !== undefined) {
    const client = new Client({ connectionString: database.connectionString });
    await client.connect();
    await change(client);
    await client.end();
  }
  const clock = new TestClock();
  const processes: TestProcess[] = [];
  for (let slot = 1; slot <= PROCESSES; slot++)
    processes.push(await startProcess(database.connectionString, { slot, clock }));
  return processes;
}

/** Two pollers a process take turns until nothing is left; how often each task was handed out. */
async function handedOut(processes: readonly TestProcess[], finish: boolean): Promise<Map<string, number>> {
  const first = processes[0];
  if (first === undefined) throw new Error("no process");
  const steps = finish ? 3 : 1;
  await Promise.all(Array.from({ length: EXECUTIONS }, () => first.start({ queue: "busy", steps })));
  const handed = new Map<string, number>();
  const pollers = [...processes, ...processes].map(async (process) => {
    const worker = await process.register({ queues: ["busy"] });
    let results: ReturnType<typeof completed>[] = [];
    for (let empty = 0; empty < 3; ) {
      const { tasks } = await process.poll(worker, { capacity: 3, results });
      for (const { taskId } of tasks) handed.set(taskId, (handed.get(taskId) ?? 0) + 1);
      results = finish ? tasks.map((task) => completed(task)) : [];
      empty = tasks.length === 0 ? empty + 1 : 0;
    }
  });
  await Promise.all(pollers);
  await Promise.all(processes.map((process) => process.close()));
  return handed;
}

const twice = (handed: Map<string, number>) => [...handed.values()].filter((times) => times > 1).length;

describe("eight pollers of four processes", () => {
  it("never get the same task, while its execution goes on under them", async () => {
    const handed = await handedOut(await processesOn(), true);
    expect(handed.size).toBe(3 * EXECUTIONS);
    expect(twice(handed)).toBe(0);
  });

  it("would get the same task if leasing took no locks", async () => {
    const processes = await processesOn(async (client) => {
      const { rows } = await client.query("select pg_get_functiondef('lease_tasks'::regproc) as source");
      const source: string = rows[0].source;
      // Both locks go, and a moment passes between looking and taking.
      const unlocked = source.replaceAll("FOR UPDATE OF t SKIP LOCKED", "AND pg_sleep(0.002)::text IS NOT NULL");
      expect(unlocked).not.toBe(source);
      await client.query(unlocked);
    });
    expect(twice(await handedOut(processes, false))).toBeGreaterThan(0);
  });
});
