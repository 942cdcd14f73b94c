/** Connections to PostgreSQL: one pool for each purpose, so that a slow reader never holds up a flush. */
import { drizzle } from "drizzle-orm/node-postgres";
import pg from "pg";
import type { PayloadCodec } from "./payload-codec";

// Keys are 63-bit: as numbers they would be rounded. Instants stay Dates.
pg.types.setTypeParser(pg.types.builtins.INT8, (text) => BigInt(text));

export interface Pool extends pg.Pool, HasPayloads {}
export interface PoolClient extends pg.PoolClient, HasPayloads {}

interface HasPayloads {
  /** How payloads are stored here; absent: as they are. */
  payloads?: PayloadCodec;
}

/** What a statement can be run on: a pool, or the client of a transaction. */
export interface Queryable extends HasPayloads {
  query<Row extends pg.QueryResultRow>(
    config: pg.QueryConfig | string,
    values?: unknown[],
  ): Promise<pg.QueryResult<Row>>;
}

/** A pool whose connections may break (a restarted database), idle or in use, without taking the process along. */
export function openPool(
  connectionString: string,
  options: { max: number; name: string; types?: pg.CustomTypesConfig },
): Pool {
  const pool = new pg.Pool({
    connectionString,
    max: options.max,
    types: options.types,
    application_name: `cerebelum ${options.name}`,
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
  });
  pool.on("error", () => {});
  // Whoever has it in use learns of it from the statement that failed.
  pool.on("connect", (client) => client.on("error", () => {}));
  return pool;
}

/** From then on payloads are written and read through the codec, on the pool and on each of its clients. */
export function setPayloads(pool: Pool, payloads: PayloadCodec): void {
  pool.payloads = payloads;
  pool.on("connect", (client: PoolClient) => {
    client.payloads = payloads;
  });
}

/** The drizzle face of a pool, for reads that are not on the hot path. */
export function openDrizzle(pool: Pool) {
  return drizzle(pool);
}
