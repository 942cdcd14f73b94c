// What comes all at once, and who comes too late: nothing is lost, nothing counts twice, with a server that dies in between.
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { Client, type Definition, step, Worker } from "@cerebelum/sdk";
import { afterAll, beforeAll, expect, it } from "vitest";
import { bundle, DoomedServer, type OwnDatabase, ownDatabase } from "./doomed-server";

const SIGNALS = 300;
const STARTS = 50;

let database: OwnDatabase;
let first: DoomedServer;
let second: DoomedServer;
let clients: Client[];

beforeAll(async () => {
  [database] = await Promise.all([ownDatabase(), bundle("faulty-server"), bundle("frozen-worker")]);
  first = await DoomedServer.at(database.url);
  await first.start();
  second = await DoomedServer.at(database.url);
  await second.start();
  const backoff = { initialMs: 50, maxMs: 250 };
  clients = [first, second].map(({ url, apiKey }) => new Client({ url, apiKey, patienceMs: 60_000, backoff }));
}, 120_000);

afterAll(async () => {
  for (const client of clients) client.close();
  await first.stop();
  await second.stop();
  await database.stop();
}, 60_000);

const clientOf = (i: number) => clients[i % clients.length] as Client;

/** Hears one signal after another, and says in the end which. */
const LISTENER: Definition = {
  name: "listener",
  nodes: [
    { id: "hear", type: "signal", signal: "word" },
    { id: "enough", type: "choice", cases: [{ port: "no", when: `loop.iteration < ${SIGNALS}` }] },
  ],
  edges: [
    { from: "hear", to: "enough" },
    { from: "enough", port: "no", to: "hear", loop: { maxIterations: SIGNALS } },
  ],
};

it.each([
  ["both servers live", []],
  ["one of them dies as it writes them down", [{ do: "die", at: "flush:committed", nth: 1 }]],
] as const)(
  "%s: of three hundred signals around the moment of waiting each is heard, once",
  async (_, strikes) => {
    await first.stop();
    await first.start([...strikes]);
    await clientOf(1).publish(LISTENER);
    const { id } = await clientOf(1).start({ workflow: "listener" });
    await Promise.all(Array.from({ length: SIGNALS }, (_, i) => clientOf(i).signal(id, "word", i)));
    expect(await clientOf(1).result(id)).toMatchObject({ status: "completed" });
    const history = await clientOf(1).history(id);
    const heard = history.flatMap((event) => (event.type === "SignalReceived" ? [event] : []));
    expect(heard.map(({ data }) => data.payload).sort((a, b) => Number(a) - Number(b))).toEqual(
      Array.from({ length: SIGNALS }, (_, i) => i),
    );
    const consumed = history.flatMap((event) => (event.type === "SignalConsumed" ? [event.data.received] : []));
    expect(consumed).toEqual(heard.map(({ sequence }) => sequence));
    expect(await clientOf(1).verify(id)).toMatchObject({ consistent: true });
    expect(first.deaths).toBe(strikes.length);
  },
  120_000,
);

it("fifty equal starts at once, at two servers of which one dies meanwhile, are one execution", async () => {
  await first.stop();
  await first.start([{ do: "die", at: "flush:committed", nth: 1 }]);
  const definition: Definition = { name: "single", nodes: [{ id: "t", type: "transform", value: 1 }], edges: [] };
  await clientOf(1).publish(definition);
  const start = (i: number) => clientOf(i).start({ workflow: "single", key: "the-only-one", input: { order: 7 } });
  const started = await Promise.all(Array.from({ length: STARTS }, (_, i) => start(i)));
  expect(new Set(started.map(({ id }) => id)).size).toBe(1);
  const { items } = await clientOf(1).list({ workflow: "single" });
  expect(items).toHaveLength(1);
  expect(await clientOf(1).verify("key:the-only-one")).toMatchObject({ consistent: true });
  expect(first.deaths).toBe(1);
}, 120_000);

it("a worker that was frozen past its lease changes nothing, and its result is recorded as late", async () => {
  const { url, apiKey } = first;
  const definition: Definition = {
    name: "frozen",
    nodes: [
      { id: "slow", type: "task", task: "hold", queue: "frozen", retry: { initialInterval: "10ms" } },
      { id: "hear", type: "signal", signal: "end" },
    ],
    edges: [{ from: "slow", to: "hear" }],
    output: "=steps.slow.output",
  };
  const client = clientOf(0);
  await client.publish(definition);
  const frozen = await frozenWorker(first);
  const keys: string[] = [];
  let other: Worker | null = null;
  try {
    const began = once(frozen, "message");
    const { id } = await client.start({ workflow: "frozen" });
    const [{ attempt, key }] = (await began) as [{ attempt: number; key: string }];
    expect(attempt).toBe(1);
    frozen.kill("SIGSTOP");
    const hold = step("hold", async (_: unknown, ctx) => {
      keys.push(ctx.idempotencyKey);
      return { by: "the other one" };
    });
    other = new Worker({ url, apiKey, steps: [hold], queues: ["frozen"], name: "other", log: () => {} });
    await other.start();
    const waitsFor = async () => (await client.get(id)).waitingFor.map(({ kind }) => kind);
    await expect.poll(waitsFor, { timeout: 60_000 }).toEqual(["signal"]);
    expect(keys).toEqual([key]);
    const answered = once(frozen, "message");
    frozen.send("answer it");
    frozen.kill("SIGCONT");
    expect((await answered)[0]).toBe("stale");
    const history = await client.history(id);
    const attempts = history.flatMap((event) => (event.type === "StepAttemptFailed" ? [event.data.error.code] : []));
    expect(attempts).toEqual(["LEASE_EXPIRED"]);
    const outputs = history.flatMap((event) =>
      event.type === "StepCompleted" && event.data.node === "slow" ? [event.data.output] : [],
    );
    expect(outputs).toEqual([{ by: "the other one" }]);
    expect(history.at(-1)).toMatchObject({ type: "ResultRejected", data: { node: "slow" } });
    await client.signal(id, "end");
    expect(await client.result(id)).toMatchObject({ status: "completed", output: { by: "the other one" } });
    expect(await client.verify(id)).toMatchObject({ consistent: true });
  } finally {
    await other?.stop({ graceMs: 0 });
    frozen.kill("SIGKILL");
  }
}, 120_000);

async function frozenWorker({ url, apiKey }: DoomedServer): Promise<ChildProcess> {
  const script = fileURLToPath(new URL("../../dist/tests/frozen-worker.mjs", import.meta.url));
  const child = fork(script, [url, apiKey]);
  await once(child, "message");
  return child;
}
