// A server as `npm start` runs it: launcher, PostgreSQL and server as processes of their own, in a data folder of its own.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { freePort } from "../../scripts/postgres.mjs";
import { within } from "../../scripts/processes.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const START_DEADLINE_MS = 180_000;
const STOP_DEADLINE_MS = 30_000;

export const API_KEY = "launched-server-key-with-all-scopes";
export const ADMIN = { email: "admin@example.com", password: "correct horse battery" };

export interface LaunchedServer {
  /** The same after a restart. */
  url: string;
  dataDir: string;
  /** Process numbers, as they are now: for tests that kill. */
  processes(): { launcher: number; server: number; postgres: number };
  /** Starts the launcher again, after it was killed. Settles when the server answers. */
  start(): Promise<void>;
  /** Stops all of it and removes the data. */
  stop(): Promise<void>;
}

/**
 * Builds first if the sources have changed. The settings are added to the environment. Throws with all that the launcher
 * said if it does not come to serving.
 */
export async function launchServer(settings: Record<string, string> = {}): Promise<LaunchedServer> {
  const folder = mkdtempSync(join(tmpdir(), "cerebelum-launched-"));
  // PostgreSQL may run as another user.
  chmodSync(folder, 0o755);
  const dataDir = join(folder, "data");
  const port = await freePort();
  const env = environment({ PORT: String(port), ...settings, CEREBELUM_DATA_DIR: dataDir });
  let launcher: ChildProcess;
  const start = async () => {
    launcher = await launch(env, dataDir);
  };
  try {
    await start();
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  return {
    url: `http://127.0.0.1:${port}`,
    dataDir,
    processes: () => ({
      launcher: claim(dataDir).supervisor,
      server: claim(dataDir).server,
      postgres: Number(readFileSync(join(dataDir, "postgres", "postmaster.pid"), "utf8").split("\n")[0]),
    }),
    start,
    async stop() {
      const exited = launcher.exitCode === null && launcher.signalCode === null ? once(launcher, "exit") : null;
      launcher.kill("SIGTERM");
      if (exited && !(await within(exited, STOP_DEADLINE_MS))) throw new Error("the launcher did not stop in time");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function environment(settings: Record<string, string>): NodeJS.ProcessEnv {
  const { DATABASE_URL: _, ...inherited } = process.env;
  const first = {
    CEREBELUM_API_KEY: API_KEY,
    CEREBELUM_ADMIN_EMAIL: ADMIN.email,
    CEREBELUM_ADMIN_PASSWORD: ADMIN.password,
  };
  return { ...inherited, ...first, ...settings } as NodeJS.ProcessEnv;
}

async function launch(env: NodeJS.ProcessEnv, dataDir: string): Promise<ChildProcess> {
  const launcher = spawn(process.execPath, ["scripts/start.mjs"], {
    cwd: ROOT,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [launcher.stdout, launcher.stderr]) stream?.on("data", (chunk) => (output += chunk));
  const deadline = Date.now() + START_DEADLINE_MS;
  while (!isReady(dataDir, launcher.pid)) {
    if (launcher.exitCode !== null || Date.now() > deadline) {
      launcher.kill("SIGTERM");
      throw new Error(`the server did not start:\n${output}`);
    }
    await delay(50);
  }
  return launcher;
}

function isReady(dataDir: string, launcher: number | undefined): boolean {
  try {
    const { supervisor, url } = claim(dataDir);
    return supervisor === launcher && url !== undefined;
  } catch {
    return false;
  }
}

/** What the launcher says of itself. */
function claim(dataDir: string): { supervisor: number; server: number; url?: string } {
  return JSON.parse(readFileSync(join(dataDir, "supervisor.json"), "utf8"));
}
