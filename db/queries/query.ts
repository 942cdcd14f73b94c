/** A read as data: its name, text and values, so that it is prepared once a connection, and a test can look at its plan. */
import type { QueryResultRow } from "pg";
import type { Queryable } from "@/db/client";
import { openRows, type SealedColumns } from "@/db/sealed-payloads";

/** `Row` is what each row looks like; the columns of the text decide it. */
export interface Query<Row extends QueryResultRow> {
  /** Absent where the text depends on what is asked: such a text is planned anew each time. */
  name?: string;
  text: string;
  values: unknown[];
  /** The payloads among its columns. */
  sealed?: SealedColumns<Row>;
  /** Never set: carries the type. */
  row?: Row;
}

export async function allRows<Row extends QueryResultRow>(
  database: Queryable,
  { sealed, ...query }: Query<Row>,
): Promise<Row[]> {
  const { rows } = await database.query<Row>(query);
  return sealed === undefined ? rows : openRows(database, rows, sealed);
}

export async function firstRow<Row extends QueryResultRow>(
  database: Queryable,
  query: Query<Row>,
): Promise<Row | null> {
  return (await allRows(database, query))[0] ?? null;
}
