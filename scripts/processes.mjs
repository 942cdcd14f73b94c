// @ts-check
// Processes by their number: whether one lives, what it runs, and how to be rid of it.
import { execFileSync, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

/**
 * A zombie counts as gone: where nobody reaps, it stays for ever.
 * @param {number} pid
 */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== "EPERM") return false;
  }
  try {
    return !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, "latin1"));
  } catch {
    return process.platform !== "linux";
  }
}

/**
 * Whether the process lives and its command line has one of the texts in it: its number alone may be another program's by now.
 * @param {number} pid
 * @param {...string} texts
 */
export function isRunning(pid, ...texts) {
  if (!isAlive(pid)) return false;
  const line = commandLine(pid);
  return texts.some((text) => line.includes(text));
}

/** @param {number} pid */
function commandLine(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "latin1");
  } catch {
    // No /proc here (macOS): ask ps.
  }
  try {
    return execFileSync("ps", ["-o", "command=", "-p", String(pid)], { encoding: "utf8" });
  } catch {
    return "";
  }
}

/**
 * Settles when the process is gone. Keeps nobody alive by itself.
 * @param {number} pid
 */
export async function gone(pid) {
  while (isAlive(pid)) await delay(100, undefined, { ref: false });
}

/**
 * @param {number} pid
 * @param {NodeJS.Signals} name
 */
export function signal(pid, name) {
  try {
    process.kill(pid, name);
  } catch {
    // It is gone already, which is what the signal was for.
  }
}

/**
 * @param {Promise<unknown>} event
 * @param {number} ms
 * @returns {Promise<boolean>} whether the event came within the time
 */
export async function within(event, ms) {
  const timer = new AbortController();
  const late = delay(ms, false, { signal: timer.signal }).catch(() => false);
  const came = await Promise.race([event.then(() => true), late]);
  timer.abort();
  return came;
}

/** @type {Set<import("node:child_process").ChildProcess>} */
const commands = new Set();

/**
 * Runs a command to its end and answers all that it printed.
 * @param {string} command
 * @param {string[]} args
 * @param {import("node:child_process").SpawnOptions & { input?: string, started?: (pid: number) => void }} [options]
 * @returns {Promise<{ code: number | null, output: string }>} code null when it could not be started or was killed
 */
export function run(command, args, { input, started, ...options } = {}) {
  return new Promise((settle) => {
    let output = "";
    // A process group of its own, so that `endCommands` ends what it started too.
    const child = spawn(command, args, { ...options, detached: true, stdio: ["pipe", "pipe", "pipe"] });
    commands.add(child);
    if (child.pid) started?.(child.pid);
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (output += chunk));
    child.stdin?.on("error", () => {});
    child.stdin?.end(input);
    child.once("error", (error) => settle({ code: null, output: output + error.message }));
    child.once("close", (code) => settle({ code, output }));
    child.once("close", () => commands.delete(child));
  });
}

/** Kills every command that still runs. */
export function endCommands() {
  for (const { pid } of commands) if (pid) signal(-pid, "SIGKILL");
}
