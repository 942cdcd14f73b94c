/** Making, retiring and re-wrapping data keys. */
import type { DataKeyRow } from "@/db/queries/data-keys";
import type { Queryable } from "../client";

export interface NewDataKey {
  namespaceId: number;
  wrappedBy: string;
  wrapped: Buffer;
  createdAt: Date;
}

/**
 * Makes the namespace's key unless somebody else has made it meanwhile; answers the one that counts. One made before
 * `notBefore` is retired: what is sealed with it stays readable.
 */
export async function ensureDataKey(db: Queryable, key: NewDataKey, notBefore: Date): Promise<DataKeyRow> {
  const { rows } = await db.query<DataKeyRow>({
    name: "ensure-data-key",
    text: `select id, namespace_id as "namespaceId", wrapped_by as "wrappedBy", wrapped, created_at as "createdAt"
           from ensure_data_key($1, $2, $3, $4, $5)`,
    values: [key.namespaceId, key.wrappedBy, key.wrapped, key.createdAt, notBefore],
  });
  const [row] = rows;
  if (row === undefined) throw new Error("ensure_data_key answered no row");
  return row;
}

/** False where somebody else has re-wrapped it meanwhile. */
export async function rewrapDataKey(
  db: Queryable,
  { id, wrappedBy }: Pick<DataKeyRow, "id" | "wrappedBy">,
  to: { wrappedBy: string; wrapped: Buffer },
): Promise<boolean> {
  const { rowCount } = await db.query({
    name: "rewrap-data-key",
    text: "update data_keys set wrapped_by = $3, wrapped = $4 where id = $1 and wrapped_by = $2",
    values: [id, wrappedBy, to.wrappedBy, to.wrapped],
  });
  return rowCount === 1;
}
