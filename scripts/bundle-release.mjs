// @ts-check
// Keeps a release for ever as one file that needs neither its checkout nor its packages: `node scripts/bundle-release.mjs
// <folder> <version>` writes tests/upgrade/releases/<version>.mjs.gz from a checkout with node_modules.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { serverBundle } from "./build.mjs";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * The text of tests/upgrade/release-server.ts with all of that checkout that it uses.
 * @param {string} tree absolute
 */
export async function bundleRelease(tree) {
  const { entryPoints: _, outfile: __, ...options } = serverBundle(tree);
  const contents = readFileSync(join(ROOT, "tests", "upgrade", "release-server.ts"), "utf8");
  const { outputFiles } = await build({
    ...options,
    stdin: { contents, loader: "ts", resolveDir: tree },
    // Nothing stays outside but what is asked for only where there is a configuration in TypeScript, or a native driver.
    external: ["pg-native", "typescript"],
    define: { MIGRATIONS: JSON.stringify(migrationsOf(join(tree, "db", "migrations"))) },
    minify: true,
    keepNames: true,
    // Node prints the whole line that an error comes from.
    lineLimit: 160,
    sourcemap: false,
    legalComments: "none",
    write: false,
  });
  return outputFiles[0]?.contents ?? new Uint8Array();
}

/** @param {string} folder */
function migrationsOf(folder) {
  const files = readdirSync(folder).filter((name) => name.endsWith(".sql"));
  const named = [...files, "meta/_journal.json"];
  return Object.fromEntries(named.map((name) => [name, readFileSync(join(folder, name), "utf8")]));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const [folder, version] = process.argv.slice(2);
  if (folder === undefined || !/^\d+\.\d+\.\d+$/.test(version ?? "")) {
    console.error("usage: node scripts/bundle-release.mjs <folder of the release> <version>");
    process.exit(2);
  }
  const packed = gzipSync(await bundleRelease(resolve(folder)), { level: 9 });
  const file = join(ROOT, "tests", "upgrade", "releases", `${version}.mjs.gz`);
  writeFileSync(file, packed);
  console.log(`${file}: ${Math.round(packed.length / 1024)} KiB`);
}
