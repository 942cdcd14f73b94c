// @ts-check
// An embedded PostgreSQL that survives its supervisor: whatever was killed, the next `startPostgres` on the same folder simply works.
import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { createConnection, createServer } from "node:net";
import { join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import {
  accountFor,
  createCluster,
  DATABASE,
  existingCluster,
  lastLines,
  makeFolder,
  PostgresUnavailable,
  reachableNative,
  readPassword,
  readPidFile,
  USER,
} from "./postgres-home.mjs";
import { gone, isRunning, signal, within } from "./processes.mjs";

/** @typedef {import("./postgres-home.mjs").Account} Account */

const START_DEADLINE_MS = 60_000;
const STOP_DEADLINE_MS = 15_000;
const LOG_LIMIT_BYTES = 10 * 1024 * 1024;

/**
 * @typedef {object} RunningPostgres
 * @property {string} connectionString with the password, for `cerebelum`, a superuser of this cluster only
 * @property {number} port on 127.0.0.1, the only address it listens on
 * @property {number} pid the postmaster
 * @property {boolean} adopted true if it was already running, left behind by a supervisor that was killed
 * @property {Promise<void>} exited settles when the postmaster is gone, whoever ended it
 * @property {() => Promise<void>} stop a fast shutdown; settles when the postmaster is gone
 */

/**
 * Starts the cluster in `dataDir`, making it first if there is none, or adopts the one that still runs there.
 *
 * As root, which PostgreSQL refuses to run as, it runs as the owner of the cluster or else as the user `postgres`;
 * if that user cannot reach the folder (a clone in a home of mode 0700), the cluster lives below /var/lib/cerebelum and
 * `dataDir/postgres` is a link to it.
 *
 * @param {object} options
 * @param {string} options.dataDir made if missing; holds `postgres/`, `postgres.log` and `postgres-password` (mode 0600)
 * @param {number} [options.port] default 0: any free one
 * @param {(line: string) => void} [options.say] told what a person should know, for example that a user was created
 * @param {string[]} [options.settings] more settings, as `name=value`
 * @returns {Promise<RunningPostgres>}
 * @throws {PostgresUnavailable}
 */
export async function startPostgres({ dataDir, port = 0, say = () => {}, settings = [] }) {
  const root = resolve(dataDir);
  makeFolder(root);
  const account = accountFor(root, say);
  const native = reachableNative(account);
  const passwordFile = join(root, "postgres-password");
  const cluster = existingCluster(root) ?? (await createCluster(root, native, account, passwordFile));
  const password = readPassword(passwordFile);
  /** @param {number} atPort */
  const connectionString = (atPort) => `postgres://${USER}:${password}@127.0.0.1:${atPort}/${DATABASE}`;

  const adopted = await adoptable(cluster);
  if (adopted !== undefined) {
    const exited = gone(adopted.pid);
    return {
      ...adopted,
      connectionString: connectionString(adopted.port),
      adopted: true,
      exited,
      stop: () => stop(adopted.pid, exited),
    };
  }
  const started = await launch({ cluster, native, account, port, settings, logFile: join(root, "postgres.log") });
  return {
    ...started,
    connectionString: connectionString(started.port),
    adopted: false,
    stop: () => stop(started.pid, started.exited),
  };
}

/**
 * @param {{ cluster: string, native: string, account: Account | undefined, port: number, settings: string[], logFile: string }} options
 * @returns {Promise<{ pid: number, port: number, exited: Promise<void> }>}
 */
async function launch({ cluster, native, account, port, settings, logFile }) {
  const deadline = Date.now() + START_DEADLINE_MS;
  for (;;) {
    const atPort = port || (await freePort());
    const logStart = rotateLog(logFile);
    const attempt = spawnPostmaster({ cluster, native, account, port: atPort, settings, logFile });
    if (await becomesReady(cluster, attempt, deadline))
      return { pid: attempt.pid, port: atPort, exited: attempt.exited };
    const said = readFileSync(logFile).subarray(logStart).toString();
    // Backends of a killed postmaster take a moment to notice; a port may be taken between its choice and its use.
    const passes = /lock file|shared memory block|Address already in use|could not bind/i.test(said);
    if (!passes || Date.now() > deadline)
      throw new PostgresUnavailable(`PostgreSQL did not start, see ${logFile}: ${lastLines(said)}`);
    await delay(100);
  }
}

/** @param {{ cluster: string, native: string, account: Account | undefined, port: number, settings: string[], logFile: string }} options */
function spawnPostmaster({ cluster, native, account, port, settings, logFile }) {
  const all = [
    `port=${port}`,
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "timezone=UTC",
    "log_timezone=UTC",
    ...settings,
  ];
  const log = openSync(logFile, "a", 0o600);
  // A session of its own: Ctrl-C reaches the supervisor only, which stops the server first and this last.
  const child = spawn(join(native, "bin", "postgres"), ["-D", cluster, ...all.flatMap((setting) => ["-c", setting])], {
    ...account,
    cwd: "/",
    detached: true,
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  /** @type {Promise<void>} */
  const exited = new Promise((settle) => {
    child.once("error", () => settle());
    child.once("exit", () => settle());
  });
  child.unref();
  return { pid: child.pid ?? 0, exited };
}

/**
 * @param {string} cluster
 * @param {{ pid: number, exited: Promise<void> }} attempt
 * @param {number} deadline
 */
async function becomesReady(cluster, { pid, exited }, deadline) {
  let over = false;
  exited.then(() => {
    over = true;
  });
  while (!over && Date.now() < deadline) {
    const file = readPidFile(cluster);
    if (file?.pid === pid && file.ready) return true;
    await delay(5);
  }
  if (!over) process.kill(pid, "SIGQUIT");
  await exited;
  return false;
}

/**
 * The postmaster that a killed supervisor left behind, once it is ready; undefined when there is none.
 * @param {string} cluster
 * @returns {Promise<{ pid: number, port: number } | undefined>}
 */
async function adoptable(cluster) {
  const deadline = Date.now() + START_DEADLINE_MS;
  for (;;) {
    const file = readPidFile(cluster);
    if (!file) return undefined;
    if (!isRunning(file.pid, cluster)) {
      disown(cluster);
      return undefined;
    }
    if (file.ready && (await accepts(file.port))) return { pid: file.pid, port: file.port };
    if (Date.now() > deadline)
      throw new PostgresUnavailable(
        `PostgreSQL (process ${file.pid}) runs in ${cluster} but does not answer: end it and start again`,
      );
    await delay(20);
  }
}

/**
 * PostgreSQL refuses to start while the process that its pid file names exists, but takes a file that names its own parent
 * as stale. The file itself must stay: its last lines guard against backends that still use the old shared memory.
 * @param {string} cluster
 */
function disown(cluster) {
  const file = join(cluster, "postmaster.pid");
  const [, ...rest] = readFileSync(file, "utf8").split("\n");
  writeFileSync(file, [process.pid, ...rest].join("\n"));
}

/**
 * @param {number} pid
 * @param {Promise<void>} exited
 */
async function stop(pid, exited) {
  signal(pid, "SIGINT");
  if (!(await within(exited, STOP_DEADLINE_MS))) signal(pid, "SIGQUIT");
  await exited;
}

// ── Ports and logs ─────────────────────────────────────────────────────────────────────────────────────────────────

/** @returns {Promise<number>} a port of 127.0.0.1 that was free a moment ago */
export function freePort() {
  return new Promise((settle, fail) => {
    const probe = createServer();
    probe.once("error", fail);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => settle(typeof address === "object" && address ? address.port : 0));
    });
  });
}

/** @param {number} port */
function accepts(port) {
  return new Promise((settle) => {
    const socket = createConnection({ host: "127.0.0.1", port });
    const answer = (/** @type {boolean} */ yes) => {
      socket.destroy();
      settle(yes);
    };
    socket.once("connect", () => answer(true));
    socket.once("error", () => answer(false));
    socket.setTimeout(1_000, () => answer(false));
  });
}

/**
 * Keeps one older log; answers where the next start's lines will begin.
 * @param {string} file
 */
function rotateLog(file) {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size < LOG_LIMIT_BYTES) return size;
  renameSync(file, `${file}.1`);
  return 0;
}
