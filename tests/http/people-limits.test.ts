// How often one may try: by address, by account, for all processes together, and whatever headers claim.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDatabase, type TestDatabase } from "../support/postgres";
import { BEHIND_PROXY, Browser, entriesOf, join } from "./people-support";
import { ADMIN, startServer, type TestServer } from "./support";

let database: TestDatabase;
let one: TestServer;
let two: TestServer;
beforeAll(async () => {
  database = await createDatabase();
  one = await startServer({ database, settings: BEHIND_PROXY });
  two = await startServer({ database });
});
afterAll(async () => {
  await one?.close();
  await two?.close();
  await database?.drop();
});

/** It is counted before it is looked at, and refused before it is hashed. */
const TOO_LONG = "x".repeat(129);

/** Cheaper than a password: no such address, so that only the count decides. */
const ask = (browser: Browser, email: string) => browser.post("/request-password-reset", { email });

describe("a limit by account", () => {
  test("holds from whatever addresses and over all processes, and is forgotten after a while", async () => {
    const { email } = await join(one);
    const statuses: number[] = [];
    for (let guess = 0; guess < 10; guess++)
      statuses.push((await new Browser(guess % 2 === 0 ? one : two).signIn(email, TOO_LONG)).status);
    expect(statuses).toEqual(Array(10).fill(400));
    for (const server of [one, two]) {
      const reply = await new Browser(server).signIn(email);
      expect([reply.status, reply.body.code]).toEqual([429, "TOO_MANY_REQUESTS"]);
      const seconds = Number(reply.headers.get("retry-after"));
      expect(seconds).toBeGreaterThan(0);
      expect(seconds).toBeLessThanOrEqual(15 * 60);
    }
    await one.instance.reads.query("update attempt_counts set last_request = last_request - $1", [15 * 60_000]);
    expect((await new Browser(one).signIn(email)).status).toBe(200);
  });

  test("counts the address that is judged, where a form names two", async () => {
    const { email } = await join(one);
    const statuses: number[] = [];
    for (let guess = 0; guess < 11; guess++) {
      const body = new URLSearchParams([
        ["email", `decoy${guess}@example.com`],
        ["email", email],
        ["password", TOO_LONG],
      ]);
      const headers = { origin: one.url, "x-forwarded-for": new Browser(one).address };
      statuses.push((await fetch(`${one.url}/api/auth/sign-in/email`, { method: "POST", headers, body })).status);
    }
    expect(statuses).toEqual([...Array(10).fill(400), 429]);
  });

  test("begins anew with each right password", async () => {
    const { email } = await join(one);
    for (let round = 0; round < 2; round++) {
      for (let guess = 0; guess < 6; guess++) await new Browser(one).signIn(email, TOO_LONG);
      expect((await new Browser(one).signIn(email)).status).toBe(200);
    }
  });

  test("counts for addresses that are known and unknown alike", async () => {
    const { email } = await join(one);
    for (const address of [email, "nobody@example.com"]) {
      const statuses: number[] = [];
      for (let mail = 0; mail < 6; mail++) statuses.push((await ask(new Browser(one), address)).status);
      expect(statuses, address).toEqual([200, 200, 200, 200, 200, 429]);
    }
  });

  test("keeps no address in clear, for it may be a password in the wrong field", async () => {
    await new Browser(one).signIn("my secret@example.com", "x");
    await ask(new Browser(one), "secret.word@example.com");
    const { rows } = await one.instance.reads.query("select 1 from attempt_counts where key like '%secret%'");
    expect(rows).toEqual([]);
  });
});

describe("a limit by address", () => {
  const many = async (send: (turn: number) => Promise<{ status: number }>) => {
    const statuses: number[] = [];
    for (let turn = 0; turn < 21; turn++) statuses.push((await send(turn)).status);
    return [...new Set(statuses.slice(0, 20)), statuses[20]];
  };

  test("counts whom the trusted proxy names last, whatever stands before it", async () => {
    const browser = new Browser(one);
    const forged = (turn: number) => ({ "x-forwarded-for": `10.9.9.${turn}, ${browser.address}` });
    const post = (turn: number, headers: Record<string, string>) =>
      browser.post("/request-password-reset", { email: `a${turn}@example.com` }, headers);
    expect(await many((turn) => post(turn, forged(turn)))).toEqual([200, 429]);
    expect((await post(21, { "x-forwarded-for": "10.9.9.9" })).status).toBe(200);
  });

  test("counts the peer where no proxy is trusted, whatever it claims", async () => {
    const browser = new Browser(two);
    const post = (turn: number) =>
      browser.post(
        "/request-password-reset",
        { email: `b${turn}@example.com` },
        {
          "x-forwarded-for": `10.8.0.${turn}`,
          "x-cerebelum-client-address": `10.8.1.${turn}`,
          forwarded: "for=10.8.2.1",
        },
      );
    expect(await many(post)).toEqual([200, 429]);
  });

  test("is told of in the audit log, with the address that it counts", async () => {
    const browser = new Browser(one);
    await browser.signIn(ADMIN.email, "not the password");
    await expect
      .poll(async () => (await entriesOf(one, "session.create")).filter(({ address }) => address === browser.address))
      .toEqual([
        expect.objectContaining({
          outcome: "refused",
          code: "INVALID_EMAIL_OR_PASSWORD",
          target: ADMIN.email,
          actor: "unknown",
        }),
      ]);
  });
});
