// Every end of a history is signed when it is written, and a history that was changed as a whole is found by that.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { allRows } from "@/db/queries/query";
import { signaturesOf, signingKeys } from "@/db/queries/signatures";
import { decodeId } from "@/lib/contract/ids";
import { signedText } from "@/lib/core/execution/chain-texts";
import { forkExecution } from "@/lib/engine/fork-execution";
import { retryExecution } from "@/lib/engine/retry-execution";
import type { Services } from "@/lib/engine/services";
import { newSigningKey, signText } from "@/lib/engine/signing/signing-key";
import { verifyExecution } from "@/lib/engine/verify-execution";
import { createDatabase, type TestDatabase } from "../../support/postgres";
import { CALLER, openServices, publish, start, transforms, value } from "../engine-services/engine";
import { coverUp, headOf } from "./support";

let database: TestDatabase;
let services: Services;
beforeAll(async () => {
  database = await createDatabase();
  services = await openServices(database.connectionString, "off");
  await publish(services, transforms("short", 2));
  await publish(services, task("fails"));
});
afterAll(async () => {
  await services.close();
  await database.drop();
});

function task(name: string) {
  return { name, nodes: [{ id: "bad", type: "transform" as const, value: "=1 / input.n" }], edges: [] };
}

const verify = async (id: string) => value(await verifyExecution(services, CALLER, id));
const signatures = async (key: bigint) =>
  (await allRows(services.db, signaturesOf(key))).map(({ signature }) => signature);

describe("an execution that closes", () => {
  test("is signed once, over its head, in the transaction that closes it", async () => {
    const { id, key } = await start(services, { workflow: "short" });
    const { sequence, signature } = await verify(id);
    const [current] = await allRows(services.db, signingKeys());
    expect(signature).toEqual({ status: "valid", keyId: current?.id, sequence });
    expect(await signatures(key)).toEqual([
      expect.objectContaining({ sequence, head: (await headOf(services.db, key)).toString("hex") }),
    ]);
    const { rows } = await services.db.query(
      `select 1 from executions e join history_signatures s on s.execution_id = e.id
       where e.id = $1 and e.xmin = s.xmin`,
      [key],
    );
    expect(rows).toHaveLength(1);
  });

  test("is signed again when it was retried, and both signatures hold", async () => {
    const { id, key } = await start(services, { workflow: "fails", input: { n: 0 } });
    expect(await verify(id)).toMatchObject({ consistent: true, signature: { status: "valid" } });
    value(await retryExecution(services, CALLER, id, {}));
    expect(await verify(id)).toMatchObject({ consistent: true, signature: { status: "valid" } });
    expect(await signatures(key)).toHaveLength(2);
    await services.db.query(
      `delete from history_signatures where execution_id = $1
         and sequence = (select min(sequence) from history_signatures where execution_id = $1)`,
      [key],
    );
    expect((await verify(id)).consistent).toBe(false);
  });

  test("is signed under its own id where it is a fork, whose copied closes need none", async () => {
    const { id } = await start(services, { workflow: "fails", input: { n: 0 } });
    value(await retryExecution(services, CALLER, id, {}));
    const { sequence } = await verify(id);
    const { started } = value(await forkExecution(services, CALLER, id, { at: sequence }));
    expect(await verify(started.id)).toMatchObject({ consistent: true, signature: { status: "valid" } });
    expect(await signatures(decodeId("execution", started.id) ?? 0n)).toHaveLength(1);
  });
});

describe("a closed history that was changed", () => {
  const tamper = async (key: bigint) =>
    services.db.query("update events set actor = 'user:mallory' where execution_id = $1 and sequence = 1", [key]);

  test("is found although every head was computed anew", async () => {
    const { id, key } = await start(services, { workflow: "short" });
    await tamper(key);
    await coverUp(services.db, key);
    const { consistent, differences, signature } = await verify(id);
    expect(consistent).toBe(false);
    expect(differences.map(({ where }) => where)).toEqual([`signatures[${signature.sequence}]`]);
    expect(signature.status).toBe("invalid");
  });

  test("is found although the head beside the signature was computed anew too", async () => {
    const { id, key } = await start(services, { workflow: "short" });
    await tamper(key);
    const head = await coverUp(services.db, key);
    await services.db.query("update history_signatures set head = $2 where execution_id = $1", [key, head]);
    expect(await verify(id)).toMatchObject({ consistent: false, signature: { status: "invalid" } });
  });

  test("is found although its signature was removed, and the times of its events moved back", async () => {
    const { id, key } = await start(services, { workflow: "short" });
    await services.db.query("update events set at = '2025-06-01' where execution_id = $1", [key]);
    await services.db.query("delete from history_signatures where execution_id = $1", [key]);
    await services.db.query("update executions set started_at = '2025-06-01', closed_at = '2025-06-01' where id = $1", [
      key,
    ]);
    await coverUp(services.db, key);
    expect(await verify(id)).toMatchObject({ consistent: false, signature: { status: "missing" } });
  });

  test("is found although somebody signed it with a key of their own, or with the signature of another", async () => {
    const { id, key } = await start(services, { workflow: "short" });
    const other = await start(services, { workflow: "short" });
    await tamper(key);
    const head = (await coverUp(services.db, key)).toString("hex");
    const forger = newSigningKey();
    const { sequence } = await verify(id);
    const text = signedText({ executionId: id, namespaceId: CALLER.namespaceId, sequence, head });
    const put = (keyId: string, signature: string) =>
      services.db.query(
        `update history_signatures set key_id = $2, head = decode($3, 'hex'), signature = decode($4, 'hex')
         where execution_id = $1`,
        [key, keyId, head, signature],
      );
    await put(forger.id, signText(text, forger).toString("hex"));
    expect(await verify(id)).toMatchObject({ consistent: false, signature: { status: "invalid" } });
    const [foreign] = await signatures(other.key);
    await put(foreign?.keyId ?? "", foreign?.signature ?? "");
    expect(await verify(id)).toMatchObject({ consistent: false, signature: { status: "invalid" } });
  });
});

test("an execution that closed before there were keys needs no signature", async () => {
  const own = await createDatabase();
  const engine = await openServices(own.connectionString, "off");
  try {
    await publish(engine, transforms("short"));
    const { id, key } = await start(engine, { workflow: "short" });
    await engine.db.query("delete from history_signatures where execution_id = $1", [key]);
    await engine.db.query(
      "update instance_settings set value = (now() + interval '1 hour')::text where name = 'signatures-due-from'",
    );
    expect(value(await verifyExecution(engine, CALLER, id))).toMatchObject({
      consistent: true,
      signature: { status: "none", keyId: null },
    });
  } finally {
    await engine.close();
    await own.drop();
  }
});

test("where executions were there before the first key, none is missed that closes within a day", async () => {
  const own = await createDatabase();
  const before = await openServices(own.connectionString, "off");
  await publish(before, transforms("short"));
  await start(before, { workflow: "short" });
  // As a release leaves it that knows of no keys.
  for (const table of ["history_signatures", "signing_keys", "instance_settings"])
    await before.db.query(`delete from ${table}`);
  await before.close();
  const engine = await openServices(own.connectionString, "off");
  try {
    const { id, key } = await start(engine, { workflow: "short" });
    await engine.db.query("delete from history_signatures where execution_id = $1", [key]);
    const verified = async () => value(await verifyExecution(engine, CALLER, id));
    expect(await verified()).toMatchObject({ consistent: true, signature: { status: "none" } });
    await engine.db.query(
      "update instance_settings set value = (value::timestamptz - interval '1 day')::text where name = 'signatures-due-from'",
    );
    expect(await verified()).toMatchObject({ consistent: false, signature: { status: "missing" } });
  } finally {
    await engine.close();
    await own.drop();
  }
});
