// Following a history: every event once and in order, in whichever process it was written and whatever was missed.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { HistoryEvent } from "@/lib/contract/history";
import { cancelExecution } from "@/lib/engine/cancel-execution";
import { followEvents } from "@/lib/engine/follow-events";
import { loadState } from "@/lib/engine/load-state";
import type { Services } from "@/lib/engine/services";
import { waitForResult } from "@/lib/engine/wait-for-result";
import { createDatabase, type TestDatabase } from "../../support/postgres";
import { CALLER, openServices, publish, start, task, transforms, until, value } from "./engine";

let database: TestDatabase;
let here: Services;
let there: Services;
beforeAll(async () => {
  database = await createDatabase();
  here = await openServices(database.connectionString, "off");
  there = await openServices(database.connectionString, "off");
  await publish(here, task("followed"));
  await publish(here, transforms("instant", 3));
});
afterAll(async () => {
  await here.close();
  await there.close();
  await database.drop();
});

const never = new AbortController().signal;

function follow(on: Services, id: string, after = 0, signal = new AbortController().signal) {
  const seen: HistoryEvent[] = [];
  const ended = (async () => {
    for await (const events of followEvents(on, CALLER, id, after, signal))
      seen.push(...events.map(({ text }) => JSON.parse(text) as HistoryEvent));
  })();
  return { seen, ended };
}

const sequences = (events: HistoryEvent[]) => events.map(({ sequence }) => sequence);
const upTo = (last: number, from = 1) => Array.from({ length: last - from + 1 }, (_, i) => from + i);

describe("following events", () => {
  test("of a closed execution gives all of them and ends", async () => {
    const { id } = await start(here, { workflow: "instant" });
    const { seen, ended } = follow(here, id);
    await ended;
    expect(sequences(seen)).toEqual(upTo(seen.length));
    expect(seen[0]?.type).toBe("ExecutionStarted");
    expect(seen.at(-1)?.type).toBe("ExecutionCompleted");
    const resumed = follow(there, id, 2);
    await resumed.ended;
    expect(resumed.seen).toEqual(seen.slice(2));
    const done = follow(there, id, seen.length);
    await done.ended;
    expect(done.seen).toEqual([]);
  });

  test("goes on as they come, from another process too, and ends after the closing one", async () => {
    const { id } = await start(here, { workflow: "followed" });
    const followers = [follow(here, id), follow(there, id), follow(there, id, 1)];
    await until("all have caught up", async () => followers.every(({ seen }) => seen.at(-1)?.sequence === 2));
    await cancelExecution(here, CALLER, id, { reason: "enough" });
    await Promise.all(followers.map(({ ended }) => ended));
    const last = followers[0]?.seen.length ?? 0;
    expect(followers.map(({ seen }) => sequences(seen))).toEqual([upTo(last), upTo(last), upTo(last, 2)]);
    expect(followers[1]?.seen.at(-1)?.type).toBe("ExecutionCancelled");
  });

  test("loses and repeats nothing across a lost connection", async () => {
    const { id } = await start(here, { workflow: "followed" });
    const { seen, ended } = follow(there, id);
    await until("it has caught up", async () => seen.length === 2);
    await terminateListening(there);
    // Committed while the follower's process hears nothing.
    await cancelExecution(here, CALLER, id, {});
    await ended;
    expect(sequences(seen)).toEqual(upTo(seen.length));
    expect(seen.at(-1)?.type).toBe("ExecutionCancelled");
  });

  test("stops when its signal is aborted, and leaves nothing behind", async () => {
    const { id } = await start(here, { workflow: "followed" });
    const abort = new AbortController();
    const { seen, ended } = follow(here, id, 0, abort.signal);
    await until("it has caught up", async () => seen.length === 2);
    expect(here.announcements.waitedFor()).toHaveLength(1);
    abort.abort();
    await ended;
    expect(here.announcements.waitedFor()).toEqual([]);
  });

  test("by many at once reads once", async () => {
    const { id } = await start(here, { workflow: "followed" });
    const followers = Array.from({ length: 50 }, () => follow(here, id));
    await until("all have caught up", async () => followers.every(({ seen }) => seen.length === 2));
    const reads = countReads(here);
    await cancelExecution(here, CALLER, id, {});
    await Promise.all(followers.map(({ ended }) => ended));
    // The events that closed it, in one read for all fifty.
    expect(reads()).toBe(1);
  });
});

describe("waiting for a result", () => {
  test("answers at once for a closed execution, and for an open one without time", async () => {
    const closed = await start(here, { workflow: "instant" });
    expect(value(await waitForResult(here, CALLER, closed.id, 10_000, never))).toMatchObject({
      status: "completed",
      error: null,
      output: { t3: { id: "t3" } },
      closedAt: expect.any(String),
    });
    const { id } = await start(here, { workflow: "followed" });
    expect(value(await waitForResult(here, CALLER, id, 0, never))).toEqual({ id, status: "running" });
  });

  test("answers when another process closes it", async () => {
    const { id } = await start(here, { workflow: "followed", key: "awaited" });
    const result = waitForResult(there, CALLER, "key:awaited", 60_000, never);
    await until("it is waited for", async () => there.announcements.waitedFor().length === 1);
    await cancelExecution(here, CALLER, id, {});
    expect(value(await result)).toMatchObject({ id, status: "cancelled" });
  });

  test("answers without an end when the caller has gone", async () => {
    const { id } = await start(here, { workflow: "followed" });
    const abort = new AbortController();
    const result = waitForResult(here, CALLER, id, 60_000, abort.signal);
    await until("it is waited for", async () => here.announcements.waitedFor().length === 1);
    abort.abort();
    expect(value(await result)).toEqual({ id, status: "running" });
  });

  test("gives a large output back whole", async () => {
    const text = "x".repeat(100_000);
    await publish(here, { name: "large", nodes: [{ id: "big", type: "transform", value: "=input" }], edges: [] });
    const { id } = await start(here, { workflow: "large", input: text });
    expect(value(await waitForResult(there, CALLER, id, 0, never)).output).toEqual({ big: text });
  });
});

test("a state is the same wherever it is folded, now or at an earlier event", async () => {
  const { id } = await start(here, { workflow: "instant" });
  const now = value(await loadState(here, CALLER, id));
  expect(value(await loadState(there, CALLER, id, now.sequence))).toEqual(value(await loadState(there, CALLER, id)));
  expect(value(await loadState(there, CALLER, id, 1))).toMatchObject({ sequence: 1, closedAt: null });
  expect(await loadState(there, { namespaceId: 2, actor: "key:x" }, id, 1)).toMatchObject({
    ok: false,
    code: "EXECUTION_NOT_FOUND",
  });
});

async function terminateListening(services: Services) {
  await here.db.query(
    `select pg_terminate_backend(pid) from pg_locks l where l.locktype = 'advisory' and l.objsubid = 2 and l.objid = $1
       and l.database = (select oid from pg_database where datname = current_database())`,
    [services.keys.slot],
  );
}

function countReads(services: Services): () => number {
  let reads = 0;
  const query = services.tail.db.query.bind(services.tail.db);
  Object.assign(services.tail, {
    db: {
      query: (...args: Parameters<typeof query>) => {
        reads++;
        return query(...args);
      },
    },
  });
  return () => reads;
}
