// A server that dies as often as it is told to and comes back each time at the same address, on a PostgreSQL of its own.
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { chmodSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { serverBundle } from "../../scripts/build.mjs";
import { freePort, startPostgres } from "../../scripts/postgres.mjs";
import type { Report, Strike } from "./faulty-server";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const BUNDLES = "dist/tests";
const API_KEY = "key-of-a-server-that-dies-often";

export interface OwnDatabase {
  url: string;
  /** `kill -9` of PostgreSQL, which comes back at the same address with what had committed. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export async function ownDatabase(): Promise<OwnDatabase> {
  const folder = mkdtempSync(join(tmpdir(), "cerebelum-kill-"));
  // PostgreSQL may run as another user.
  chmodSync(folder, 0o755);
  let running = await startPostgres({ dataDir: folder });
  const { port, connectionString } = running;
  return {
    url: connectionString,
    async restart() {
      process.kill(running.pid, "SIGKILL");
      await running.exited;
      running = await startPostgres({ dataDir: folder, port });
    },
    async stop() {
      await running.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A process of these tests as one file: loading a thousand small ones would take most of each start. */
export async function bundle(name: string): Promise<void> {
  // Several test files make the same one at once: none may start what another has half written.
  const own = `${BUNDLES}/${name}.${randomUUID()}.mjs`;
  const ours = { entryPoints: [`tests/kill/${name}.ts`], outfile: own, sourcemap: "inline" as const };
  const alias = { "@cerebelum/sdk": "./worker-sdk/src/index.ts" };
  await build({ ...serverBundle(ROOT), ...ours, alias });
  renameSync(join(ROOT, own), join(ROOT, BUNDLES, `${name}.mjs`));
}

export class DoomedServer {
  readonly apiKey = API_KEY;
  /** How often it died by a strike. */
  deaths = 0;
  /** Points at which transactions of it were struck. */
  readonly struck: string[] = [];
  /** A transaction stands at a point that was to be told. */
  onStanding: () => void = () => {};
  #child: ChildProcess | null = null;
  #lives: Strike[][] = [];
  #stopping = false;

  private constructor(
    readonly databaseUrl: string,
    readonly port: number,
  ) {}

  static async at(databaseUrl: string): Promise<DoomedServer> {
    return new DoomedServer(databaseUrl, await freePort());
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** The process that was started last has not ended. */
  get isAlive(): boolean {
    return this.#child !== null && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** One life after another suffers its strikes; the one after the last suffers nothing. Resolves once the first serves. */
  async start(...lives: Strike[][]): Promise<void> {
    this.#lives = lives;
    this.#stopping = false;
    this.deaths = 0;
    this.struck.length = 0;
    await this.#live();
  }

  /** Asked to, and waited for. */
  async stop(): Promise<void> {
    this.#stopping = true;
    const child = this.#child;
    this.#child = null;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, "exit");
    child.kill("SIGTERM");
    await exited;
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  async #live(): Promise<void> {
    const env = {
      ...process.env,
      DATABASE_URL: this.databaseUrl,
      PORT: String(this.port),
      CEREBELUM_API_KEY: API_KEY,
      CEREBELUM_ADMIN_EMAIL: "admin@example.com",
      CEREBELUM_ADMIN_PASSWORD: "correct horse battery",
      CEREBELUM_LOG_LEVEL: "silent",
      STRIKES: JSON.stringify(this.#lives.shift() ?? []),
    };
    const child = spawn(process.execPath, [`${BUNDLES}/faulty-server.mjs`], {
      cwd: ROOT,
      env,
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    this.#child = child;
    const ready = new Promise<void>((resolve, reject) => {
      child.on("message", (said: Report) => {
        if ("ready" in said) resolve();
        else if ("struck" in said) this.struck.push(said.struck);
        else this.onStanding();
      });
      child.once("exit", (code, signal) => {
        if (signal !== "SIGKILL" && !this.#stopping) reject(new Error(`the server ended by itself with ${code}`));
        if (signal !== "SIGKILL" || this.#stopping) return;
        this.deaths++;
        // It may have died before it served.
        this.#live().then(resolve, reject);
      });
    });
    await ready;
  }
}
