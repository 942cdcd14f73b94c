/**
 * A server without pages whose release can be kept as one file: its migrations are in it. scripts/bundle-release.mjs makes
 * the file. Settings as for any server; the parent is told `{ ready: true }`, and its end is this process's end.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { migrate } from "@/db/migrate";
import { readConfig } from "@/lib/config";
import { openInstance } from "@/lib/http/instance";
import { createNodeServer } from "@/lib/http/node-server";
import { openLog } from "@/lib/log";

/** Put in by the bundler: the texts of `db/migrations`, by their path in it. */
declare const MIGRATIONS: Record<string, string>;

const config = readConfig(process.env);
const folder = mkdtempSync(join(tmpdir(), "cerebelum-release-"));
for (const [path, text] of Object.entries(MIGRATIONS)) {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}
await migrate({ connectionString: config.databaseUrl, migrationsFolder: folder });
rmSync(folder, { recursive: true });
const { instance } = await openInstance(config, openLog(config.logLevel));
const stopping = new AbortController();
const server = createNodeServer(instance, null, stopping.signal);
server.listen(config.port, config.host, () => process.send?.({ ready: true }));
process.once("SIGTERM", async () => {
  stopping.abort();
  await new Promise((resolve) => server.close(resolve));
  // 0.1.0 had nothing else to close.
  await (instance.close?.() ?? instance.services.close());
  process.exit(0);
});
process.once("disconnect", () => process.kill(process.pid, "SIGKILL"));
