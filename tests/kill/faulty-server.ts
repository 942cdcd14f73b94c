/**
 * A server without pages that suffers what it was told to: its own death, and faults inside its transactions. A process of its
 * own, see doomed-server.ts. PORT and DATABASE_URL as for a server, `STRIKES` a JSON list of what happens, one after another.
 */
import { join } from "node:path";
import { migrate } from "@/db/migrate";
import { readConfig } from "@/lib/config";
import type { Faults } from "@/lib/engine/door/faults";
import { openInstance } from "@/lib/http/instance";
import { createNodeServer } from "@/lib/http/node-server";
import { openLog } from "@/lib/log";

export type Strike =
  /** `kill -9` of this process when it gets to a point of the process for the n-th time. */
  | { do: "die"; at: string; nth: number }
  /** PostgreSQL ends the connection of the first transaction that gets to a point of it. */
  | { do: "cut"; at: string }
  /** `kill -9` of this process while a transaction stands at a point of it, and then commits with nobody to tell. */
  | { do: "orphan"; at: string }
  /** The parent is told while a transaction stands at a point of it: what it does then is its own affair. */
  | { do: "tell"; at: string };

/** What the parent is told. */
export type Report = { ready: true } | { struck: string } | { standsAt: string };

/** Long enough for the statement to be there when the process dies. */
const DIE_AFTER_MS = 100;
const STAND_MS = 600;

class Strikes implements Faults {
  #reached = 0;
  /** A transaction that may suffer has begun, and has not committed. */
  #suffering = false;

  constructor(readonly left: Strike[]) {}

  reach(point: string): void {
    // A flush that begins while the last has not committed: that was struck.
    if (point === "flush:before" && this.#suffering) this.#over();
    if (point === "flush:committed") this.#suffering = false;
    const [next] = this.left;
    if (next?.do === "die" && next.at === point && ++this.#reached === next.nth) die();
  }

  inTransaction(): string | null {
    const [next] = this.left;
    if (next === undefined || next.do === "die") return null;
    if (next.do === "cut") {
      this.#suffering = true;
      return JSON.stringify({ at: next.at, do: "kill" });
    }
    if (next.do === "orphan") setTimeout(die, DIE_AFTER_MS);
    else {
      this.#over();
      setTimeout(() => report({ standsAt: next.at }), DIE_AFTER_MS);
    }
    return JSON.stringify({ at: next.at, do: "delay", ms: STAND_MS });
  }

  #over(): void {
    this.#suffering = false;
    const struck = this.left.shift();
    if (struck !== undefined) report({ struck: struck.at });
  }
}

function die(): void {
  process.kill(process.pid, "SIGKILL");
}

function report(said: Report): void {
  process.send?.(said);
}

const config = readConfig(process.env);
await migrate({ connectionString: config.databaseUrl, migrationsFolder: join(process.cwd(), "db", "migrations") });
const faults = new Strikes(JSON.parse(process.env.STRIKES ?? "[]"));
const { instance } = await openInstance(config, openLog(config.logLevel), { faults });
const stopping = new AbortController();
const server = createNodeServer(instance, null, stopping.signal);
server.listen(config.port, config.host, () => report({ ready: true }));
process.once("SIGTERM", async () => {
  stopping.abort();
  await new Promise((resolve) => server.close(resolve));
  await instance.close();
  process.exit(0);
});
process.once("disconnect", die);
