// Names of actors: those of one's own organisation and namespace, and to approvers of people and keys alone.
import { afterAll, beforeAll, expect, test } from "vitest";
import { person, type SignedIn } from "./person";
import { startServer, type TestServer } from "./support";

let server: TestServer;
let viewer: SignedIn;
let approver: SignedIn;
let actors: string[];
let expected: { actor: string; name: string }[];
beforeAll(async () => {
  server = await startServer({ settings: { CEREBELUM_TRUSTED_PROXIES: "127.0.0.1" } });
  viewer = await person(server, "viewer");
  approver = await person(server, "approver");
  const worker = { name: "press", queues: ["q"], tasks: ["t"], language: "curl", sdkVersion: "1", capacity: 1 };
  const { workerId } = (await server.call("POST", "workers", worker)).body;
  await server.call("POST", "workflows", {
    definition: { name: "w", nodes: [{ id: "n", type: "sleep", duration: 1 }], edges: [] },
  });
  const schedule = (await server.call("POST", "schedules", { name: "nightly", cron: "0 0 29 2 *", workflow: "w" }))
    .body;
  const key = (await server.call("POST", "api-keys", { name: "ci", scopes: ["read"] })).body;
  expected = [
    { actor: `user:${viewer.id}`, name: viewer.email },
    { actor: `key:${key.id}`, name: "ci" },
    { actor: `worker:${workerId}`, name: "press" },
    { actor: `schedule:${schedule.id}`, name: "nightly" },
  ];
  actors = [
    ...expected.map(({ actor }) => actor),
    "engine",
    "user:nobody",
    "key:key_0000000000000",
    "worker:nonsense",
    "",
  ];
});
afterAll(() => server?.close());

const named = async (who: Pick<TestServer, "call">) =>
  (await who.call("GET", `actors?actors=${encodeURIComponent(actors.join(","))}`)).body.items;

test("whoever reads learns the names of people, keys, workers and schedules; unknown ones are left out", async () => {
  expect(await named(viewer)).toEqual(expected);
  expect(await named(server)).toEqual(expected);
});

test("an approver learns those of people and keys, whose decisions they see", async () => {
  expect(await named(approver)).toEqual(expected.slice(0, 2));
});

test("more than two hundred at once are refused", async () => {
  const many = Array.from({ length: 201 }, (_, index) => `user:${index}`).join(",");
  expect((await server.call("GET", `actors?actors=${many}`)).status).toBe(422);
  expect((await server.call("GET", "actors")).status).toBe(422);
});
