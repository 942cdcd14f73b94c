// @ts-check
// The lock file holds every package that the packages in it name, those for other platforms included: npm drops without a
// word what its registry lacks, and then `npm ci` fails for everyone.
import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { pathToFileURL } from "node:url";

/** @typedef {Record<string, Record<string, any>>} Packages the member `packages` of a package-lock.json */

/**
 * @param {Packages} packages
 * @returns {string[]} one line for each package that is named and absent, or that names a host
 */
export function findGaps(packages) {
  return Object.entries(packages).flatMap(([path, entry]) => [
    ...Object.entries({ ...entry.dependencies, ...entry.optionalDependencies })
      .filter(([name, range]) => !has(packages, path, name, range))
      .map(([name, range]) => `${path || "the project"} needs ${name} ${range}, which the lock lacks`),
    ...(entry.extraneous ? [`${path} belongs to nothing`] : []),
    ...(/^https?:/.test(entry.resolved ?? "") ? [`${path} names the host that it was fetched from`] : []),
  ]);
}

/**
 * Looks as Node does: beside the package that asks, then in every folder above. Ranges are npm's business; platform packages
 * are named by exact version.
 * @param {Packages} packages
 * @param {string} from
 * @param {string} name
 * @param {string} range
 */
function has(packages, from, name, range) {
  for (let at = from || "."; ; at = dirname(at)) {
    const found = packages[at === "." ? `node_modules/${name}` : `${at}/node_modules/${name}`];
    if (found) return !/^\d+\.\d+\.\d+/.test(range) || found.version === range || found.link === true;
    if (at === ".") return false;
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const lock = JSON.parse(readFileSync(process.argv[2] ?? "package-lock.json", "utf8"));
  const gaps = findGaps(lock.packages);
  for (const gap of gaps) console.error(gap);
  process.exitCode = gaps.length === 0 ? 0 : 1;
}
