// Servers of this build and of releases that were kept, each as one file that needs nothing beside it.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { bundleRelease } from "../../scripts/bundle-release.mjs";
import { fileOf, keptVersions } from "../upgrade/kept-versions";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

export interface Releases {
  /** The script of this build. */
  present: string;
  /** The script of the release that was made last. */
  last: string;
  /** Scripts by version, the oldest first. */
  kept: Map<string, string>;
  remove(): void;
}

/** Unpacked into a folder of its own, for test files run at the same time. */
export async function openReleases(): Promise<Releases> {
  const folder = mkdtempSync(join(tmpdir(), "cerebelum-releases-"));
  const versions = keptVersions();
  const script = (name: string, text: Uint8Array) => {
    const path = join(folder, `${name}.mjs`);
    writeFileSync(path, text);
    return path;
  };
  const kept = new Map(
    versions.map((version) => [version, script(version, gunzipSync(readFileSync(fileOf(version))))]),
  );
  const last = kept.get(versions.at(-1) ?? "");
  if (last === undefined) throw new Error("no release was kept");
  const present = script("present", await bundleRelease(ROOT));
  return { present, last, kept, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
