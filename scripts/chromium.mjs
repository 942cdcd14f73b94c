// @ts-check
// A Chromium for the browser tests: one that is there, or Debian's.
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { run } from "./processes.mjs";
import { Refusal, step } from "./terminal.mjs";

const NAMES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome"];
const ELSEWHERE = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/**
 * @returns {string | undefined} what CEREBELUM_CHROMIUM names, or the first that the PATH holds
 * @throws {Refusal} when CEREBELUM_CHROMIUM names nothing
 */
export function findChromium() {
  const named = process.env.CEREBELUM_CHROMIUM;
  if (named) {
    if (existsSync(named)) return named;
    throw new Refusal("CEREBELUM_CHROMIUM names a file that does not exist");
  }
  const folders = (process.env.PATH ?? "").split(delimiter);
  return [...NAMES.flatMap((name) => folders.map((folder) => join(folder, name))), ...ELSEWHERE].find(existsSync);
}

/**
 * @returns {Promise<string>}
 * @throws {Refusal} when there is none and none can be installed: says what to do
 */
export async function ensureChromium() {
  const found = findChromium();
  if (found) return found;
  if (process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) await installChromium();
  const installed = findChromium();
  if (installed) return installed;
  throw new Refusal(
    "the browser tests need Chromium: install it, or name one in CEREBELUM_CHROMIUM, or leave them out with CEREBELUM_TEST_BROWSER=off",
  );
}

async function installChromium() {
  await step("chromium", async () => {
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    const updated = await run("apt-get", ["update"], { env });
    const packages = ["--yes", "--no-install-recommends", "chromium", "fonts-liberation"];
    const installed = await run("apt-get", ["install", ...packages], { env });
    if (installed.code !== 0)
      throw new Refusal(`apt-get could not install it:\n${updated.output}${installed.output}`.trim());
    return { done: "installed with apt-get" };
  });
}
