// A second factor: begun with a code, asked for at each sign-in, no code taken twice, and ended with the password.
import { afterAll, beforeAll, expect, test } from "vitest";
import { BEHIND_PROXY, Browser, codeOf, entriesOf, join, PASSWORD } from "./people-support";
import { startServer, type TestServer } from "./support";

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ settings: BEHIND_PROXY });
});
afterAll(() => server?.close());

/** Somebody with a second factor, begun with the code of the moment; the next one is good, too, for a minute and a half. */
async function withSecondFactor() {
  const { browser, email } = await join(server);
  const { body } = await browser.post("/two-factor/enable", { password: PASSWORD });
  const used = await codeOf(body.totpURI);
  const begun = await browser.post("/two-factor/verify-totp", { code: used });
  expect(begun.status).toBe(200);
  return { browser, email, used, uri: String(body.totpURI), backupCodes: body.backupCodes as string[] };
}

test("is asked for after the password, and no code of it is taken twice", async () => {
  const { email, uri, used } = await withSecondFactor();
  const browser = new Browser(server);
  const half = await browser.signIn(email);
  expect([half.status, half.body.twoFactorRedirect]).toEqual([200, true]);
  expect(await browser.isIn()).toBe(false);
  const refused = await browser.post("/two-factor/verify-totp", { code: used });
  expect([refused.status, refused.body.code]).toEqual([401, "CODE_USED"]);
  const code = await codeOf(uri, 1);
  expect((await browser.post("/two-factor/verify-totp", { code })).status).toBe(200);
  expect(await browser.isIn()).toBe(true);

  const thief = new Browser(server);
  await thief.signIn(email);
  const replayed = await thief.post("/two-factor/verify-totp", { code });
  expect([replayed.status, replayed.body.code]).toEqual([401, "CODE_USED"]);
  expect(await thief.isIn()).toBe(false);

  const mine = async (action: string) =>
    (await entriesOf(server, action))
      .filter(({ target }) => target === email)
      .map(({ outcome, code }) => code ?? outcome);
  expect(await mine("second_factor.enable")).toEqual(["done"]);
  await expect.poll(() => mine("session.create")).toEqual(["CODE_USED", "done", "CODE_USED"]);
});

test("can be proven once by each of the codes for when it is lost", async () => {
  const { email, backupCodes } = await withSecondFactor();
  const [code] = backupCodes;
  const browser = new Browser(server);
  await browser.signIn(email);
  expect((await browser.post("/two-factor/verify-backup-code", { code })).status).toBe(200);
  const again = new Browser(server);
  await again.signIn(email);
  expect((await again.post("/two-factor/verify-backup-code", { code })).status).toBe(401);
  expect([await browser.isIn(), await again.isIn()]).toEqual([true, false]);
});

test("cannot be guessed, not even by whoever has the password and asks anew each time", async () => {
  const { email, uri } = await withSecondFactor();
  const right = await Promise.all([-1, 0, 1, 2].map((later) => codeOf(uri, later)));
  const statuses: number[] = [];
  for (let round = 0; round < 3; round++) {
    const thief = new Browser(server);
    await thief.signIn(email);
    for (let guess = 0; guess < 5; guess++) {
      const code = String(100_000 + 5 * round + guess);
      expect(right).not.toContain(code);
      const reply = await thief.post("/two-factor/verify-totp", { code });
      statuses.push(reply.status);
      if (reply.status === 429) expect(Number(reply.headers.get("retry-after"))).toBeGreaterThan(0);
    }
  }
  expect(statuses).toEqual([...Array(10).fill(401), ...Array(5).fill(429)]);
});

test("ends with the password alone, and no device is trusted without it any longer", async () => {
  const { browser, email } = await withSecondFactor();
  expect((await browser.post("/two-factor/disable", { password: "not the password" })).status).toBe(400);
  expect((await browser.post("/two-factor/disable", { password: PASSWORD })).status).toBe(200);
  const other = new Browser(server);
  await other.signIn(email);
  expect(await other.isIn()).toBe(true);
  expect(await entriesOf(server, "second_factor.disable")).toContainEqual(
    expect.objectContaining({ target: email, outcome: "done" }),
  );
});

test("is asked for again on every device once the password was changed", async () => {
  const { email, uri } = await withSecondFactor();
  const browser = new Browser(server);
  await browser.signIn(email);
  await browser.post("/two-factor/verify-totp", { code: await codeOf(uri, 1), trustDevice: true });
  expect((await browser.signIn(email)).body.twoFactorRedirect).toBeUndefined();
  const newPassword = "another long password";
  await browser.post("/change-password", { currentPassword: PASSWORD, newPassword });
  expect((await browser.signIn(email, newPassword)).body.twoFactorRedirect).toBe(true);
});
