/** Pages of lists: `{ items, nextCursor }`, where the cursor is opaque to clients and names the last item shown. */
import { z } from "zod";
import { isStorableText } from "@/lib/contract/json";
import { PAGE_LIMIT_DEFAULT, PAGE_LIMIT_MAX } from "@/lib/contract/limits";

export interface Page<T> {
  items: T[];
  /** Null at the end. */
  nextCursor: string | null;
}

export const EMPTY_PAGE: Page<never> = { items: [], nextCursor: null };

export function pageSchema<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}

/** How counts stand in a query. */
export const COUNT_PATTERN = /^[0-9]{1,9}$/;

/** A larger limit is capped, not refused. */
export const limitSchema = z
  .string()
  .regex(COUNT_PATTERN, "must be a whole number")
  .transform(Number)
  .refine((limit) => limit >= 1, "must be at least 1")
  .transform((limit) => Math.min(limit, PAGE_LIMIT_MAX))
  .optional()
  .transform((limit) => limit ?? PAGE_LIMIT_DEFAULT)
  .describe(`Default ${PAGE_LIMIT_DEFAULT}, at most ${PAGE_LIMIT_MAX}`);

/** A sequence of a history, or another count from 0 on. */
export const countSchema = z.string().regex(COUNT_PATTERN, "must be a whole number").transform(Number);

/** The cursor of a list ordered by keys; `nextCursor` of an earlier page is the only source of it. */
export const keyCursorSchema = z
  .string()
  .max(100)
  .transform((text, context) => {
    const decoded = Buffer.from(text, "base64url").toString();
    if (/^[0-9]{1,19}$/.test(decoded) && BigInt(decoded) < 1n << 63n) return BigInt(decoded);
    context.addIssue({ code: "custom", message: "is not a cursor of this list" });
    return z.NEVER;
  });

export function keyCursor(key: bigint): string {
  return Buffer.from(String(key)).toString("base64url");
}

/** The cursor of a list ordered by names. */
export const nameCursorSchema = z
  .string()
  .max(400)
  .transform((text) => Buffer.from(text, "base64url").toString())
  .refine(isStorableText, "is not a cursor of this list");

export function nameCursor(name: string): string {
  return Buffer.from(name).toString("base64url");
}

/** Rows were asked for with one more than the page shows: that one says whether there is a next page. */
export function pageOf<Row, Item>(
  rows: readonly Row[],
  limit: number,
  show: (row: Row) => Item,
  cursor: (last: Row) => string,
): Page<Item> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { items: shown.map(show), nextCursor: rows.length > limit && last !== undefined ? cursor(last) : null };
}
