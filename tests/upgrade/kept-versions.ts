// The releases that were kept, the oldest first.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const FOLDER = fileURLToPath(new URL("releases", import.meta.url));

export function keptVersions(): string[] {
  return readdirSync(FOLDER)
    .map((name) => name.replace(/\.mjs\.gz$/, ""))
    .sort((a, b) => a.localeCompare(b, undefined, { numeric: true }));
}

export function fileOf(version: string): string {
  return join(FOLDER, `${version}.mjs.gz`);
}
