// Which key signs: the environment's, or one that all processes share; old public keys stay.
import { generateKeyPairSync } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { allRows } from "@/db/queries/query";
import { signingKeys } from "@/db/queries/signatures";
import { readConfig } from "@/lib/config";
import { createServices, type Services } from "@/lib/engine/services";
import { newSigningKey, parseSigningKey, privateDer, type SigningKey } from "@/lib/engine/signing/signing-key";
import { verifyExecution } from "@/lib/engine/verify-execution";
import { createDatabase, type TestDatabase } from "../../support/postgres";
import { CALLER, publish, silent, start, transforms, value } from "../engine-services/engine";

describe("a process", () => {
  let database: TestDatabase;
  const opened: Services[] = [];
  beforeEach(async () => {
    database = await createDatabase();
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((services) => services.close()));
    await database.drop();
  });

  async function open(signingKey: SigningKey | null = null): Promise<Services> {
    const config = { databaseUrl: database.connectionString, engine: "off" as const, signingKey };
    const services = await createServices(config, { log: silent });
    opened.push(services);
    return services;
  }

  const keys = (services: Services) => allRows(services.db, signingKeys());
  const current = async (services: Services) =>
    (await keys(services)).filter(({ retiredAt }) => retiredAt === null).map(({ id }) => id);

  async function closeOne(services: Services) {
    const { id } = await start(services, { workflow: "short" });
    return value(await verifyExecution(services, CALLER, id));
  }

  test("processes that start at once share the one key that the first makes", async () => {
    const [one, other] = await Promise.all([open(), open()]);
    expect(await keys(one)).toHaveLength(1);
    await publish(one, transforms("short"));
    const [signed, again] = [await closeOne(one), await closeOne(other)];
    expect(signed.signature).toMatchObject({ status: "valid", keyId: again.signature.keyId });
  });

  test("processes that start at once with keys of their own sign with them, and each takes the other's for good", async () => {
    const [a, b] = [newSigningKey(), newSigningKey()];
    const [one, other] = await Promise.all([open(a), open(b)]);
    await publish(one, transforms("short"));
    const [byOne, byOther] = [await closeOne(one), await closeOne(other)];
    expect([byOne.signature, byOther.signature]).toMatchObject([
      { status: "valid", keyId: a.id },
      { status: "valid", keyId: b.id },
    ]);
    expect(await keys(one)).toHaveLength(2);
  });

  test("a key of the environment takes the place of the stored one, whose signatures still hold and whose secret is gone", async () => {
    const before = await open();
    await publish(before, transforms("short"));
    const { id } = await start(before, { workflow: "short" });
    const given = newSigningKey();
    const after = await open(given);
    expect(await current(after)).toEqual([given.id]);
    expect(value(await verifyExecution(after, CALLER, id))).toMatchObject({ consistent: true });
    const { rows } = await after.db.query("select 1 from signing_keys where private_key is not null");
    expect(rows).toEqual([]);
  });

  test("a rotated key signs at once here, and in another process once it has looked", async () => {
    const [one, other] = [await open(), await open()];
    await publish(one, transforms("short"));
    const old = await closeOne(other);
    let told: string | null = null;
    const keyId = await one.signer.rotate(async (_, id) => {
      told = id;
    });
    expect(told).toBe(keyId);
    expect((await closeOne(one)).signature).toMatchObject({ status: "valid", keyId });
    expect((await closeOne(other)).signature).toMatchObject({ status: "valid", keyId: old.signature.keyId });
    await other.signer.look();
    expect((await closeOne(other)).signature).toMatchObject({ status: "valid", keyId });
  });

  test("a rotation that cannot be written down does not happen", async () => {
    const services = await open();
    const before = await current(services);
    await expect(services.signer.rotate(() => Promise.reject(new Error("no room")))).rejects.toThrow("no room");
    expect(await current(services)).toEqual(before);
  });
});

describe("the setting", () => {
  const env = { DATABASE_URL: "postgres://localhost/x" };

  test("takes PEM, PEM on one line, and DER in base64", () => {
    const key = newSigningKey();
    const pem = key.privateKey.export({ format: "pem", type: "pkcs8" }).toString();
    for (const text of [pem, pem.trim().replaceAll("\n", "\\n"), privateDer(key).toString("base64")])
      expect(readConfig({ ...env, CEREBELUM_SIGNING_KEY: text }).signingKey?.id).toBe(key.id);
  });

  test.each([
    ["nothing of the kind", "hunter2"],
    [
      "an RSA key",
      generateKeyPairSync("rsa", { modulusLength: 2048 })
        .privateKey.export({ format: "pem", type: "pkcs8" })
        .toString(),
    ],
    ["a public key", generateKeyPairSync("ed25519").publicKey.export({ format: "pem", type: "spki" }).toString()],
  ])("refuses %s in one line that does not repeat it", (_, text) => {
    expect(parseSigningKey(text)).toBeNull();
    const refused = () => readConfig({ ...env, CEREBELUM_SIGNING_KEY: text });
    expect(refused).toThrow(/^CEREBELUM_SIGNING_KEY is wrong: must be an Ed25519 private key[^\n]*$/);
    expect(refused).not.toThrow(text.slice(0, 30));
  });
});
