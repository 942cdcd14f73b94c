// @ts-check
// Keeps a release for ever as one file that needs neither its checkout nor its packages: `node scripts/bundle-release.mjs
// <folder> <version>` writes tests/upgrade/releases/<version>.mjs.gz from a checkout with node_modules.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { serverBundle } from "./build.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [folder, version] = process.argv.slice(2);
if (folder === undefined || !/^\d+\.\d+\.\d+$/.test(version ?? "")) {
  console.error("usage: node scripts/bundle-release.mjs <folder of the release> <version>");
  process.exit(2);
}
const tree = resolve(folder);
const { entryPoints: _, outfile: __, ...options } = serverBundle(tree);
const { outputFiles } = await build({
  ...options,
  stdin: {
    contents: readFileSync(join(root, "tests/upgrade/release-server.ts"), "utf8"),
    loader: "ts",
    resolveDir: tree,
  },
  // Nothing stays outside but what is asked for only where there is a configuration in TypeScript, or a native driver.
  external: ["pg-native", "typescript"],
  define: { MIGRATIONS: JSON.stringify(migrationsOf(join(tree, "db", "migrations"))) },
  minify: true,
  keepNames: true,
  sourcemap: false,
  legalComments: "none",
  write: false,
});
const packed = gzipSync(outputFiles[0]?.contents ?? "", { level: 9 });
const file = join(root, "tests", "upgrade", "releases", `${version}.mjs.gz`);
writeFileSync(file, packed);
console.log(`${file}: ${Math.round(packed.length / 1024)} KiB`);

/** @param {string} folder */
function migrationsOf(folder) {
  const files = readdirSync(folder).filter((name) => name.endsWith(".sql"));
  const named = [...files, "meta/_journal.json"];
  return Object.fromEntries(named.map((name) => [name, readFileSync(join(folder, name), "utf8")]));
}
