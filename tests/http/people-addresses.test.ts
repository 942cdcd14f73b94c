// Where a call comes from and by which name: only a trusted proxy is believed, and links lead where the operator says.
import type { IncomingMessage } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readConfig } from "@/lib/config";
import { clientAddress, isOverTls } from "@/lib/http/client-address";
import { BEHIND_PROXY, Browser, join, type MailServer, startMailServer } from "./people-support";
import { startServer, type TestServer } from "./support";

const HTTPS = "https://flows.example.com";
const OVER_TLS = { "x-forwarded-proto": "https" };

let mails: MailServer;
let named: TestServer;
let behind: TestServer;
let plain: TestServer;
beforeAll(async () => {
  mails = await startMailServer();
  named = await startServer({ settings: { ...BEHIND_PROXY, CEREBELUM_URL: HTTPS, CEREBELUM_SMTP_URL: mails.url } });
  behind = await startServer({ settings: { ...BEHIND_PROXY, CEREBELUM_SMTP_URL: mails.url } });
  plain = await startServer();
});
afterAll(async () => {
  for (const server of [named, behind, plain]) await server?.close();
  await mails?.close();
});

describe("the address of a client", () => {
  const settings = (proxies?: string) =>
    readConfig({ DATABASE_URL: "postgres://localhost/x", ...(proxies && { CEREBELUM_TRUSTED_PROXIES: proxies }) });
  const from = (remoteAddress: string, headers: Record<string, string[]> = {}) =>
    ({ socket: { remoteAddress }, headersDistinct: headers }) as unknown as IncomingMessage;
  const forwarded = (...lines: string[]) => ({ "x-forwarded-for": lines });

  test.each([
    ["the peer, where no proxy is trusted", undefined, "203.0.113.1", ["10.0.0.1"], "203.0.113.1"],
    ["the peer, where it is no trusted proxy", "10.0.0.0/8", "203.0.113.1", ["10.0.0.1"], "203.0.113.1"],
    ["whom the proxy names", "10.0.0.0/8", "10.0.0.1", ["203.0.113.7"], "203.0.113.7"],
    ["the last one it names", "10.0.0.0/8", "10.0.0.1", ["1.1.1.1, 203.0.113.7"], "203.0.113.7"],
    ["the last of several lines", "10.0.0.0/8", "10.0.0.1", ["1.1.1.1", "203.0.113.7"], "203.0.113.7"],
    ["the last that is no proxy", "10.0.0.0/8", "10.0.0.1", ["1.1.1.1, 203.0.113.7, 10.0.0.2"], "203.0.113.7"],
    ["the proxy next to what is no address", "10.0.0.0/8", "10.0.0.1", ["203.0.113.7, unknown, 10.0.0.2"], "10.0.0.2"],
    ["the proxy, where it names nobody", "10.0.0.0/8", "10.0.0.1", [], "10.0.0.1"],
    ["IPv4, where it came as IPv6", "10.0.0.0/8", "::ffff:10.0.0.1", ["::ffff:203.0.113.7"], "203.0.113.7"],
    ["without the port", "10.0.0.0/8", "10.0.0.1", ["203.0.113.7:4711"], "203.0.113.7"],
    ["of IPv6", "fd00::/8", "fd00::1", ["[2001:db8::7]:4711"], "2001:db8::7"],
  ])("is %s", (_, proxies, peer, lines, expected) => {
    expect(clientAddress(from(peer, forwarded(...lines)), settings(proxies))).toBe(expected);
  });

  test("is nobody's once the socket is gone", () => {
    expect(clientAddress({ socket: {}, headersDistinct: {} } as unknown as IncomingMessage, settings())).toBeNull();
  });

  test.each([
    ["10.0.0.1", ["https"], true],
    ["10.0.0.1", ["http"], false],
    ["10.0.0.1", ["https, http"], false],
    ["10.0.0.1", [], false],
    ["203.0.113.1", ["https"], false],
  ])("says nothing about TLS unless a trusted proxy does: %s %j", (peer, lines, expected) => {
    expect(isOverTls(from(peer, { "x-forwarded-proto": lines }), settings("10.0.0.0/8"))).toBe(expected);
  });

  test("stands in the audit log of API calls, too", async () => {
    const { browser } = await join(behind, "viewer");
    await browser.api("POST", "workflows", { definition: {} });
    await expect
      .poll(
        async () => (await behind.instance.reads.query("select address from audit_log where code = 'FORBIDDEN'")).rows,
      )
      .toEqual([{ address: browser.address }]);
  });
});

describe("links in mails", () => {
  const ask = (server: TestServer, email: string, headers: Record<string, string>) =>
    new Browser(server).post("/request-password-reset", { email }, headers);

  test("lead to the address that the operator named, whatever the call says of itself", async () => {
    const { email } = await join(named);
    const forged = { "x-forwarded-host": "evil.example", "x-forwarded-proto": "http", origin: HTTPS };
    expect((await ask(named, email, forged)).status).toBe(200);
    expect((await mails.next(email)).link.origin).toBe(HTTPS);
  });

  test("lead to where the server listens, where the operator named none", async () => {
    const { email } = await join(behind);
    const forged = { "x-forwarded-host": "evil.example", ...OVER_TLS };
    expect((await ask(behind, email, forged)).status).toBe(200);
    expect((await mails.next(email)).link.origin).toBe(behind.url);
  });
});

describe("with an address of its own", () => {
  test("a server takes changes from pages of that address alone", async () => {
    const { email } = await join(named);
    const attempt = (origin: string) => new Browser(named).post("/sign-in/email", { email, password: "x" }, { origin });
    expect([(await attempt(HTTPS)).status, (await attempt(named.url)).status]).toEqual([401, 403]);
    expect((await attempt("http://flows.example.com")).status).toBe(403);
  });

  test("its API does so, too", async () => {
    const { email } = await join(named);
    const browser = new Browser(named);
    await browser.post("/sign-in/email", { email, password: "a long enough password" }, { origin: HTTPS });
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const validate = (origin: string) =>
      named.call("POST", "workflows/validate", { definition: {} }, { key: null, headers: { cookie, origin } });
    expect([(await validate(HTTPS)).status, (await validate(named.url)).status]).toEqual([200, 403]);
  });

  test("over TLS its cookie is of this one host, and browsers are told to stay with TLS", async () => {
    const { email } = await join(named);
    const reply = await new Browser(named).post(
      "/sign-in/email",
      { email, password: "a long enough password" },
      { origin: HTTPS },
    );
    const [cookie] = reply.headers.getSetCookie();
    expect(cookie).toMatch(/^__Host-cerebelum\.session_token=/);
    for (const attribute of ["HttpOnly", "Secure", "SameSite=Lax", "Path=/"])
      expect(cookie).toContain(`; ${attribute}`);
    expect(cookie).not.toMatch(/domain/i);
    const { headers } = await named.call("GET", "executions");
    expect(headers.get("strict-transport-security")).toMatch(/^max-age=\d+/);
  });
});

describe("behind a proxy", () => {
  const cookieOf = async (server: TestServer, headers: Record<string, string>) => {
    const { email } = await join(server);
    const reply = await new Browser(server).post(
      "/sign-in/email",
      { email, password: "a long enough password" },
      headers,
    );
    return { cookie: reply.headers.getSetCookie().join(), hsts: reply.headers.get("strict-transport-security") };
  };

  test("that is trusted and speaks TLS, cookies stay on it", async () => {
    const { cookie, hsts } = await cookieOf(behind, OVER_TLS);
    expect(cookie).toMatch(/; Secure$/);
    expect(hsts).not.toBeNull();
  });

  test("that nobody told the server of, what it says is not believed", async () => {
    const { cookie, hsts } = await cookieOf(plain, OVER_TLS);
    expect(cookie).toMatch(/session_token/);
    expect(cookie).not.toMatch(/Secure/);
    expect(hsts).toBeNull();
  });
});
