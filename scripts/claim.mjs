// @ts-check
// One supervisor a data folder, and nothing left over of one that was killed.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeFolder } from "./postgres-home.mjs";
import { gone, isRunning, signal, within } from "./processes.mjs";
import { Refusal } from "./terminal.mjs";

/** A server whose supervisor is gone stops by itself; this long it may take. */
const FAREWELL_MS = 5_000;

/**
 * @typedef {object} Claim
 * @property {number} supervisor its process
 * @property {string} script a part of the supervisor's command line
 * @property {number} [server] the server's process
 * @property {string} [url] where the server answers; absent until it does
 * @property {number} [command] an install or a build, which leads a process group
 */

/**
 * Claims the folder for this process. What `read` answers is kept in `supervisor.json` in it.
 * @param {string} dataDir made if missing
 * @param {string} script a part of this process's command line
 * @param {(line: string) => void} say
 * @throws {Refusal} when another supervisor lives there
 */
export async function claim(dataDir, script, say) {
  makeFolder(dataDir);
  const file = join(dataDir, "supervisor.json");
  const former = read(file);
  if (former && former.supervisor !== process.pid && isRunning(former.supervisor, former.script)) {
    throw new Refusal(`already running (process ${former.supervisor})${former.url ? ` at ${former.url}` : ""}`);
  }
  if (former?.command && isRunning(former.command, "npm", "next")) signal(-former.command, "SIGKILL");
  // Next.js gives its process a title of its own.
  if (former?.server && isRunning(former.server, "server.mjs", "next-server")) await waitOut(former.server, say);
  /** @type {Claim} */
  const mine = { supervisor: process.pid, script };
  const write = () => writeFileSync(file, JSON.stringify(mine));
  write();
  return {
    /** @param {Partial<Claim>} facts */
    note(facts) {
      Object.assign(mine, facts);
      write();
    },
    release: () => rmSync(file, { force: true }),
  };
}

/**
 * @param {string} file
 * @returns {Claim | undefined}
 */
function read(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

/**
 * @param {number} server
 * @param {(line: string) => void} say
 */
async function waitOut(server, say) {
  say(`a server of an earlier start still runs (process ${server}): waiting for its end`);
  if (await within(gone(server), FAREWELL_MS)) return;
  signal(server, "SIGKILL");
  await within(gone(server), FAREWELL_MS);
}
