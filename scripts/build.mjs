// @ts-check
// Builds the pages and the server when their sources have changed since the last build.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { run } from "./processes.mjs";
import { complain, Refusal, step } from "./terminal.mjs";
import { buildViewer, VIEWER } from "./viewer.mjs";

/** Whatever a build reads: files, and folders with all that is in them. */
const SOURCES = [
  "app",
  "db",
  "lib",
  "public",
  "scripts/viewer.mjs",
  "worker-sdk/src",
  "instrumentation.ts",
  "next.config.js",
  "package-lock.json",
  "postcss.config.mjs",
  "server.ts",
  "tsconfig.json",
];

/** The server as one file: loading a thousand small ones would take most of a start. */
export const SERVER = "dist/server.mjs";

/** Stay in node_modules: they load files of their own, or are shared with what Next.js loads. */
const EXTERNAL = ["graphile-worker", "next", "pg", "pg-native", "pino"];

/** What packages that are not ES modules ask for by `require`. */
const REQUIRE = `import { createRequire as requireFrom } from "node:module"; const require = requireFrom(import.meta.url);`;

/**
 * @param {string} root
 * @param {(facts: { command: number }) => void} [note] told of the process that does it
 * @throws {Refusal} when a build fails, with its output
 */
export async function ensureBuilt(root, note = () => {}) {
  const stampFile = join(root, "dist", ".sources");
  const stamp = fingerprint(root);
  const built = existsSync(stampFile) && readFileSync(stampFile, "utf8") === stamp;
  if (built && [SERVER, VIEWER, join(".next", "BUILD_ID")].every((file) => existsSync(join(root, file)))) return;
  await step("build", async () => {
    rmSync(stampFile, { force: true });
    mkdirSync(join(root, "dist"), { recursive: true });
    await Promise.all([buildBundles(root), buildPages(root, note)]);
    writeFileSync(stampFile, stamp);
    return { done: "pages, server and viewer" };
  });
}

/** @param {string} root */
async function buildBundles(root) {
  try {
    await buildViewer(root);
  } catch (error) {
    throw new Refusal(`the viewer of portable files does not build: ${/** @type {Error} */ (error).message}`);
  }
  await buildServer(root);
}

/** @param {string} root */
export async function buildServer(root) {
  const { build, stop } = await import("esbuild");
  try {
    await build(serverBundle(root));
  } catch (error) {
    throw new Refusal(`the server does not build: ${/** @type {Error} */ (error).message}`);
  } finally {
    // Its helper process would live as long as this one.
    await stop();
  }
}

/**
 * @param {string} root
 * @returns {import("esbuild").BuildOptions}
 */
export function serverBundle(root) {
  return {
    absWorkingDir: root,
    entryPoints: ["server.ts"],
    outfile: SERVER,
    bundle: true,
    external: EXTERNAL,
    banner: { js: REQUIRE },
    platform: "node",
    format: "esm",
    target: "node20",
    sourcemap: true,
    // Both are read at each start: stack traces need positions only, and Node needs no white space.
    sourcesContent: false,
    minifyWhitespace: true,
    minifySyntax: true,
    logLevel: "silent",
  };
}

/**
 * @param {string} root
 * @param {(facts: { command: number }) => void} note
 */
async function buildPages(root, note) {
  const next = join(root, "node_modules", "next", "dist", "bin", "next");
  const env = /** @type {NodeJS.ProcessEnv} */ ({
    ...process.env,
    NODE_ENV: "production",
    NEXT_TELEMETRY_DISABLED: "1",
  });
  const { code, output } = await run(process.execPath, [next, "build"], {
    cwd: root,
    env,
    started: (command) => note({ command }),
  });
  if (code !== 0) throw new Refusal(`next build failed:\n${output.trim()}`);
}

/**
 * By content, so that a touched file or another checkout of the same commit builds nothing.
 * @param {string} root
 */
function fingerprint(root) {
  const hash = createHash("sha256").update(process.version);
  for (const file of SOURCES.flatMap((source) => filesOf(root, source))) {
    hash.update(`\0${file}\0`).update(readFileSync(join(root, file)));
  }
  return hash.digest("hex");
}

/**
 * @param {string} root
 * @param {string} source
 * @returns {string[]}
 */
function filesOf(root, source) {
  const path = join(root, source);
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [source];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort();
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  try {
    await ensureBuilt(dirname(dirname(fileURLToPath(import.meta.url))));
  } catch (error) {
    complain(error);
    process.exitCode = 1;
  }
}
