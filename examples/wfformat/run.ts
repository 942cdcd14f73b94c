/**
 * Runs a recorded scientific workflow on several worker processes, and proves from its history that nothing ran before
 * its time or twice; with --chaos although server and worker were killed in the middle.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { Client } from "@cerebelum/sdk";
import { checkHistory, criticalPathMs, type Report } from "./check-history";
import { definitionOf, type RecordedTask, recordedTasks, type WfDocument } from "./import-wfformat";
import { type OwnServer, serverProcess, workerProcess } from "./processes";

const USAGE = `npx tsx examples/wfformat/run.ts <file.json> [--workers 3] [--capacity 20] [--scale 0.001] [--chaos]`;

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    workers: { type: "string", default: "3" },
    capacity: { type: "string", default: "20" },
    scale: { type: "string", default: "0.001" },
    chaos: { type: "boolean", default: false },
  },
});
const [file] = positionals;
if (file === undefined) {
  console.error(USAGE);
  process.exit(2);
}

const tasks = recordedTasks(JSON.parse(readFileSync(file, "utf8")) as WfDocument, Number(options.scale));
const definition = definitionOf(path.basename(file, ".json"), tasks);

const server = options.chaos ? await serverProcess() : null;
const connection = server?.connection ?? {
  url: process.env.CEREBELUM_URL ?? "http://127.0.0.1:3000",
  apiKey: process.env.CEREBELUM_API_KEY ?? "",
};
const workers = Array.from({ length: Number(options.workers) }, () =>
  workerProcess(connection, Number(options.capacity)),
);
const client = new Client(connection);
try {
  await server?.start();
  await Promise.all(workers.map((worker) => worker.start()));
  process.exitCode = (await run()) ? 0 : 1;
} finally {
  await Promise.all(workers.map((worker) => worker.stop()));
  client.close();
  await server?.stop();
}

async function run(): Promise<boolean> {
  const { name, version } = await client.publish(definition);
  const { id } = await client.start({ workflow: name, version });
  console.log(`${name}: ${tasks.length} tasks on ${workers.length} workers, as execution ${id}`);
  await watch(id, server);
  const result = await client.result(id);
  const report = checkHistory(tasks, await client.history(id));
  const { consistent, differences } = await client.verify(id);
  if (result.status !== "completed")
    report.problems.push(`It ended as ${result.status}: ${result.error?.message ?? ""}`);
  if (!consistent) report.problems.push(`What is stored differs from the events: ${JSON.stringify(differences)}`);
  print(report);
  return report.problems.length === 0;
}

/** Follows the events to the end; under chaos kills one process after another. */
async function watch(id: string, server: OwnServer | null): Promise<void> {
  const strokes = server === null ? [] : strokesOf(server);
  const restarts: Promise<void>[] = [];
  let completed = 0;
  for await (const event of client.stream(id, { patienceMs: 120_000 })) {
    if (event.type !== "StepCompleted") continue;
    completed++;
    const [stroke] = strokes;
    if (stroke === undefined || completed < stroke.at * tasks.length) continue;
    strokes.shift();
    console.log(`  ${completed} of ${tasks.length} tasks are done: kill -9 ${stroke.who}, start it again`);
    restarts.push(stroke.process.kill().then(stroke.process.start));
  }
  await Promise.all(restarts);
}

function strokesOf(server: OwnServer) {
  const strokes = [
    { at: 1 / 3, who: "a worker", process: workers[0] },
    { at: 1 / 2, who: "the server and its launcher", process: server },
    { at: 2 / 3, who: "PostgreSQL", process: server.database },
  ];
  return strokes.flatMap(({ process, ...stroke }) => (process === undefined ? [] : [{ ...stroke, process }]));
}

function print({ problems, ...report }: Report): void {
  const lost = [...report.lostAttempts].map(([code, count]) => `${count} ${code}`).join(", ");
  const rows: [string, string | number][] = [
    ["tasks", tasks.length],
    ["edges", definition.edges.length],
    ["events", report.events],
    ["dispatches", report.dispatches],
    ["attempts lost", lost || "none"],
    ["workers that completed some", report.workers.size],
    ["most tasks at once", report.mostAtOnce],
    ["work, scaled", seconds(totalMs(tasks))],
    ["longest chain of it", seconds(criticalPathMs(tasks))],
    ["took", seconds(report.durationMs)],
  ];
  for (const [what, value] of rows) console.log(`  ${what.padEnd(28)} ${value}`);
  for (const problem of problems.slice(0, 20)) console.log(`  WRONG: ${problem}`);
  if (problems.length === 0) console.log("  Every task completed once, none before its parents; verify is consistent.");
}

function totalMs(recorded: readonly RecordedTask[]): number {
  return recorded.reduce((sum, { runtimeMs }) => sum + runtimeMs, 0);
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}
