// What a queue may give out, as people set it, and what the list of queues says of the tasks that are kept back.
import { afterAll, beforeAll, expect, test } from "vitest";
import { refusal, TestClient, task } from "./client";
import { startServer, type TestServer } from "./support";

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.close());

const client = new TestClient(() => server);
const NO_LIMITS = { paused: false, rate: null, keyRate: null };
const limitsOf = async (queue: string) => (await client.call("GET", `queues/${queue}/limits`)).body;

async function queueItem(name: string) {
  const { body } = await client.call("GET", "queues?limit=200");
  return body.items.find((item: { name: string }) => item.name === name);
}

test("a queue that nobody has limited has no limits", async () => {
  expect(await client.call("GET", "queues/untouched/limits")).toMatchObject({ status: 200, body: NO_LIMITS });
});

test("limits are kept as they are set, whole, and what is left out has none", async () => {
  const limits = { paused: true, rate: { limit: 5, perMs: 1000 }, keyRate: { limit: 1, perMs: 60_000 } };
  expect(await client.call("PUT", "queues/set/limits", limits)).toMatchObject({ status: 200, body: limits });
  expect(await limitsOf("set")).toEqual(limits);
  await client.call("PUT", "queues/set/limits", { rate: { limit: 2, perMs: 500 } });
  expect(await limitsOf("set")).toEqual({ ...NO_LIMITS, rate: { limit: 2, perMs: 500 } });
  await client.call("PUT", "queues/set/limits", {});
  expect(await limitsOf("set")).toEqual(NO_LIMITS);
});

test.each([
  ["a rate of none", { rate: { limit: 0, perMs: 1000 } }],
  ["a rate without its span", { rate: { limit: 1 } }],
  ["part of a task", { rate: { limit: 1.5, perMs: 1000 } }],
  ["no time at all", { keyRate: { limit: 1, perMs: 0 } }],
  ["a word that means nothing", { pause: true }],
])("%s is refused, and changes nothing", async (_, limits) => {
  await client.call("PUT", "queues/refusing/limits", { paused: true });
  expect(await client.call("PUT", "queues/refusing/limits", limits)).toMatchObject({ status: 422 });
  expect(await limitsOf("refusing")).toEqual({ ...NO_LIMITS, paused: true });
});

test("a name that no queue can have is refused", async () => {
  const answer = await client.call("PUT", `queues/${encodeURIComponent("a queue")}/limits`, {});
  expect(answer).toMatchObject(refusal(422, "INVALID_REQUEST"));
});

test("only those who may publish may limit a queue", async () => {
  expect((await server.call("PUT", "queues/mine/limits", {}, { key: null })).status).toBe(401);
});

test("the list counts what a key keeps back as delayed, and not as ready", async () => {
  const { workflow, queue } = await client.publish({
    nodes: [task("a", { concurrencyKey: "one", concurrencyLimit: 1 })],
  });
  const ids = [await client.start(workflow), await client.start(workflow), await client.start(workflow)];
  expect(await queueItem(queue)).toMatchObject({ ready: 1, delayed: 2, running: 0 });
  const works = await client.worker(queue, "a");
  const [given] = await works.take(3);
  expect(given).toMatchObject({ executionId: ids[0] });
  expect(await queueItem(queue)).toMatchObject({ ready: 0, delayed: 2, running: 1 });
  await client.post(ids[0] ?? "", "terminate");
  expect(await queueItem(queue)).toMatchObject({ ready: 1, delayed: 1, running: 0 });
});

test("a queue is listed where all it has is kept back", async () => {
  await client.call("PUT", "queues/all_back/limits", { keyRate: { limit: 1, perMs: 86_400_000 } });
  const { workflow } = await client.publish({
    nodes: [{ ...task("a", { concurrencyKey: "one", concurrencyLimit: 9 }), queue: "all_back" }],
  });
  const first = await client.start(workflow);
  await client.start(workflow);
  await client.post(first, "terminate");
  expect(await queueItem("all_back")).toMatchObject({ ready: 0, delayed: 1, running: 0, workers: 0 });
});
