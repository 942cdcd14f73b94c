// Signing in elsewhere: a real OpenID provider says who somebody is, and only what it says now, to this very browser, counts.
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { signInWays } from "@/lib/auth/people/sign-in-ways";
import { readConfig } from "@/lib/config";
import { type OpenIdProvider, startOpenIdProvider } from "./openid-provider";
import { BEHIND_PROXY, Browser, entriesOf, invite, join } from "./people-support";
import { startServer, type TestServer } from "./support";

let provider: OpenIdProvider;
let server: TestServer;
beforeAll(async () => {
  provider = await startOpenIdProvider();
  server = await startServer({
    settings: {
      ...BEHIND_PROXY,
      CEREBELUM_OIDC_ISSUER: provider.issuer,
      CEREBELUM_OIDC_CLIENT_ID: provider.client.clientId,
      CEREBELUM_OIDC_CLIENT_SECRET: provider.client.clientSecret,
    },
  });
});
afterAll(async () => {
  await server?.close();
  await provider?.close();
});
beforeEach(() => {
  provider.forge = false;
});

/** To the provider and back: where it sends the browser to. */
async function visit(browser: Browser): Promise<URL> {
  const begun = await browser.post("/sign-in/social", { provider: "oidc", callbackURL: "/executions" });
  expect([begun.status, new URL(begun.body.url).origin]).toEqual([200, provider.issuer]);
  const answer = await fetch(begun.body.url, { redirect: "manual" });
  const back = new URL(answer.headers.get("location") ?? "");
  expect([back.origin, back.pathname]).toEqual([server.url, "/api/auth/callback/oidc"]);
  return back;
}

/** Follows what the provider answered; tells where that led. */
async function comeBack(browser: Browser, back: URL): Promise<string> {
  const reply = await browser.get(back.href.slice(`${server.url}/api/auth`.length));
  expect(reply.status).toBe(302);
  const { pathname, searchParams } = new URL(reply.headers.get("location") ?? "", server.url);
  return [pathname, searchParams.get("error")].filter((part) => part !== null).join(" ");
}

async function signIn(browser: Browser): Promise<string> {
  return comeBack(browser, await visit(browser));
}

const usersNamed = async (email: string) =>
  (await server.instance.reads.query("select 1 from users where email = $1", [email])).rows.length;

test("whoever was invited and whose address the provider vouches for makes an account on the way", async () => {
  provider.claims = { sub: "1", email: "olga@example.com", email_verified: true, name: "Olga" };
  const browser = new Browser(server);
  expect(await signIn(browser)).toBe("/sign-in SIGN_UP_BY_INVITATION");
  expect([await usersNamed("olga@example.com"), await browser.isIn()]).toEqual([0, false]);
  await invite(server, "olga@example.com", { role: "viewer" });
  expect(await signIn(browser)).toBe("/executions");
  expect((await browser.api("GET", "executions")).status).toBe(200);
  const again = new Browser(server);
  expect(await signIn(again)).toBe("/executions");
  expect(await usersNamed("olga@example.com")).toBe(1);
  const entries = (await entriesOf(server, "session.create")).filter(({ target }) => target === "olga@example.com");
  expect(entries.map(({ outcome }) => outcome)).toEqual(["done", "done"]);
  const { rows } = await server.instance.reads.query(
    "select 1 from accounts where access_token is not null or refresh_token is not null or id_token is not null",
  );
  expect(rows).toEqual([]);
});

test.each([[undefined], [false], ["true"]])(
  "an address that the provider calls verified: %j is nobody's",
  async (verified) => {
    const { email } = await join(server);
    await invite(server, `new.${email}`);
    for (const address of [email, `new.${email}`]) {
      provider.claims = { sub: `unverified ${address}`, email: address, email_verified: verified };
      const browser = new Browser(server);
      expect(await signIn(browser)).toMatch(/^\/sign-in /);
      expect(await browser.isIn()).toBe(false);
    }
    expect(await usersNamed(`new.${email}`)).toBe(0);
  },
);

test("an account with the same proven address is the same person's", async () => {
  const { email } = await join(server);
  provider.claims = { sub: "linked", email, email_verified: true };
  const browser = new Browser(server);
  expect(await signIn(browser)).toBe("/executions");
  expect(await usersNamed(email)).toBe(1);
});

test("an answer counts once, and in the browser that asked alone", async () => {
  const { email } = await join(server);
  provider.claims = { sub: "replayed", email, email_verified: true };
  const browser = new Browser(server);
  const back = await visit(browser);
  const thief = new Browser(server);
  const { exchanged } = provider;
  expect(await comeBack(thief, back)).toMatch(/^\/sign-in (?:state_|please_)/);
  const forged = new URL(back);
  forged.searchParams.set("state", "x".repeat(32));
  expect(await comeBack(browser, forged)).toMatch(/^\/sign-in /);
  expect(provider.exchanged).toBe(exchanged);
  expect(await comeBack(browser, back)).toBe("/executions");
  expect(await comeBack(browser, back)).toMatch(/^\/sign-in /);
  expect(await comeBack(new Browser(server), back)).toMatch(/^\/sign-in /);
  expect([await browser.isIn(), await thief.isIn()]).toEqual([true, false]);
  await expect
    .poll(async () => (await entriesOf(server, "session.create")).filter(({ address }) => address === thief.address))
    .toEqual([expect.objectContaining({ outcome: "refused", actor: "unknown" })]);
});

test("a word that another key signed, or that was given to another visit, counts for nothing", async () => {
  const { email } = await join(server);
  for (const lie of [{ forge: true }, { nonce: "of another visit" }]) {
    provider.forge = lie.forge === true;
    provider.claims = {
      sub: "liar",
      email,
      email_verified: true,
      ...(lie.nonce !== undefined && { nonce: lie.nonce }),
    };
    const browser = new Browser(server);
    expect(await signIn(browser), JSON.stringify(lie)).toMatch(/^\/sign-in /);
    expect(await browser.isIn()).toBe(false);
  }
});

test("a token that somebody sends by hand is no sign-in", async () => {
  const reply = await new Browser(server).post("/sign-in/social", { provider: "oidc", idToken: { token: "x.y.z" } });
  expect([reply.status, reply.body.code]).toEqual([400, "ID_TOKEN_NOT_SUPPORTED"]);
});

test("no answer leads to another site", async () => {
  const reply = await new Browser(server).post("/sign-in/social", {
    provider: "oidc",
    callbackURL: "https://evil.example",
  });
  expect(reply.status).toBe(403);
});

test("a provider that does not answer keeps nobody from the other ways in", async () => {
  const other = await startServer({
    settings: {
      ...BEHIND_PROXY,
      // It names itself otherwise: whose word that is, is not known.
      CEREBELUM_OIDC_ISSUER: `${provider.issuer}/elsewhere`,
      CEREBELUM_OIDC_CLIENT_ID: "x",
      CEREBELUM_OIDC_CLIENT_SECRET: "y",
      CEREBELUM_LOG_LEVEL: "silent",
    },
  });
  const browser = new Browser(other);
  expect((await browser.post("/sign-in/social", { provider: "oidc" })).status).toBe(404);
  expect((await browser.get("/get-session")).status).toBe(200);
  await other.close();
});

test("the ways in are named for the page", () => {
  const DATABASE_URL = "postgres://localhost/x";
  expect(signInWays(readConfig({ DATABASE_URL }))).toEqual({ signUp: "invitation", providers: [] });
  const ways = signInWays(
    readConfig({
      DATABASE_URL,
      CEREBELUM_SIGN_UP: "open",
      CEREBELUM_GITHUB_CLIENT_ID: "a",
      CEREBELUM_GITHUB_CLIENT_SECRET: "b",
      CEREBELUM_OIDC_ISSUER: "https://login.example.com",
      CEREBELUM_OIDC_CLIENT_ID: "c",
      CEREBELUM_OIDC_CLIENT_SECRET: "d",
      CEREBELUM_OIDC_NAME: "Example",
    }),
  );
  expect(ways).toEqual({
    signUp: "open",
    providers: [
      { id: "github", name: "GitHub" },
      { id: "oidc", name: "Example" },
    ],
  });
});
