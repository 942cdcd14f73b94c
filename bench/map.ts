/**
 * What an item of a map costs, in a map of 100 items and in one of 10,000: rows, WAL and CPU of the server. The second
 * column over the first is the ratio that must stay near 1.
 *
 *   npx tsx bench/map.ts [--runs 3]
 */
import { readFileSync } from "node:fs";
import { setTimeout as settle } from "node:timers/promises";
import { parseArgs } from "node:util";
import { Client } from "../worker-sdk/src/index";
import { databaseCounts, difference } from "./database-counts";
import { mapping } from "./map-workflow";
import { startService } from "./service";

const { values: options } = parseArgs({ options: { runs: { type: "string", default: "3" } } });
const COUNTS_SETTLE_MS = 11_000;
const TICKS_A_SECOND = 100;
const ITEMS = 10_000;

interface Cost {
  transactions: number;
  rows: number;
  bytes: number;
  cpuMicros: number;
}

const service = await startService();
try {
  const client = new Client({ url: service.url, apiKey: service.apiKey });
  await client.publish(mapping.definition);
  service.run("bench/map-worker.ts");
  await items(client, 100);
  for (let run = 1; run <= Number(options.runs); run++) {
    // As many items in all: a hundred maps of a hundred, and one of ten thousand.
    const small = await cost(() => Promise.all(Array.from({ length: 100 }, () => items(client, 100))));
    const large = await cost(() => items(client, 10_000));
    console.log(`run ${run}, for an item of a map of 100 and of 10,000, and their ratio:`);
    for (const key of ["transactions", "rows", "bytes", "cpuMicros"] as const) {
      const ratio = large[key] / small[key];
      console.log(`  ${key}: ${small[key].toFixed(3)}, ${large[key].toFixed(3)}, ${ratio.toFixed(2)}`);
    }
  }
} finally {
  await service.stop();
}

async function items(client: Client, count: number): Promise<void> {
  const { id } = await client.start({ workflow: "mapping", input: { count } });
  const { status } = await client.result(id);
  if (status !== "completed") throw new Error(`${id} ended ${status}`);
}

async function cost(work: () => Promise<unknown>): Promise<Cost> {
  await settle(COUNTS_SETTLE_MS);
  await service.pool.query("checkpoint");
  const before = await databaseCounts(service.pool);
  const cpuBefore = cpuSeconds();
  await work();
  const cpu = cpuSeconds() - cpuBefore;
  await settle(COUNTS_SETTLE_MS);
  const counts = difference(await databaseCounts(service.pool), before);
  return {
    transactions: counts.writeTransactions / ITEMS,
    rows: (counts.rowsInserted + counts.rowsUpdated + counts.rowsDeleted) / ITEMS,
    bytes: counts.walBytes / ITEMS,
    cpuMicros: (cpu * 1_000_000) / ITEMS,
  };
}

/** Of the server's process, in user and kernel mode. */
function cpuSeconds(): number {
  const fields = readFileSync(`/proc/${service.pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND;
}
