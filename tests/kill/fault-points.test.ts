// A server that dies at every point of the one door, and transactions that end at every point of theirs: each step runs once.
import { readdirSync, readFileSync } from "node:fs";
import { Client } from "@cerebelum/sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundle, DoomedServer, type OwnDatabase, ownDatabase } from "./doomed-server";
import { Effects, publishAll, runGauntlet, runSecondTry } from "./gauntlet";

/** In the order in which a run gets to them. */
const TRANSACTION_POINTS = [
  "after-starts",
  "after-values",
  "after-counts",
  "after-events",
  "after-leases",
  "after-dispatches",
  "after-guards",
  "after-tokens",
  "after-executions",
  "after-drops",
  "after-wakes",
  "after-approvals",
  "after-holds",
  "after-decisions",
  "after-sending",
  "after-messages",
  "after-taking",
  "after-signatures",
  "after-admission",
  "after-dead-letters",
  "after-retried",
  "after-copies",
];

/** A net below the drops that events ask for: a run that drops all its tasks never gets to it. */
const NEVER_REACHED = "after-clears";

let database: OwnDatabase;
let server: DoomedServer;
let client: Client;
let effects: Effects;

beforeAll(async () => {
  [database] = await Promise.all([ownDatabase(), bundle("faulty-server")]);
  server = await DoomedServer.at(database.url);
  await server.start();
  const patienceMs = 60_000;
  client = new Client({ url: server.url, apiKey: server.apiKey, patienceMs, backoff: { initialMs: 50, maxMs: 250 } });
  await publishAll(client);
  effects = new Effects(server);
  await effects.start();
}, 120_000);

afterAll(async () => {
  await effects.stop();
  client.close();
  await server.stop();
  await database.stop();
}, 60_000);

const both = () => Promise.all([true, false].map((undo) => runGauntlet(client, effects, { undo })));

it("nothing fails: each step runs once, and what is stored follows from the history", async () => {
  await both();
  await runSecondTry(client, effects);
});

it("the server is stopped and started during every kind of wait", { timeout: 120_000 }, async () => {
  const waits: string[] = [];
  await runGauntlet(client, effects, {
    undo: false,
    nap: "1500ms",
    async whileItWaits(kind) {
      waits.push(kind);
      await server.restart();
    },
  });
  expect(waits).toEqual(["sleep", "approval", "signal", "child"]);
});

describe.each([
  ["flush:before", [1, 3, 7]],
  ["flush:committed", [1, 3, 7]],
  ["flush:answered", [1, 3, 7]],
  ["deliver:before", [1, 1]],
  ["deliver:after", [1, 1]],
] as const)("kill -9 of the server at %s, again and again", (at, reaches) => {
  it("loses nothing and runs nothing twice", { timeout: 120_000 }, async () => {
    await server.stop();
    await server.start(...reaches.map((nth) => [{ do: "die" as const, at, nth }]));
    await both();
    expect(server.deaths).toBe(reaches.length);
  });
});

it("kill -9 of the server while its transaction goes on to commit", { timeout: 120_000 }, async () => {
  await server.stop();
  const points = ["after-events", "after-executions", "after-dispatches"];
  await server.start(...points.map((at) => [{ do: "orphan" as const, at }]));
  await both();
  expect(server.deaths).toBe(points.length);
});

it("a transaction that ends at each of its points, one after another", { timeout: 180_000 }, async () => {
  expect([...TRANSACTION_POINTS, NEVER_REACHED].sort()).toEqual(pointsInSql());
  await server.stop();
  await server.start(TRANSACTION_POINTS.map((at) => ({ do: "cut" as const, at })));
  for (let rounds = 0; rounds < 6 && server.struck.length < TRANSACTION_POINTS.length; rounds++)
    await Promise.all([both(), runSecondTry(client, effects)]);
  expect(server.struck).toEqual(TRANSACTION_POINTS);
});

it("kill -9 of PostgreSQL in the middle of a transaction", { timeout: 120_000 }, async () => {
  await server.stop();
  const points = ["after-events", "after-drops"];
  const restarts: Promise<void>[] = [];
  server.onStanding = () => {
    restarts.push((restarts.at(-1) ?? Promise.resolve()).then(() => database.restart()));
  };
  await server.start(points.map((at) => ({ do: "tell" as const, at })));
  await both();
  await Promise.all(restarts);
  expect(restarts).toHaveLength(points.length);
  expect(server.isAlive).toBe(true);
});

it("two engines at once, one of which dies at every third commit", { timeout: 120_000 }, async () => {
  const doomed = await DoomedServer.at(database.url);
  const { url, apiKey } = doomed;
  const atDoomed = new Client({ url, apiKey, patienceMs: 60_000, backoff: { initialMs: 50, maxMs: 250 } });
  try {
    await server.restart();
    await doomed.start(...[3, 3, 3].map((nth) => [{ do: "die" as const, at: "flush:committed", nth }]));
    // The worker and one run are at the one that lives, the other run is at the one that dies.
    await Promise.all([runGauntlet(client, effects, { undo: false }), runGauntlet(atDoomed, effects, { undo: true })]);
    expect(doomed.deaths).toBeGreaterThan(0);
  } finally {
    atDoomed.close();
    await doomed.stop();
  }
});

/** As the migrations stand. */
function pointsInSql(): string[] {
  const folder = new URL("../../db/migrations/", import.meta.url);
  const texts = readdirSync(folder)
    .filter((name) => name.endsWith(".sql"))
    .map((name) => readFileSync(new URL(name, folder), "utf8"));
  const names = texts.flatMap((text) =>
    [...text.matchAll(/fault_point\(p_fault, '([a-z-]+)'\)/g)].map(([, name]) => name ?? ""),
  );
  return [...new Set(names)].sort();
}
