// What the pages and the examples on deployment say is what the code does: every setting with its default, every time limit.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { settingsSchema } from "@/lib/config";
import { POLL_WAIT_MAX_MS, RESULT_WAIT_MAX_MS } from "@/lib/contract/limits";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const read = (path: string) => readFileSync(join(ROOT, path), "utf8");
const page = read("docs/deployment.md");
const rows = [...page.matchAll(/^\| `([A-Z_]+)` \| (.*?) \| (.*) \|$/gm)].map(
  ([, name = "", value = "", means = ""]) => ({
    name,
    value,
    means,
  }),
);
const settings = Object.entries(settingsSchema.shape);
/** Of the launcher, which reads it by itself. */
const LAUNCHER = "CEREBELUM_DATA_DIR";

it("every setting is in the table, once, and nothing else", () => {
  const names = [...settings.map(([name]) => name), LAUNCHER];
  expect(rows.map(({ name }) => name).sort()).toEqual(names.sort());
});

it.each(settings)("the default of %s is the one in the table", (name, schema) => {
  const value = rows.find((row) => row.name === name)?.value ?? "";
  const { success, data } = schema.safeParse(undefined);
  if (success && data !== undefined) expect(value).toBe(`\`${data}\``);
  else if (name !== "CEREBELUM_ADMIN_EMAIL") expect(value).not.toMatch(/`/);
});

it("the address of the first administrator is the one in the table", () => {
  const [, email] = /DEFAULT_ADMIN_EMAIL = "([^"]+)"/.exec(read("lib/auth/first-start.ts")) ?? [];
  expect(rows.find(({ name }) => name === "CEREBELUM_ADMIN_EMAIL")?.value).toBe(`\`${email}\``);
});

describe.each(["compose.yaml", "deploy/example.env"])("%s", (file) => {
  it("names only settings that there are", () => {
    const known = new Set(settings.map(([name]) => name));
    const named = [...read(file).matchAll(/\bCEREBELUM_[A-Z_]+\b/g)].map(([name]) => name);
    expect(named.length).toBeGreaterThan(5);
    for (const name of named) expect(known).toContain(name);
  });
});

it("what compose.yaml takes from its environment stands in the example, without a secret", () => {
  const taken = [...read("compose.yaml").matchAll(/\$\{([A-Z_]+):[-?]/g)].map(([, name = ""]) => name);
  const given = new Map(
    [...read("deploy/example.env").matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name = "", value = ""]) => [name, value]),
  );
  for (const name of taken.filter((each) => each !== "PORT")) expect(given.has(name), name).toBe(true);
  for (const [name, value] of given) if (name !== "SITE") expect(value, name).toBe("");
});

describe("proxies", () => {
  const seconds = (text: string, pattern: RegExp) => Number(pattern.exec(text)?.[1]);
  const keepAliveMs = Number(
    /KEEP_ALIVE_MS = ([\d_]+)/.exec(read("lib/http/node-server.ts"))?.[1]?.replaceAll("_", ""),
  );
  const longestMs = Math.max(POLL_WAIT_MAX_MS, RESULT_WAIT_MAX_MS);

  it.each([
    ["deploy/nginx/cerebelum.conf", /proxy_read_timeout (\d+)s/, /keepalive_timeout (\d+)s/],
    ["deploy/caddy/Caddyfile", /response_header_timeout (\d+)s/, /keepalive (\d+)s/],
  ])("%s waits longer than any call and lets go of a connection before the server does", (file, wait, idle) => {
    expect(seconds(read(file), wait) * 1000).toBeGreaterThan(longestMs);
    expect(seconds(read(file), idle) * 1000).toBeLessThan(keepAliveMs);
    expect(page).toContain(`answers may take ${seconds(read(file), wait)} s`);
  });
});

it("units of systemd run what npm run serve runs, and do not try a wrong setting again", () => {
  const { scripts } = JSON.parse(read("package.json"));
  const serve = scripts.serve.replace("exec node ", "");
  const [, wrong] = /EXIT_WRONG_SETTING = (\d+)/.exec(read("server.ts")) ?? [];
  const units = readdirSync(join(ROOT, "deploy/systemd"));
  expect(units).toHaveLength(2);
  for (const unit of units) {
    const text = read(`deploy/systemd/${unit}`).replace("/opt/cerebelum/", "");
    expect(text).toContain(`node ${serve}\n`);
    expect(text).toContain(`RestartPreventExitStatus=${wrong}\n`);
  }
  const command = JSON.parse(/^CMD (\[.*\])$/m.exec(read("Dockerfile"))?.[1] ?? "[]");
  expect(command.slice(1).join(" ")).toBe(serve);
});
