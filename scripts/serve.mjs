// @ts-check
// Runs a build that is there, and nothing else: for a container or a service manager, which see to its life and its database.
// The server takes the place of this process, so signals reach it and its exit code is this one's.
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const server = join(root, "dist", "server.mjs");
if (!existsSync(server) || !existsSync(join(root, ".next", "BUILD_ID"))) {
  process.stderr.write("\n  There is no build here: npm ci && npm run build\n\n");
  process.exit(1);
}
Object.assign(process.env, { NODE_ENV: process.env.NODE_ENV || "production" });
// It finds its pages and its migrations there.
process.chdir(root);
await import(pathToFileURL(server).href);
