/**
 * Steps per second over REST: executions of trivial steps, a number of them at a time, one worker process. Beside it, in the
 * same PostgreSQL and the same minute, what it appends in batches of 100 rows.
 *
 *   npx tsx bench/w1.ts [--executions 500] [--steps 10] [--at-a-time 100] [--runs 5]
 */
import { setTimeout as settle } from "node:timers/promises";
import { parseArgs } from "node:util";
import { Client } from "../worker-sdk/src/index";
import { type DatabaseCounts, databaseCounts, difference } from "./database-counts";
import { appendFloor } from "./floor";
import { startService } from "./service";
import { w1 } from "./w1-workflow";

const { values: options } = parseArgs({
  options: {
    executions: { type: "string", default: "500" },
    steps: { type: "string", default: "10" },
    "at-a-time": { type: "string", default: "100" },
    runs: { type: "string", default: "5" },
  },
});
const executions = Number(options.executions);
const steps = Number(options.steps);

interface Run {
  stepsPerSecond: number;
  floorRowsPerSecond: number;
}

/** Idle backends hand their counts in after ten seconds. */
const COUNTS_SETTLE_MS = 11_000;

const service = await startService();
try {
  const client = new Client({ url: service.url, apiKey: service.apiKey });
  await client.publish(w1(steps).definition);
  service.run("bench/w1-worker.ts", [String(steps)]);
  await batch(client, 50);
  const runs: Run[] = [];
  for (let i = 0; i < Number(options.runs); i++) {
    const floorRowsPerSecond = await appendFloor(service.pool, 1_500);
    const begin = performance.now();
    await batch(client, executions);
    const seconds = (performance.now() - begin) / 1000;
    runs.push({ stepsPerSecond: (executions * steps) / seconds, floorRowsPerSecond });
    console.log(
      `run ${i + 1}: ${((executions * steps) / seconds).toFixed(0)} steps/s, bare appends ${floorRowsPerSecond.toFixed(0)} rows/s`,
    );
  }
  summary(runs);
  printCounts(await counted(client));
} finally {
  await service.stop();
}

async function batch(client: Client, count: number): Promise<void> {
  let next = 0;
  const one = async () => {
    while (next++ < count) {
      const { id } = await client.start({ workflow: "w1", input: null });
      const result = await client.result(id);
      if (result.status !== "completed") throw new Error(`${id} ended ${result.status}`);
    }
  };
  await Promise.all(Array.from({ length: Number(options["at-a-time"]) }, one));
}

/** What the database did for one more round, right after a checkpoint. */
async function counted(client: Client): Promise<DatabaseCounts> {
  await settle(COUNTS_SETTLE_MS);
  await service.pool.query("checkpoint");
  const before = await databaseCounts(service.pool);
  await batch(client, executions);
  await settle(COUNTS_SETTLE_MS);
  return difference(await databaseCounts(service.pool), before);
}

function printCounts(counts: DatabaseCounts): void {
  const perStep = (n: number) => (n / (executions * steps)).toFixed(3);
  const rows = counts.rowsInserted + counts.rowsUpdated + counts.rowsDeleted;
  console.log(
    `per step: ${perStep(counts.writeTransactions)} write transactions, ${perStep(rows)} rows ` +
      `(${perStep(counts.rowsInserted)} in, ${perStep(counts.rowsUpdated)} updated, ${perStep(counts.rowsDeleted)} out), ` +
      `${perStep(counts.walBytes)} WAL bytes (full-page images after the checkpoint included)`,
  );
}

function summary(runs: readonly Run[]): void {
  const median = (pick: (run: Run) => number) => runs.map(pick).sort((a, b) => a - b)[runs.length >> 1] ?? 0;
  const stepsPerSecond = median((run) => run.stepsPerSecond);
  const ratio = median((run) => run.floorRowsPerSecond / run.stepsPerSecond);
  console.log(
    `median: ${stepsPerSecond.toFixed(0)} steps/s; the bare appends are ${ratio.toFixed(1)} times as many rows/s`,
  );
}
