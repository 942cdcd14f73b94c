/** What PostgreSQL did between two looks: write transactions, rows, WAL. */
import type pg from "pg";

export interface DatabaseCounts {
  /** Transactions that wrote: each takes one transaction id. */
  writeTransactions: number;
  rowsInserted: number;
  rowsUpdated: number;
  rowsDeleted: number;
  walBytes: number;
}

const KEYS = ["writeTransactions", "rowsInserted", "rowsUpdated", "rowsDeleted", "walBytes"] as const;

export async function databaseCounts(pool: pg.Pool): Promise<DatabaseCounts> {
  const client = await pool.connect();
  try {
    await client.query("select pg_stat_force_next_flush()");
    const { rows } = await client.query<Record<(typeof KEYS)[number], string>>(`
      select pg_snapshot_xmax(pg_current_snapshot())::text as "writeTransactions",
        pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::text as "walBytes",
        sum(n_tup_ins)::text as "rowsInserted", sum(n_tup_upd)::text as "rowsUpdated", sum(n_tup_del)::text as "rowsDeleted"
      from pg_stat_user_tables`);
    const [row] = rows;
    if (row === undefined) throw new Error("no statistics");
    return Object.fromEntries(KEYS.map((key) => [key, Number(row[key])])) as unknown as DatabaseCounts;
  } finally {
    client.release();
  }
}

export function difference(after: DatabaseCounts, before: DatabaseCounts): DatabaseCounts {
  return Object.fromEntries(KEYS.map((key) => [key, after[key] - before[key]])) as unknown as DatabaseCounts;
}
