/**
 * Operations: one action on many executions, and how far it is. A graphile job takes it page by page, newest execution
 * first; the row is the truth, so that it goes on where it was after any death.
 *
 *   counting: `countedTo` goes down, `total` goes up --> acting: `cursor` goes down, `done` and `failed` go up --> finished
 */
import { sql } from "drizzle-orm";
import { bigint, boolean, index, integer, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";
import { bytes, instant, key } from "./columns";

export const operations = pgTable(
  "operations",
  {
    id: key("id").primaryKey(),
    namespaceId: integer("namespace_id").notNull(),
    action: text("action").notNull(),
    /** What is done to each, as JSON text; without the selection. */
    command: text("command").notNull(),
    /** JSON text of the filter that selects; null where `ids` do. */
    filter: text("filter"),
    ids: bigint("ids", { mode: "bigint" }).array(),
    actor: text("actor").notNull(),
    idempotencyKey: text("idempotency_key"),
    /** SHA-256 of the request, kept where the same one may come again. */
    requestHash: bytes("request_hash"),
    createdAt: instant("created_at").notNull(),
    counted: boolean("counted").notNull(),
    /** Executions from this one on are counted; null before the first page. */
    countedTo: key("counted_to"),
    total: integer("total").notNull(),
    /** Executions from this one on are dealt with; null before the first page. */
    cursor: key("cursor"),
    /** What comes next, written down before it is dealt with: some of it may no longer match the filter once it was. */
    page: bigint("page", { mode: "bigint" }).array(),
    done: integer("done").notNull().default(0),
    failed: integer("failed").notNull().default(0),
    /** JSON text of the first refusals. */
    errors: text("errors").notNull().default("[]"),
    finishedAt: instant("finished_at"),
  },
  (t) => [
    uniqueIndex("operations_idempotency_key")
      .on(t.namespaceId, t.idempotencyKey)
      .where(sql`${t.idempotencyKey} is not null`),
    index("operations_unfinished").on(t.id).where(sql`${t.finishedAt} is null`),
    index("operations_finished").on(t.finishedAt).where(sql`${t.finishedAt} is not null`),
  ],
);
