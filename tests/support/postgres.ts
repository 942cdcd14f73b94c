// A database of its own for a test file: migrated, empty, and gone when dropped.
import { randomBytes } from "node:crypto";
import { Client } from "pg";
import { inject } from "vitest";

/** The migrated database that each test database is a copy of. Nothing may stay connected to it. */
export const TEMPLATE = "cerebelum_template";

export interface TestDatabase {
  connectionString: string;
  /** Ends every connection to it and removes it; ask for it in `afterAll`. */
  drop(): Promise<void>;
}

/** Takes about 50 ms. Make one in `beforeAll`; tests of one file share it and keep apart by their own ids. */
export async function createDatabase(): Promise<TestDatabase> {
  const cluster = inject("postgres");
  const name = `test_${randomBytes(6).toString("hex")}`;
  await query(cluster, `CREATE DATABASE ${name} TEMPLATE ${TEMPLATE}`);
  return {
    connectionString: at(cluster, name),
    drop: () => query(cluster, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

/** The same server and user, another database. */
export function at(connectionString: string, database: string): string {
  const url = new URL(connectionString);
  url.pathname = `/${database}`;
  return url.href;
}

async function query(connectionString: string, sql: string): Promise<void> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
