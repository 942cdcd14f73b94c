/** What time the database has. */
import type { Queryable } from "../client";

/** Epoch milliseconds, at the moment the statement runs and not at its transaction's begin. */
export async function databaseTime(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ ms: number }>(
    "select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms",
  );
  const [row] = rows;
  if (row === undefined) throw new Error("the database told no time");
  return row.ms;
}
