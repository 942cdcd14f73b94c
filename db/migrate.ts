/** Brings a database up to this build: our tables, graphile-worker's, and the partitions that are soon needed. */
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { drizzle } from "drizzle-orm/node-postgres";
import { migrate as applyMigrations } from "drizzle-orm/node-postgres/migrator";
import { runMigrations } from "graphile-worker";
import pg from "pg";

/** Any number: it only has to be the same in every process that may migrate at once. */
const MIGRATION_LOCK = 7_310_585_140_002n;
/**
 * A change of a table waits for whoever uses it, and everyone else waits behind the change: so it waits this long only, and
 * tries again later. Shorter than PostgreSQL's deadlock_timeout, so that of a migration and a flush the migration gives way.
 */
const LOCK_TIMEOUT_MS = 500;
/** Between two tries: whoever queued behind the last one has its turn. */
const PAUSE_MS = 1_000;
const TRIES = 120;
/** How often a process looks whether the one that migrates is done. */
const LOOK_EVERY_MS = 100;
/**
 * Indexes of tables that may be large, built before the migration that names them, which then finds them there: inside its
 * transaction a build would hold up every write for as long as it takes.
 */
const BUILT_BEFOREHAND = [
  {
    index: "executions_closed",
    table: "executions",
    definition: "using btree (namespace_id, status, closed_at) where closed_at is not null",
  },
  {
    index: "approvals_due",
    table: "approvals",
    definition: "using btree (namespace_id, expires_at, id) where status = 'pending'",
  },
];
/** SQLSTATEs of a lock that was not had in time, and of a deadlock. */
const IN_THE_WAY = new Set(["55P03", "40P01"]);

export interface MigrateOptions {
  connectionString: string;
  /** Default: `db/migrations` beside this file's project. */
  migrationsFolder?: string;
  /** Between two tries of a migration that found a table in use. */
  pause?: () => Promise<unknown>;
}

/**
 * Safe to call from several processes at once: one migrates, the others wait and find nothing to do. Safe beside processes
 * that serve: it holds them up for half a second at most at a time, and rejects after two minutes in which a transaction of
 * somebody's stood in its way.
 */
export async function migrate(options: MigrateOptions): Promise<void> {
  const { connectionString, migrationsFolder = defaultFolder(), pause = () => delay(PAUSE_MS) } = options;
  const client = new pg.Client({ connectionString, application_name: "cerebelum migrate" });
  await client.connect();
  try {
    await holdMigrationLock(client);
    await untilNothingIsInTheWay(() => buildIndexes(client), pause);
    await client.query(`set lock_timeout = ${LOCK_TIMEOUT_MS}`);
    // All that is new in one transaction: after a try that failed nothing has changed.
    await untilNothingIsInTheWay(() => applyMigrations(drizzle(client), { migrationsFolder }), pause);
    await runMigrations({ connectionString });
    await untilNothingIsInTheWay(() => client.query("select ensure_event_partitions(now(), 4)"), pause);
    await client.query("reset lock_timeout");
    await client.query("insert into namespaces (name) values ('default') on conflict do nothing");
  } finally {
    await client.end();
  }
}

/** Not waited for inside the database: a statement that waits there would itself be waited for by the build of an index. */
async function holdMigrationLock(client: pg.Client): Promise<void> {
  for (;;) {
    const { rows } = await client.query<{ held: boolean }>("select pg_try_advisory_lock($1) as held", [MIGRATION_LOCK]);
    if (rows[0]?.held) return;
    await delay(LOOK_EVERY_MS);
  }
}

async function buildIndexes(client: pg.Client): Promise<void> {
  for (const { index, table, definition } of BUILT_BEFOREHAND) {
    const { rows } = await client.query<{ isTable: boolean; isValid: boolean | null }>(
      `select to_regclass($1) is not null as "isTable",
         (select indisvalid from pg_index where indexrelid = to_regclass($2)) as "isValid"`,
      [table, index],
    );
    const [found] = rows;
    if (!found?.isTable || found.isValid === true) continue;
    // A build that was broken off leaves half of one.
    if (found.isValid === false) await client.query(`drop index concurrently if exists ${index}`);
    await client.query(`create index concurrently ${index} on ${table} ${definition}`);
  }
}

async function untilNothingIsInTheWay(work: () => Promise<unknown>, pause: () => Promise<unknown>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await work();
      return;
    } catch (error) {
      if (!IN_THE_WAY.has(sqlStateOf(error)) || tries === TRIES) throw error;
      await pause();
    }
  }
}

function sqlStateOf(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  return cause instanceof pg.DatabaseError ? (cause.code ?? "") : "";
}

function defaultFolder(): string {
  return fileURLToPath(new URL("./migrations", import.meta.url));
}
