/** Puts large values back where a page shows them, as far as the page may grow. */

import type { Queryable } from "@/db/client";
import { valuesByHash } from "@/db/queries/events";
import { allRows } from "@/db/queries/query";
import type { ValueRef } from "@/lib/contract/history";
import type { JsonValue } from "@/lib/contract/json";
import type { Held } from "@/lib/core/execution/state";

/** Of large values in one page; what is beyond is named by its hash, and can be fetched alone. */
const PAGE_BYTES = 4 * 1024 * 1024;

export interface LargeValues {
  /** The value, or the reference that must stand for it. */
  show(held: Held | null): { json: JsonValue; ref?: ValueRef };
}

/** @param wanted in order of importance; loaded with one query, however many there are */
export async function loadLargeValues(
  reads: Queryable,
  executionId: bigint,
  wanted: readonly (Held | null)[],
): Promise<LargeValues> {
  const hashes = new Set<string>();
  let bytes = 0;
  for (const held of wanted) {
    if (held === null || !("ref" in held) || hashes.has(held.ref.hash)) continue;
    if (bytes + held.ref.bytes > PAGE_BYTES) continue;
    bytes += held.ref.bytes;
    hashes.add(held.ref.hash);
  }
  const rows = hashes.size === 0 ? [] : await allRows(reads, valuesByHash(executionId, [...hashes]));
  const loaded = new Map(rows.map((row) => [row.hash, JSON.parse(row.body) as JsonValue]));
  return {
    show(held) {
      if (held === null) return { json: null };
      if ("json" in held) return { json: held.json };
      const json = loaded.get(held.ref.hash);
      return json === undefined ? { json: null, ref: held.ref } : { json };
    },
  };
}

/** @returns JSON text as it is stored, or null */
export async function readValue(reads: Queryable, executionId: bigint, hash: string): Promise<string | null> {
  if (!/^[0-9a-f]{64}$/.test(hash)) return null;
  const [row] = await allRows(reads, valuesByHash(executionId, [hash]));
  return row?.body ?? null;
}
