/** The processes of a run: workers, and with --chaos a server of its own, each of which can be killed and started again. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, "../..");

export interface Connection {
  url: string;
  apiKey: string;
}

export interface KillableProcess {
  /** `kill -9`: no goodbye. */
  kill(): Promise<void>;
  start(): Promise<void>;
}

interface OwnProcess extends KillableProcess {
  stop(): Promise<void>;
}

export interface OwnServer extends OwnProcess {
  connection: Connection;
  /** Its launcher starts it again by itself. */
  database: KillableProcess;
}

export function workerProcess({ url, apiKey }: Connection, capacity: number): OwnProcess {
  const env = { ...process.env, CEREBELUM_URL: url, CEREBELUM_API_KEY: apiKey, CAPACITY: String(capacity) };
  const args = ["--import", "tsx", path.join(here, "worker.ts")];
  return processOf(
    () => spawn(process.execPath, args, { env, cwd: root, stdio: ["ignore", "inherit", "inherit", "ipc"] }),
    // It says so once it is registered.
    (child) => once(child, "message"),
  );
}

/** A server with a data folder and a port of its own, as `npm start` would start it; its database is kept across restarts. */
export async function serverProcess(): Promise<OwnServer> {
  const port = await freePort();
  const dataDir = mkdtempSync(path.join(tmpdir(), "cerebelum-wfformat-"));
  chmodSync(dataDir, 0o755);
  const connection = { url: `http://127.0.0.1:${port}`, apiKey: `example-${"wfformat".repeat(3)}` };
  const env = { ...process.env, PORT: String(port), CEREBELUM_DATA_DIR: dataDir, CEREBELUM_API_KEY: connection.apiKey };
  const server = processOf(
    () => spawn(process.execPath, ["scripts/start.mjs"], { env, cwd: root, stdio: "ignore" }),
    () => untilReady(connection.url),
  );
  return {
    ...server,
    kill: async () => {
      killServer(dataDir);
      await server.kill();
    },
    connection,
    database: {
      kill: async () => void process.kill(databasePid(dataDir), "SIGKILL"),
      start: () => untilReady(connection.url),
    },
    stop: async () => {
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

function processOf(launch: () => ChildProcess, ready: (child: ChildProcess) => Promise<unknown>): OwnProcess {
  let child: ChildProcess | undefined;
  const end = async (signal: NodeJS.Signals) => {
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, "exit");
    child.kill(signal);
    await exited;
  };
  return {
    start: async () => {
      child = launch();
      const ended = once(child, "exit").then(() => {
        throw new Error("A process ended before it was ready; what it printed says why");
      });
      await Promise.race([ready(child), ended]);
    },
    kill: () => end("SIGKILL"),
    stop: () => end("SIGTERM"),
  };
}

/** PostgreSQL writes its process id into the first line of a file in its data folder. */
function databasePid(dataDir: string): number {
  const file = readdirSync(dataDir, { recursive: true, encoding: "utf8" }).find((name) =>
    name.endsWith("postmaster.pid"),
  );
  if (file === undefined) throw new Error(`No PostgreSQL runs in ${dataDir}`);
  return Number.parseInt(readFileSync(path.join(dataDir, file), "utf8"), 10);
}

/** Its launcher would start it again, so that dies next. */
function killServer(dataDir: string): void {
  const { server } = JSON.parse(readFileSync(path.join(dataDir, "supervisor.json"), "utf8")) as { server: number };
  process.kill(server, "SIGKILL");
}

/** The first start may build the project. */
async function untilReady(url: string): Promise<void> {
  const deadline = Date.now() + 300_000;
  while (!(await fetch(`${url}/readyz`).catch(() => null))?.ok) {
    if (Date.now() > deadline)
      throw new Error(`No server answers at ${url}. Run npm start once, and see what it says.`);
    await delay(100);
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}
