// Rows as they lie in the database: what is sealed there, where it opens, and what becomes of it under other keys.
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { promisify } from "node:util";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openPool, type Pool } from "@/db/client";
import { PayloadDamaged, PayloadKeyMissing } from "@/db/payload-codec";
import { plainPayloads, sealJson, sealText } from "@/db/sealed-payloads";
import { readEvents, readSnapshot, readValues } from "@/db/stores/histories";
import { encodeId } from "@/lib/contract/ids";
import { STATE_VERSION } from "@/lib/core/execution/state";
import { DATA_KEY_DAYS, DataKeys } from "@/lib/engine/encryption/data-keys";
import { parseMasterKeys } from "@/lib/engine/encryption/master-keys";
import { SealedPayloadCodec } from "@/lib/engine/encryption/sealed-payload-codec";
import { createDatabase, type TestDatabase } from "../../support/postgres";
import { chain, NAMESPACE, type Published, settled, startEngine, TestClock, type TestEngine } from "../door/engine";
import { mastersOf, newKey, tablesWith } from "./canaries";

const execute = promisify(execFile);
const KEY = newKey("one");
const SECRET = "canary of an input";

let database: TestDatabase;
let engine: TestEngine;
let workflow: Published;
let plain: Pool;

beforeAll(async () => {
  database = await createDatabase();
  engine = await startEngine(database.connectionString, { masters: mastersOf(KEY) });
  workflow = await engine.publish(chain("sealed", 2));
  plain = openPool(database.connectionString, { max: 1, name: "test plain" });
});
afterAll(async () => {
  await engine?.close();
  await plain?.end();
  await database?.drop();
});

async function started(more: object = {}): Promise<bigint> {
  return (await engine.start(workflow, { input: { secret: SECRET, ...more } })).executionId;
}

const eventsOf = (id: bigint, db = engine.pool) => readEvents(db, id, 0, 1000);
const run = (text: string, ...values: unknown[]) => plain.query(text, values);

describe("a row", () => {
  test("is sealed, and says only with which key and what it belongs to", async () => {
    const id = await started();
    const { rows } = await run("select data from events where execution_id = $1 and sequence = 1", id);
    expect(rows[0].data).toMatch(new RegExp(`^"enc:1:\\d+:${id}:[\\w-]+"$`));
    const [first] = await eventsOf(id);
    expect(first?.data).toContain(SECRET);
    expect(await tablesWith(plain, "canary")).toEqual([]);
  });

  test("with the same content is sealed to another text each time", async () => {
    const [one, other] = [await started(), await started()];
    const { rows } = await run(
      "select split_part(data, ':', 5) as sealed from events where execution_id = any($1) and sequence = 1",
      [one, other],
    );
    expect(new Set(rows.map(({ sealed }) => sealed)).size).toBe(2);
  });

  test("of a snapshot and of a message is sealed, too", async () => {
    const id = await started();
    const commands = Array.from({ length: 260 }, (_, i) => ({
      namespaceId: NAMESPACE,
      executionId: id,
      actor: "user:test",
      command: { type: i % 2 === 0 ? ("pause" as const) : ("resume" as const) },
    }));
    for (let round = 0; round < 2; round++) for (const one of await engine.door.applyAll(commands)) settled(one);
    await engine.apply(id, { type: "terminate" });
    await expect
      .poll(async () => (await readSnapshot(engine.pool, id, STATE_VERSION, 1_000_000))?.state ?? "")
      .toContain(SECRET);
    const { rows } = await run("select state from snapshots where execution_id = $1", id);
    expect(rows.length).toBeGreaterThan(0);
    for (const { state } of rows) expect(state).toMatch(/^"enc:1:/);

    const parent = await engine.publish({
      name: "sealed_parent",
      nodes: [{ id: "call", type: "workflow", workflow: workflow.name, input: "=input" }],
      edges: [],
    });
    const { executionId } = await engine.start(parent, { input: { secret: SECRET } });
    const sent = await run("select payload from messages where source_execution_id = $1", executionId);
    expect(sent.rows).toMatchObject([{ payload: expect.stringMatching(/^"enc:1:/) }]);
    await engine.deliver(executionId);
    expect(await tablesWith(plain, "canary")).toEqual([]);
    expect(await engine.differences(id)).toEqual([]);
  });

  test("that was put elsewhere or changed is not opened, and takes its execution out of service until it is put right", async () => {
    const [one, other] = [await started(), await started()];
    const of = "(select data from events where execution_id = $2 and sequence = $3)";
    const put = (id: bigint, sequence: number, from: bigint, at: number) =>
      run(`update events set data = ${of} where execution_id = $1 and sequence = $4`, id, from, at, sequence);
    await put(one, 1, other, 1);
    await expect(eventsOf(one)).rejects.toThrow(PayloadDamaged);
    const fresh = await startEngine(database.connectionString, { slot: 2, masters: mastersOf(KEY) });
    await expect(
      fresh.door.apply({ namespaceId: NAMESPACE, executionId: one, actor: "user:test", command: { type: "pause" } }),
    ).rejects.toThrow(/was changed, or put there from elsewhere/);
    expect(await statusOf(one)).toBe("quarantined");
    expect((await fresh.differences(one)).map(({ where }) => where)).toEqual(["events"]);
    await fresh.close();

    await put(other, 2, other, 1);
    await expect(eventsOf(other)).rejects.toThrow(PayloadDamaged);
    const third = await started();
    await run(
      "update events set data = overlay(data placing 'AAAA' from 40) where execution_id = $1 and sequence = 1",
      third,
    );
    await expect(eventsOf(third)).rejects.toThrow(PayloadDamaged);
    const fourth = await started();
    await run("update events set namespace_id = 2 where execution_id = $1", fourth);
    await expect(eventsOf(fourth)).rejects.toThrow(PayloadDamaged);
    const fifth = await started({ large: "x".repeat(40_000) });
    await run("update payloads set hash = sha256('other') where execution_id = $1", fifth);
    const hash = (await run("select encode(hash, 'hex') as hash from payloads where execution_id = $1", fifth)).rows[0]
      .hash;
    await expect(readValues(engine.pool, fifth, [hash])).rejects.toThrow(PayloadDamaged);
  });

  test("of a fork opens though it was sealed for the execution that it came from, and of no other execution", async () => {
    const source = await started();
    const { version, hash } = workflow;
    const fork = async (from: bigint) =>
      engine.door.fork({
        namespaceId: NAMESPACE,
        actor: "user:test",
        source: from,
        at: 100,
        command: { type: "fork", version, hash },
        idempotencyKey: null,
        requestHash: null,
      });
    const forked = await fork(source);
    if (forked.outcome !== "started") throw new Error(forked.outcome);
    const again = await fork(forked.executionId);
    if (again.outcome !== "started") throw new Error(again.outcome);
    await run("delete from events where execution_id = $1", source);
    for (const id of [forked.executionId, again.executionId]) {
      expect((await eventsOf(id))[0]?.data).toContain(SECRET);
      expect(await engine.differences(id), encodeId("execution", id)).toEqual([]);
    }
    await run("update executions set forked_from = null where id = $1", again.executionId);
    await expect(eventsOf(again.executionId)).rejects.toThrow(PayloadDamaged);
  });
});

async function statusOf(id: bigint): Promise<string> {
  return (await run("select status from executions where id = $1", id)).rows[0].status;
}

describe("a process without the right key", () => {
  test("says so, leaves the execution alone, and does not keep others of its flush from going on", async () => {
    const id = await started();
    await expect(eventsOf(id, plain)).rejects.toThrow(PayloadKeyMissing);
    const without = await startEngine(database.connectionString, { slot: 3 });
    const open = await without.start(workflow);
    const submission = (executionId: bigint) => ({
      namespaceId: NAMESPACE,
      executionId,
      actor: "user:test",
      command: { type: "pause" as const },
    });
    const [refused, applied] = await without.door.applyAll([submission(id), submission(open.executionId)]);
    expect(refused).toMatchObject({ status: "rejected", reason: { cause: expect.any(PayloadKeyMissing) } });
    expect(settled(applied).reply).toBe("accepted");
    expect(without.troubles).toMatchObject([{ what: "a history cannot be read here" }]);
    expect(await statusOf(id)).not.toBe("quarantined");
    await without.close();
    expect(settled((await engine.door.applyAll([submission(id)]))[0]).reply).toBe("accepted");
  });
});

describe("data keys", () => {
  let clock: TestClock;
  let namespaceId = 100;
  beforeEach(() => {
    clock = new TestClock();
    namespaceId++;
  });

  const keysOf = (...keys: string[]) => new DataKeys({ db: plain, clock, masters: mastersOf(...keys) });
  const about = () => ({ namespaceId, of: 1n, as: "test" });
  const stored = async () =>
    (await run("select id, wrapped_by, retired_at from data_keys where namespace_id = $1 order by id", namespaceId))
      .rows;

  async function sealWith(keys: DataKeys): Promise<string> {
    const codec = new SealedPayloadCodec(keys);
    await codec.prepare([namespaceId]);
    return sealJson(codec, `"${SECRET}"`, about());
  }

  async function openWith(keys: DataKeys, text: string): Promise<string> {
    const codec = new SealedPayloadCodec(keys);
    const [, dataKey, of, body = ""] = /^"enc:1:(\d+):(\d+):([\w-]+)"$/.exec(text) ?? [];
    const sealed = { dataKey: Number(dataKey), of: BigInt(of ?? 0), body };
    await codec.load([sealed]);
    return codec.open(sealed, about());
  }

  test("of a namespace is one, however many processes ask for it first", async () => {
    const many = Array.from({ length: 8 }, () => keysOf(KEY));
    await Promise.all(many.map((keys) => keys.prepare([namespaceId])));
    expect(await stored()).toHaveLength(1);
    expect(new Set(many.map((keys) => keys.current(namespaceId)?.id)).size).toBe(1);
  });

  test("are replaced after a week, and what an old one sealed stays readable", async () => {
    const keys = keysOf(KEY);
    const before = await sealWith(keys);
    clock.advance(DATA_KEY_DAYS * 86_400_000 + 1);
    const after = await sealWith(keys);
    expect(await stored()).toMatchObject([{ retired_at: expect.any(Date) }, { retired_at: null }]);
    expect(before.split(":")[2]).not.toBe(after.split(":")[2]);
    for (const text of [before, after]) expect(await openWith(keysOf(KEY), text)).toBe(`"${SECRET}"`);
  });

  test("are replaced within a minute where the command for that was called", async () => {
    const keys = keysOf(KEY);
    const before = await sealWith(keys);
    const env = { ...process.env, DATABASE_URL: database.connectionString };
    const { stdout } = await execute(process.execPath, ["scripts/rotate-data-keys.mjs"], { env });
    expect(stdout).toMatch(/^\d+ data keys retired/);
    clock.advance(60_001);
    expect((await sealWith(keys)).split(":")[2]).not.toBe(before.split(":")[2]);
  });

  test("are wrapped anew with the first key of the environment, so that an old one may go", async () => {
    const text = await sealWith(keysOf(KEY));
    const next = newKey("two");
    await expect(openWith(keysOf(next), text)).rejects.toThrow(/names no key one/);
    expect(await keysOf(next, KEY).rewrap()).toBeGreaterThan(0);
    expect(await stored()).toMatchObject([{ wrapped_by: "two" }]);
    expect(await openWith(keysOf(next), text)).toBe(`"${SECRET}"`);
    await expect(openWith(keysOf(KEY), text)).rejects.toThrow(PayloadKeyMissing);
    await keysOf(KEY, next).rewrap();
  });

  test("do not open under another key of the same name, nor in another namespace", async () => {
    const text = await sealWith(keysOf(KEY));
    await expect(openWith(keysOf(newKey("one")), text)).rejects.toThrow(/does not open data key/);
    await run("update data_keys set namespace_id = 99 where namespace_id = $1", namespaceId);
    await expect(openWith(keysOf(KEY), text)).rejects.toThrow(PayloadKeyMissing);
    await run("update data_keys set namespace_id = $1 where namespace_id = 99", namespaceId);
  });
});

describe("the setting", () => {
  test.each([
    "",
    "one",
    "one:",
    `:${randomBytes(32).toString("base64")}`,
    `one:${randomBytes(31).toString("base64")}`,
    `one:${randomBytes(33).toString("base64")}`,
    `${KEY},`,
    `${KEY},${KEY}`,
    "one:not base64 at all, and no key",
  ])("is refused where it names no key, or two of one name: %j", (text) => {
    expect(parseMasterKeys(text)).toBeNull();
  });

  test("names the first key by which others are wrapped", () => {
    const masters = mastersOf(newKey("b"), newKey("a"));
    expect(masters.first.id).toBe("b");
    expect([...masters.byId.keys()]).toEqual(["b", "a"]);
  });
});

test("what users write as if it were sealed is not taken for it", async () => {
  const about = { namespaceId: 1, of: 1n, as: "test" };
  expect(JSON.parse(sealJson(plainPayloads, '"enc:1:7:7:abc"', about))).toBe("enc:1:7:7:abc");
  expect(sealJson(plainPayloads, '"enc:1:7:7:abc"', about)).not.toContain("enc:1");
  expect(sealText(plainPayloads, "enc:1:7:7:abc", about)).toBe("enc:0:enc:1:7:7:abc");
  expect(sealText(plainPayloads, "encore", about)).toBe("encore");
});
