/** Brings a database up to this build: our tables, graphile-worker's, and the partitions that are soon needed. */
import { fileURLToPath } from "node:url";
import { drizzle } from "drizzle-orm/node-postgres";
import { migrate as applyMigrations } from "drizzle-orm/node-postgres/migrator";
import { runMigrations } from "graphile-worker";
import pg from "pg";

/** Any number: it only has to be the same in every process that may migrate at once. */
const MIGRATION_LOCK = 7_310_585_140_002n;

export interface MigrateOptions {
  connectionString: string;
  /** Default: `db/migrations` beside this file's project. */
  migrationsFolder?: string;
}

/** Safe to call from several processes at once: one migrates, the others wait and find nothing to do. */
export async function migrate({ connectionString, migrationsFolder = defaultFolder() }: MigrateOptions): Promise<void> {
  const client = new pg.Client({ connectionString, application_name: "cerebelum migrate" });
  await client.connect();
  try {
    await client.query("select pg_advisory_lock($1)", [MIGRATION_LOCK]);
    await applyMigrations(drizzle(client), { migrationsFolder });
    await runMigrations({ connectionString });
    await client.query("select ensure_event_partitions(now(), 4)");
    await client.query("insert into namespaces (name) values ('default') on conflict do nothing");
  } finally {
    await client.end();
  }
}

function defaultFolder(): string {
  return fileURLToPath(new URL("./migrations", import.meta.url));
}
