// Settings are checked at the start, and a wrong one is named in one line.
import { expect, test } from "vitest";
import { readConfig, WrongSetting } from "@/lib/config";

const DATABASE_URL = "postgres://localhost/cerebelum";

test("without settings other than a database everything has a safe default", () => {
  expect(readConfig({ DATABASE_URL })).toEqual({
    port: 3000,
    host: "127.0.0.1",
    databaseUrl: DATABASE_URL,
    engine: "embedded",
    first: { adminEmail: null, adminPassword: null, apiKey: null },
    httpAllow: { ranges: [], hosts: new Set() },
    publicUrl: null,
    trustedProxies: { ranges: [], hosts: new Set() },
    signUp: "invitation",
    mail: { smtpUrl: null, from: "Cerebelum <cerebelum@localhost>" },
    signInWith: { github: null, google: null, oidc: null },
    signingKey: null,
    encryptionKeys: null,
    metricsToken: null,
    otlpUrl: null,
    drainMs: 0,
    logLevel: "info",
  });
});

test("what http steps may call although it is private is a list", () => {
  const { httpAllow } = readConfig({ DATABASE_URL, CEREBELUM_HTTP_ALLOW: "10.0.0.0/8, billing.internal" });
  expect(httpAllow.ranges).toHaveLength(1);
  expect(httpAllow.hosts).toEqual(new Set(["billing.internal"]));
});

test("of the address that people reach it by, the origin counts", () => {
  const { publicUrl } = readConfig({ DATABASE_URL, CEREBELUM_URL: "https://Flows.example.com:443/somewhere?x" });
  expect(publicUrl).toBe("https://flows.example.com");
});

test("what is known of other ways to sign in comes as a whole", () => {
  const { signInWith } = readConfig({
    DATABASE_URL,
    CEREBELUM_GITHUB_CLIENT_ID: "a",
    CEREBELUM_GITHUB_CLIENT_SECRET: "b",
    CEREBELUM_OIDC_ISSUER: "https://login.example.com",
    CEREBELUM_OIDC_CLIENT_ID: "c",
    CEREBELUM_OIDC_CLIENT_SECRET: "d",
  });
  expect(signInWith).toEqual({
    github: { clientId: "a", clientSecret: "b" },
    google: null,
    oidc: { clientId: "c", clientSecret: "d", issuer: "https://login.example.com", name: "Single sign-on" },
  });
});

test("an empty variable counts as absent", () => {
  expect(readConfig({ DATABASE_URL, PORT: "", HOST: "" })).toMatchObject({ port: 3000, host: "127.0.0.1" });
});

test.each([
  [{}, "DATABASE_URL is missing"],
  [{ DATABASE_URL: "mysql://x" }, "DATABASE_URL is wrong: must begin with postgres:// or postgresql://"],
  [{ DATABASE_URL, PORT: "http" }, "PORT is wrong"],
  [{ DATABASE_URL, PORT: "70000" }, "PORT is wrong"],
  [{ DATABASE_URL, CEREBELUM_ENGINE: "on" }, "CEREBELUM_ENGINE is wrong"],
  [{ DATABASE_URL, CEREBELUM_ADMIN_EMAIL: "nobody" }, "CEREBELUM_ADMIN_EMAIL is wrong"],
  [
    { DATABASE_URL, CEREBELUM_ADMIN_PASSWORD: "short" },
    "CEREBELUM_ADMIN_PASSWORD is wrong: must have at least 12 characters",
  ],
  [{ DATABASE_URL, CEREBELUM_API_KEY: "too short" }, "CEREBELUM_API_KEY is wrong"],
  [{ DATABASE_URL, CEREBELUM_HTTP_ALLOW: "10.0.0.0/40" }, "CEREBELUM_HTTP_ALLOW is wrong: must be addresses"],
  [{ DATABASE_URL, CEREBELUM_HTTP_ALLOW: "http://short pass" }, "CEREBELUM_HTTP_ALLOW is wrong"],
  [{ DATABASE_URL, CEREBELUM_URL: "flows.example.com" }, "CEREBELUM_URL is wrong"],
  [{ DATABASE_URL, CEREBELUM_URL: "ftp://flows.example.com" }, "CEREBELUM_URL is wrong"],
  [{ DATABASE_URL, CEREBELUM_TRUSTED_PROXIES: "10.0.0.0/8;10.1.0.0/16" }, "CEREBELUM_TRUSTED_PROXIES is wrong"],
  [{ DATABASE_URL, CEREBELUM_TRUSTED_PROXIES: "proxy.internal" }, "CEREBELUM_TRUSTED_PROXIES is wrong"],
  [{ DATABASE_URL, CEREBELUM_SIGN_UP: "everybody" }, "CEREBELUM_SIGN_UP is wrong"],
  [{ DATABASE_URL, CEREBELUM_SMTP_URL: "mail.example.com" }, "CEREBELUM_SMTP_URL is wrong: must begin with smtp://"],
  [{ DATABASE_URL, CEREBELUM_GITHUB_CLIENT_ID: "a" }, "CEREBELUM_GITHUB_CLIENT_SECRET is missing"],
  [{ DATABASE_URL, CEREBELUM_GOOGLE_CLIENT_SECRET: "short pass" }, "CEREBELUM_GOOGLE_CLIENT_ID is missing"],
  [
    { DATABASE_URL, CEREBELUM_OIDC_CLIENT_ID: "a", CEREBELUM_OIDC_CLIENT_SECRET: "short pass" },
    "CEREBELUM_OIDC_ISSUER is missing",
  ],
])("%j is refused: %s", (env, message) => {
  expect(() => readConfig(env)).toThrow(WrongSetting);
  expect(() => readConfig(env)).toThrow(message);
  try {
    readConfig(env);
  } catch (error) {
    expect((error as Error).message).not.toContain("\n");
    expect((error as Error).message).not.toContain("short pass");
  }
});
