/** A read as data: its name, text and values, so that it is prepared once a connection, and a test can look at its plan. */
import type { QueryResultRow } from "pg";
import type { Queryable } from "@/db/client";

/** `Row` is what each row looks like; the columns of the text decide it. */
export interface Query<Row extends QueryResultRow> {
  /** Absent where the text depends on what is asked: such a text is planned anew each time. */
  name?: string;
  text: string;
  values: unknown[];
  /** Never set: carries the type. */
  row?: Row;
}

export async function allRows<Row extends QueryResultRow>(database: Queryable, query: Query<Row>): Promise<Row[]> {
  return (await database.query<Row>(query)).rows;
}

export async function firstRow<Row extends QueryResultRow>(
  database: Queryable,
  query: Query<Row>,
): Promise<Row | null> {
  return (await database.query<Row>(query)).rows[0] ?? null;
}
