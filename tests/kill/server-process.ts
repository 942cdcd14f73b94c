// A server process of a given release at an address that it keeps: stopped as a service manager does, killed, replaced by another.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { freePort } from "../../scripts/postgres.mjs";

export const API_KEY = "key-of-every-process-of-a-fleet";

export interface ServerSettings {
  /** Of `openReleases`. */
  script: string;
  databaseUrl: string;
  engine: "embedded" | "off";
  /** Default: any free one. */
  port?: number;
  /** More of them, as environment variables. */
  more?: Record<string, string>;
}

export class ServerProcess {
  readonly apiKey = API_KEY;
  #child: ChildProcess | null = null;

  private constructor(
    private readonly settings: ServerSettings,
    readonly port: number,
  ) {}

  /** Resolves once it serves. */
  static async start(settings: ServerSettings): Promise<ServerProcess> {
    const server = new ServerProcess(settings, settings.port ?? (await freePort()));
    await server.start(settings.script);
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** As another release, where a script is given. Rejects where it ends before it serves. */
  async start(script = this.settings.script): Promise<void> {
    const child = spawn(process.execPath, [script], {
      cwd: tmpdir(),
      env: {
        ...process.env,
        DATABASE_URL: this.settings.databaseUrl,
        PORT: String(this.port),
        CEREBELUM_ENGINE: this.settings.engine,
        CEREBELUM_API_KEY: API_KEY,
        CEREBELUM_ADMIN_EMAIL: "admin@example.com",
        CEREBELUM_ADMIN_PASSWORD: "correct horse battery",
        CEREBELUM_LOG_LEVEL: "error",
        ...this.settings.more,
      },
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    this.#child = child;
    const ended = once(child, "exit").then(([code, signal]) => {
      throw new Error(`a server ended before it served: ${signal ?? code}`);
    });
    await Promise.race([once(child, "message"), ended]);
    ended.catch(() => {});
  }

  /** SIGTERM, and the code that it ended with: 0 after a clean stop. */
  stop(): Promise<number | null> {
    return this.#end("SIGTERM");
  }

  /** `kill -9`. */
  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  async #end(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.#child;
    this.#child = null;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const exited = once(child, "exit");
    child.kill(signal);
    const [code] = await exited;
    return code;
  }
}
