// @ts-check
// What `npm start` and `npm run dev` share: the claim on the data folder, signals, and one way to end.
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { claim } from "./claim.mjs";
import { endCommands } from "./processes.mjs";
import { bold, complain, Refusal, say } from "./terminal.mjs";

const OLDEST_NODE = [20, 19];

/**
 * @typedef {object} Launch
 * @property {string} root the project
 * @property {string} dataDir absolute
 * @property {(facts: { command?: number, server?: number, url?: string }) => void} note
 * @property {AbortSignal} stopping SIGTERM, Ctrl-C or a closed terminal
 * @property {AbortSignal} killing the same once more
 */

/**
 * Runs the work and ends the process: with 0 after a signal, with 1 if the work failed.
 * @param {"start" | "dev"} name
 * @param {(launch: Launch) => Promise<void>} work
 */
export async function launch(name, work) {
  const root = dirname(dirname(fileURLToPath(import.meta.url)));
  const dataDir = resolve(root, process.env.CEREBELUM_DATA_DIR || ".cerebelum");
  const stopping = new AbortController();
  const killing = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"]) {
    process.on(signal, () => {
      if (stopping.signal.aborted) killing.abort();
      stopping.abort();
      // A command that still runs is an install or a build; with it, the work ends in an error that nobody needs to see.
      endCommands();
    });
  }
  try {
    process.stdout.write(`\n  ${bold("Cerebelum")}\n\n`);
    requireNode();
    const claimed = await claim(dataDir, `${name}.mjs`, say);
    try {
      await work({ root, dataDir, note: claimed.note, stopping: stopping.signal, killing: killing.signal });
    } finally {
      claimed.release();
    }
  } catch (error) {
    if (!stopping.signal.aborted) {
      complain(error);
      process.exit(1);
    }
  }
  process.exit(0);
}

function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST_NODE;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return;
  throw new Refusal(`needs Node ${OLDEST_NODE.join(".")} or newer; this is ${process.versions.node}`);
}
