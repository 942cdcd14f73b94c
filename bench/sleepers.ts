/**
 * What sleeping executions cost: memory of the server and queries while nothing happens, with 1,000 asleep and with very many more;
 * and how late they wake when their times are spread over a minute.
 *
 *   npx tsx bench/sleepers.ts [--asleep 100000] [--waking 3000] [--idle-seconds 60]
 */
import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import type pg from "pg";
import { Client, cel, sleepUntil, workflow } from "../worker-sdk/src/index";
import { startService } from "./service";

const { values: options } = parseArgs({
  options: {
    asleep: { type: "string", default: "100000" },
    waking: { type: "string", default: "3000" },
    "idle-seconds": { type: "string", default: "60" },
  },
});
const BATCH = 1000;
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
/** Starting the sleepers takes a while: none of them may be due before. */
const HEAD_START_MS = 20_000;

const sleeper = workflow("sleeper").timeline(sleepUntil(cel("input")));

const service = await startService();
try {
  const client = new Client({ url: service.url, apiKey: service.apiKey });
  await client.publish(sleeper.definition);
  // Its transactions would be counted as the server's.
  await service.pool.query("alter system set autovacuum = off");
  await service.pool.query("select pg_reload_conf()");
  await start(client, 1000, () => HOUR_MS);
  await delay(15_000);
  report("1000 asleep", await idle(service.pool));
  await start(client, Number(options.asleep), () => HOUR_MS);
  await delay(15_000);
  report(`${options.asleep} more asleep`, await idle(service.pool));
  const waking = Number(options.waking);
  await start(client, waking, (i) => HEAD_START_MS + (i * MINUTE_MS) / waking);
  await delay(HEAD_START_MS + MINUTE_MS + 5_000);
  await reportLateness(service.pool, waking);
} finally {
  await service.stop();
}

async function start(client: Client, count: number, sleepMs: (i: number) => number): Promise<void> {
  const begin = Date.now();
  for (let i = 0; i < count; i += BATCH) {
    const starts = Array.from({ length: Math.min(BATCH, count - i) }, (_, j) => ({
      workflow: "sleeper",
      input: new Date(begin + sleepMs(i + j)).toISOString(),
    }));
    const { results } = await client.startBatch(starts);
    const refused = results.find((result) => "error" in result);
    if (refused !== undefined) throw new Error(JSON.stringify(refused));
  }
}

interface Idle {
  megabytes: number;
  queriesAMinute: number;
}

/** All statements of the server's connections, as the transactions that they are: it uses none of several statements at rest. */
async function idle(pool: pg.Pool): Promise<Idle> {
  const before = await transactions(pool);
  const begin = performance.now();
  await delay(Number(options["idle-seconds"]) * 1000);
  // One of them is this script's own.
  const count = (await transactions(pool)) - before - 1;
  return { megabytes: residentMegabytes(), queriesAMinute: (count * MINUTE_MS) / (performance.now() - begin) };
}

async function transactions(pool: pg.Pool): Promise<number> {
  await delay(11_000); // Idle backends hand their counts in after ten seconds.
  const { rows } = await pool.query<{ count: string }>(
    "select (xact_commit + xact_rollback)::text as count from pg_stat_database where datname = current_database()",
  );
  return Number(rows[0]?.count);
}

function residentMegabytes(): number {
  const status = readFileSync(`/proc/${service.pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
}

function report(what: string, { megabytes, queriesAMinute }: Idle) {
  console.log(`${what}: ${megabytes.toFixed(0)} MB resident, ${queriesAMinute.toFixed(0)} queries a minute at rest`);
}

async function reportLateness(pool: pg.Pool, waking: number): Promise<void> {
  const { rows } = await pool.query<{ woken: string; p50: number; p99: number; latest: number }>(`
    with late as (
      select extract(epoch from done.at - (begun.data::json->>'resumeAt')::timestamptz) * 1000 as ms
      from events done join events begun on begun.execution_id = done.execution_id and begun.type = 'SleepStarted'
      where done.type = 'SleepCompleted'
    )
    select count(*)::text as woken, percentile_cont(0.5) within group (order by ms) as p50,
      percentile_cont(0.99) within group (order by ms) as p99, max(ms) as latest from late`);
  const [row] = rows;
  if (row === undefined) throw new Error("no execution woke");
  const [p50, p99, latest] = [row.p50, row.p99, row.latest].map((ms) => Number(ms).toFixed(0));
  console.log(
    `${row.woken} of ${waking} woke over a minute: ${p50} ms late at the median, ${p99} at p99, ${latest} at most`,
  );
}
