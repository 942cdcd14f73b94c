// @ts-check
// Keeps a database and a server running until told to stop: what dies is started again.
//
//   starting ──ready──▶ serving ──signal──▶ stopping (the server first, then PostgreSQL) ──▶ stopped
//      │                 │   ▲
//      │                 ▼   │ the server or PostgreSQL ended: started again, ever more slowly
//      └─ended──▶ failed, if it was never ready: at once for a wrong setting, else after the third try
import { spawn } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { startPostgres } from "./postgres.mjs";
import { signal, within } from "./processes.mjs";
import { Refusal, say, step } from "./terminal.mjs";

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 10_000;
/** Who lived this long starts again without a long pause. */
const SETTLED_MS = 60_000;
const SERVER_STOP_MS = 20_000;
const FIRST_TRIES = 3;
/** With this code the server says that a setting is wrong. */
const WRONG_SETTING = 78;

/**
 * @typedef {object} Supervision
 * @property {string} root the project
 * @property {string} dataDir
 * @property {string} script the server's bundle; it sends `{ url }` over IPC once it answers, and stops on SIGTERM and when
 *   its IPC channel closes, which is how it learns that this process was killed
 * @property {Record<string, string>} env for the server, added to this process's own
 * @property {(facts: { server?: number, url?: string }) => void} note told of the server's process and address
 * @property {AbortSignal} stopping
 * @property {AbortSignal} killing once aborted, the server is not waited for
 * @property {EventTarget} [bundle] its event `change` starts the server anew; one that ends by itself then waits for it
 */

/**
 * Settles when all is stopped.
 * @param {Supervision} supervision
 * @throws {Refusal} when the first start fails; empty for a wrong setting, which the server has named
 */
export async function supervise(supervision) {
  const database = await openDatabase(supervision.dataDir);
  try {
    await keepServer(supervision, database.connectionString);
  } finally {
    await database.close();
  }
}

/** @param {string} dataDir */
async function openDatabase(dataDir) {
  const given = process.env.DATABASE_URL;
  if (given) return { connectionString: given, close: async () => {} };
  const { postgres } = await step("database", async () => {
    const postgres = await startPostgres({ dataDir, say });
    const how = postgres.adopted ? "was still running" : "started";
    return { postgres, done: `PostgreSQL ${how} on 127.0.0.1:${postgres.port}` };
  });
  const closing = new AbortController();
  const kept = keepPostgres(postgres, dataDir, closing.signal);
  return {
    connectionString: postgres.connectionString,
    close() {
      closing.abort();
      return kept;
    },
  };
}

/**
 * Always on the port of the first, so that the server finds it again.
 * @param {import("./postgres.mjs").RunningPostgres} postgres
 * @param {string} dataDir
 * @param {AbortSignal} closing
 */
async function keepPostgres(postgres, dataDir, closing) {
  for (const pause = pauses(closing); ; await pause()) {
    await Promise.race([postgres.exited, aborted(closing)]);
    if (closing.aborted) return postgres.stop();
    say("PostgreSQL ended unexpectedly: starting it again");
    try {
      postgres = await startPostgres({ dataDir, port: postgres.port, say });
    } catch (error) {
      say(error instanceof Error ? error.message : String(error));
    }
  }
}

/**
 * @param {Supervision} supervision
 * @param {string} databaseUrl
 */
async function keepServer(supervision, databaseUrl) {
  const { note, stopping, bundle } = supervision;
  let everReady = false;
  let tries = 0;
  for (const pause = pauses(stopping); !stopping.aborted; ) {
    const server = spawnServer(supervision, databaseUrl);
    note({ server: server.pid });
    server.ready.then((url) => {
      everReady = true;
      note({ url });
    });
    const changed = new Promise((settle) =>
      bundle?.addEventListener("change", () => settle("changed"), { once: true }),
    );
    const end = await Promise.race([server.exited, aborted(stopping), changed]);
    if (typeof end !== "object") {
      await stopServer(server, supervision.killing);
      continue;
    }
    const how = end.signal ?? `exit code ${end.code}`;
    if (bundle) {
      say(`the server ended (${how}): waiting for a change`);
      await Promise.race([changed, aborted(stopping)]);
      continue;
    }
    if (!everReady && end.code === WRONG_SETTING) throw new Refusal("");
    if (!everReady && ++tries === FIRST_TRIES) throw new Refusal(`the server did not start (${how})`);
    say(`the server ${everReady ? "ended unexpectedly" : "did not start"} (${how}): starting it again`);
    await pause();
  }
}

/**
 * @param {Supervision} supervision
 * @param {string} databaseUrl
 */
function spawnServer({ root, script, env }, databaseUrl) {
  const child = spawn(process.execPath, ["--enable-source-maps", "--max-semi-space-size=64", script], {
    cwd: root,
    env: { ...process.env, ...env, DATABASE_URL: databaseUrl },
    // A process group of its own: Ctrl-C reaches this process only, which tells the server once.
    detached: true,
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  /** @type {Promise<{ code: number | null, signal: NodeJS.Signals | null }>} */
  const exited = new Promise((settle) => {
    child.once("error", () => settle({ code: null, signal: null }));
    child.once("exit", (code, signal) => settle({ code, signal }));
  });
  /** @type {Promise<string>} */
  const ready = new Promise((settle) => {
    child.on("message", (message) => {
      if (typeof message === "object" && "url" in message) settle(String(message.url));
    });
  });
  return { pid: child.pid ?? 0, exited, ready };
}

/**
 * @param {{ pid: number, exited: Promise<unknown> }} server
 * @param {AbortSignal} killing
 */
async function stopServer({ pid, exited }, killing) {
  signal(pid, "SIGTERM");
  if (!(await within(Promise.race([exited, aborted(killing)]), SERVER_STOP_MS)) || killing.aborted)
    signal(pid, "SIGKILL");
  await exited;
}

/**
 * A function that waits 0.2 s, 0.4 s … 10 s from call to call, and begins anew after a minute without a call.
 * @param {AbortSignal} signal ends a pause early
 */
function pauses(signal) {
  let pauseMs = FIRST_PAUSE_MS;
  let lastAt = performance.now();
  return async () => {
    const now = performance.now();
    pauseMs = now - lastAt > SETTLED_MS ? FIRST_PAUSE_MS : Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    lastAt = now;
    await delay(pauseMs, undefined, { signal }).catch(() => {});
  };
}

/**
 * @param {AbortSignal} signal
 * @returns {Promise<"aborted">}
 */
function aborted(signal) {
  return new Promise((settle) => {
    if (signal.aborted) settle("aborted");
    signal.addEventListener("abort", () => settle("aborted"), { once: true });
  });
}
