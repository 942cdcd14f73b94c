/** The server as `npm start` runs it, on a PostgreSQL of its own in a temporary folder. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { freePort, startPostgres } from "../scripts/postgres.mjs";

export interface Service {
  url: string;
  apiKey: string;
  pool: pg.Pool;
  /** Of the server. */
  pid: number;
  /** A process of this repository under tsx, with the service's address in its environment; stopped with the service. */
  run(script: string, args?: string[]): ChildProcess;
  stop(): Promise<void>;
}

const ROOT = fileURLToPath(new URL("..", import.meta.url));

export async function startService(): Promise<Service> {
  if (!existsSync(join(ROOT, "dist/server.mjs"))) throw new Error("not built yet: run npm start once");
  const folder = mkdtempSync(join(tmpdir(), "cerebelum-bench-"));
  chmodSync(folder, 0o755);
  const postgres = await startPostgres({ dataDir: join(folder, "data") });
  const apiKey = "cbl_bench_key_of_this_run_only_0123456789abcdef";
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = {
    ...process.env,
    NODE_ENV: "production" as const,
    PORT: String(port),
    DATABASE_URL: postgres.connectionString,
    CEREBELUM_API_KEY: apiKey,
    CEREBELUM_URL: url,
  };
  const children: ChildProcess[] = [];
  const start = (args: string[]) => {
    const child = spawn(process.execPath, args, { cwd: ROOT, env, stdio: ["ignore", "ignore", "inherit"] });
    children.push(child);
    return child;
  };
  const server = start(["dist/server.mjs"]);
  await answers(`${url}/readyz`);
  const pool = new pg.Pool({ connectionString: postgres.connectionString, max: 2 });
  return {
    url,
    apiKey,
    pool,
    pid: server.pid ?? 0,
    run: (script, args = []) => start(["--import", "tsx", join(ROOT, script), ...args]),
    async stop() {
      await pool.end();
      await Promise.all(
        children.reverse().map(async (child) => {
          if (child.exitCode !== null || child.signalCode !== null) return;
          child.kill("SIGTERM");
          await once(child, "exit");
        }),
      );
      await postgres.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function answers(url: string): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (
    !(await fetch(url).then(
      (response) => response.ok,
      () => false,
    ))
  ) {
    if (Date.now() > deadline) throw new Error(`${url} did not answer`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
