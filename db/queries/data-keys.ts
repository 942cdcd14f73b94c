/** Data keys as they are stored: each wrapped with a key of the environment. */
import type { Query } from "@/db/queries/query";

export interface DataKeyRow {
  id: number;
  namespaceId: number;
  wrappedBy: string;
  wrapped: Buffer;
  createdAt: Date;
}

const COLUMNS = `id, namespace_id as "namespaceId", wrapped_by as "wrappedBy", wrapped, created_at as "createdAt"`;

/** The key that new payloads of a namespace get; none where it has none yet, or the last was retired. */
export function currentDataKey(namespaceId: number): Query<DataKeyRow> {
  return {
    name: "current-data-key",
    text: `select ${COLUMNS} from data_keys where namespace_id = $1 and retired_at is null order by id desc limit 1`,
    values: [namespaceId],
  };
}

export function dataKeysById(ids: readonly number[]): Query<DataKeyRow> {
  return {
    name: "data-keys-by-id",
    text: `select ${COLUMNS} from data_keys where id = any($1::int[])`,
    values: [ids],
  };
}

/** Those that are not wrapped with that key of the environment, in order. */
export function dataKeysWrappedOtherwise(wrappedBy: string, after: number, limit: number): Query<DataKeyRow> {
  return {
    name: "data-keys-wrapped-otherwise",
    text: `select ${COLUMNS} from data_keys where wrapped_by <> $1 and id > $2 order by id limit $3`,
    values: [wrappedBy, after, limit],
  };
}

/** By which keys of the environment data keys are wrapped. */
export function wrappingKeys(): Query<{ wrappedBy: string }> {
  return {
    name: "wrapping-keys",
    text: `select distinct wrapped_by as "wrappedBy" from data_keys order by 1`,
    values: [],
  };
}
