// @ts-check
// What a person sees at the terminal: one line a step, with what came of it and how long it took.
import { stdout } from "node:process";

const colours = stdout.isTTY && !process.env.NO_COLOR;
const paint = (/** @type {number} */ code) => (/** @type {string} */ text) =>
  colours ? `\u001b[${code}m${text}\u001b[0m` : text;

export const bold = paint(1);
export const dim = paint(2);
export const red = paint(31);
export const green = paint(32);

/** A failure whose message is all that a person needs; its stack is not shown. */
export class Refusal extends Error {}

/**
 * Shows the name while the work runs, then what it answers and the time it took.
 *
 * @template {{ done: string }} T
 * @param {string} name
 * @param {() => Promise<T>} work `done` is a few words on the outcome
 * @returns {Promise<T>}
 */
export async function step(name, work) {
  const startedAt = performance.now();
  if (stdout.isTTY) stdout.write(`  ${dim("·")} ${name.padEnd(14)}`);
  try {
    const outcome = await work();
    finish(name, green("✓"), outcome.done, startedAt);
    return outcome;
  } catch (error) {
    finish(name, red("✗"), "failed", startedAt);
    throw error;
  }
}

/**
 * @param {string} name
 * @param {string} mark
 * @param {string} outcome
 * @param {number} startedAt
 */
function finish(name, mark, outcome, startedAt) {
  const took = dim(seconds(performance.now() - startedAt));
  stdout.write(`${stdout.isTTY ? "\r" : ""}  ${mark} ${name.padEnd(14)}${outcome.padEnd(48)} ${took}\n`);
}

/**
 * @param {number} ms
 * @returns {string} for example `12.3 s`
 */
export function seconds(ms) {
  return `${(ms / 1000).toFixed(1).padStart(5)} s`;
}

/** @param {string} line */
export function say(line) {
  stdout.write(`  ${line}\n`);
}

/**
 * Says what went wrong, with a stack only if it is a bug.
 * @param {unknown} error
 */
export function complain(error) {
  const expected = error instanceof Refusal || (error instanceof Error && error.name === "PostgresUnavailable");
  if (expected && error.message === "") return;
  const text = expected ? /** @type {Error} */ (error).message : error instanceof Error ? error.stack : String(error);
  process.stderr.write(`  ${red("✗")} ${text}\n`);
}
