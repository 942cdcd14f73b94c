// `kill -9` of real processes in the middle of real work: everything completes, nothing twice, and what is stored follows
// from the events. Waits are at process boundaries only, each with a deadline.
import { Client } from "@cerebelum/sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkHistory } from "../../examples/wfformat/check-history";
import { definitionOf, type RecordedTask } from "../../examples/wfformat/import-wfformat";
import { type OwnServer, serverProcess, workerProcess } from "../../examples/wfformat/processes";

const LAYERS = 6;
const WIDTH = 20;
const WORKERS = 2;

let server: OwnServer;
let client: Client;
let workers: ReturnType<typeof workerProcess>[];

beforeAll(async () => {
  server = await serverProcess();
  await server.start();
  client = new Client(server.connection);
  workers = Array.from({ length: WORKERS }, () => workerProcess(server.connection, 8));
  await Promise.all(workers.map((worker) => worker.start()));
}, 120_000);

afterAll(async () => {
  await Promise.all(workers.map((worker) => worker.stop()));
  client.close();
  await server.stop();
}, 60_000);

/** Layers of tasks, each after three of the layer before it. */
function layers(): RecordedTask[] {
  return Array.from({ length: LAYERS * WIDTH }, (_, i) => {
    const layer = Math.floor(i / WIDTH);
    const parents = layer === 0 ? [] : [0, 7, 13].map((shift) => `t${layer - 1}_${(i + shift) % WIDTH}`);
    return { node: `t${layer}_${i % WIDTH}`, parents, runtimeMs: 60 };
  });
}

const strokes: [string, () => Promise<void>][] = [
  ["the server", () => restart(server)],
  ["PostgreSQL", () => restart(server.database)],
  ["a worker", () => restart(workers[0] as (typeof workers)[number])],
  [
    "everything at once",
    async () => {
      const all = [server.database, server, ...workers];
      await Promise.all(all.map((process) => process.kill()));
      await server.start();
      await Promise.all(workers.map((worker) => worker.start()));
    },
  ],
];

async function restart(process: { kill(): Promise<void>; start(): Promise<void> }): Promise<void> {
  await process.kill();
  await process.start();
}

describe.each(strokes)("kill -9 of %s in the middle", (who, stroke) => {
  it("loses nothing and completes nothing twice", { timeout: 120_000 }, async () => {
    const tasks = layers();
    const { name } = await client.publish(definitionOf(`kill_${who}`, tasks));
    const { id } = await client.start({ workflow: name });
    let restarted: Promise<void> | null = null;
    let completed = 0;
    for await (const event of client.stream(id, { patienceMs: 60_000 })) {
      if (event.type === "StepCompleted" && ++completed >= tasks.length / 3) restarted ??= stroke();
    }
    await restarted;
    expect(restarted).not.toBeNull();
    expect((await client.result(id)).status).toBe("completed");
    expect(checkHistory(tasks, await client.history(id)).problems).toEqual([]);
    expect(await client.verify(id)).toMatchObject({ consistent: true, differences: [] });
  });
});

it("wakes a sleep at the start that came due while everything was down", { timeout: 120_000 }, async () => {
  await client.publish({
    name: "asleep",
    nodes: [
      { id: "nap", type: "sleep", duration: "2s" },
      { id: "after", type: "task", task: "run", input: { runtimeMs: 1 } },
    ],
    edges: [{ from: "nap", to: "after" }],
  });
  const { id } = await client.start({ workflow: "asleep" });
  const [, started] = await client.history(id);
  await Promise.all([server.database.kill(), server.kill()]);
  const resumeAt = started?.type === "SleepStarted" ? Date.parse(started.data.resumeAt) : Number.NaN;
  await expect.poll(() => Date.now() > resumeAt, { timeout: 10_000 }).toBe(true);
  await server.start();
  expect((await client.result(id)).status).toBe("completed");
  const types = (await client.history(id)).map(({ type }) => type);
  expect(types.filter((type) => type === "SleepCompleted")).toHaveLength(1);
  expect(types.filter((type) => type === "StepScheduled")).toHaveLength(1);
});
