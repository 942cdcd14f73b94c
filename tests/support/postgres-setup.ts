// One PostgreSQL for the whole run, with a template that was migrated once; both are gone when the run ends.
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import type { TestProject } from "vitest/node";
import { migrate } from "@/db/migrate";
import { startPostgres } from "../../scripts/postgres.mjs";
import { buildViewer } from "../../scripts/viewer.mjs";
import { at, TEMPLATE } from "./postgres";

declare module "vitest" {
  interface ProvidedContext {
    /** Connection string of the cluster's own database, from which others are made. */
    postgres: string;
  }
}

/** Only a power cut could lose what is not forced to the disk, and no test here cuts it: processes that die lose nothing. */
const SETTINGS = ["max_connections=300", "fsync=off", "full_page_writes=off"];

export default async function setup(project: TestProject) {
  // The servers under test answer with it, as any that was built does.
  await buildViewer(process.cwd());
  const folder = mkdtempSync(join(tmpdir(), "cerebelum-tests-"));
  // PostgreSQL may run as another user than the tests.
  chmodSync(folder, 0o755);
  const postgres = await startPostgres({ dataDir: join(folder, "data"), settings: SETTINGS });
  await createTemplate(postgres.connectionString);
  project.provide("postgres", postgres.connectionString);
  return async () => {
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  };
}

async function createTemplate(connectionString: string) {
  const client = new Client({ connectionString });
  await client.connect();
  await client.query(`CREATE DATABASE ${TEMPLATE}`);
  await client.end();
  await migrate({ connectionString: at(connectionString, TEMPLATE) });
}
