/** JSON put together by hand, for keys are wider than JavaScript's numbers. */
import { decodeId, type IdKind } from "@/lib/contract/ids";
import { toInstant } from "@/lib/core/time";

export const text = (value: string | null | undefined) => (value == null ? "null" : JSON.stringify(value));

/** Of epoch milliseconds. */
export const instant = (ms: number | null | undefined) => (ms == null ? "null" : `"${toInstant(ms)}"`);

/** Null where there is no row. */
export const array = (rows: readonly string[]) => (rows.length === 0 ? null : `[${rows.join(",")}]`);

/** Throws where it is no id of that kind: the core never makes one. */
export function keyOf(kind: IdKind, id: string): bigint {
  const key = decodeId(kind, id);
  if (key === null) throw new Error(`not the id of a ${kind}: ${id}`);
  return key;
}
