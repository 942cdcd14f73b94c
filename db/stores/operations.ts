/** Operations: written with the job that works on them, and moved on page by page by whoever is at the page they stand at. */
import type { Queryable } from "../client";
import type { About } from "../payload-codec";
import { openRows, payloadsOf, type SealedColumns, sealJson } from "../sealed-payloads";

export interface NewOperation {
  id: bigint;
  namespaceId: number;
  action: string;
  /** JSON texts. */
  command: string;
  filter: string | null;
  /** Null where the filter selects; then they are counted first. */
  ids: readonly bigint[] | null;
  actor: string;
  idempotencyKey: string | null;
  /** In hex. */
  requestHash: string | null;
  createdAt: Date;
}

export interface OperationRow {
  id: bigint;
  namespaceId: number;
  action: string;
  command: string;
  /** Null: its ids select. */
  filter: string | null;
  actor: string;
  counted: boolean;
  countedTo: bigint | null;
  cursor: bigint | null;
  /** Claimed by somebody, and not noted as done. */
  page: bigint[] | null;
  errors: string;
}

/** What is done to each may carry a payload, and what was refused may repeat some of it. */
export const SEALED_OPERATION: SealedColumns<{ id: bigint; namespaceId: number; command: string; errors: string }> = {
  columns: ["command", "errors"],
  about: ({ id, namespaceId }, column) => aboutOperation(namespaceId, id, column),
};

export function aboutOperation(namespaceId: number, id: bigint, column: string): About {
  return { namespaceId, of: id, as: `operation ${column}` };
}

/** The job of one operation: one at a time, unless a lost one was made up for meanwhile. */
const JOB = (id: string) =>
  `graphile_worker.add_job('operation', json_build_object('operation', ${id}::text), job_key => 'operation:' || ${id})`;

/** Answers the operation that the idempotency key made before, or null where this one was inserted. */
export async function insertOperation(
  db: Queryable,
  operation: NewOperation,
): Promise<{ id: bigint; requestHash: string } | null> {
  const { id, namespaceId, command } = operation;
  const payloads = payloadsOf(db);
  await payloads.prepare([namespaceId]);
  const { rows } = await db.query<{ id: bigint }>({
    name: "insert-operation",
    text: `with inserted as (
             insert into operations (id, namespace_id, action, command, filter, ids, actor, idempotency_key, request_hash,
               created_at, counted, total)
             values ($1, $2, $3, $4, $5, $6, $7, $8, decode($9, 'hex'), $10, $6::bigint[] is not null,
               coalesce(cardinality($6::bigint[]), 0))
             on conflict do nothing returning id
           )
           select id, ${JOB("inserted.id")} from inserted`,
    values: [
      id,
      namespaceId,
      operation.action,
      sealJson(payloads, command, aboutOperation(namespaceId, id, "command")),
      operation.filter,
      operation.ids,
      operation.actor,
      operation.idempotencyKey,
      operation.requestHash,
      operation.createdAt,
    ],
  });
  if (rows.length > 0) return null;
  const before = await db.query<{ id: bigint; requestHash: string }>({
    name: "operation-by-idempotency-key",
    text: `select id, encode(request_hash, 'hex') as "requestHash" from operations
           where namespace_id = $1 and idempotency_key = $2`,
    values: [operation.namespaceId, operation.idempotencyKey],
  });
  if (before.rows[0] === undefined) throw new Error("an operation vanished while it was asked for again");
  return before.rows[0];
}

/** Null once it is finished. */
export async function unfinishedOperation(db: Queryable, id: bigint): Promise<OperationRow | null> {
  const { rows } = await db.query<Omit<OperationRow, "page"> & { page: string[] | null }>({
    name: "unfinished-operation",
    text: `select id, namespace_id as "namespaceId", action, command, filter, actor, counted, counted_to as "countedTo",
             cursor, page::text[] as page, errors
           from operations where id = $1 and finished_at is null`,
    values: [id],
  });
  const [row] = await openRows(db, rows, SEALED_OPERATION);
  return row === undefined ? null : { ...row, page: row.page?.map(BigInt) ?? null };
}

/** The next of the ids that an operation names, newest first. */
export async function nextIds(db: Queryable, id: bigint, before: bigint | null, limit: number): Promise<bigint[]> {
  const { rows } = await db.query<{ id: bigint }>({
    name: "next-ids-of-operation",
    text: `select named.id from operations o cross join unnest(o.ids) as named(id)
           where o.id = $1 and ($2::bigint is null or named.id < $2) order by named.id desc limit $3`,
    values: [id, before, limit],
  });
  return rows.map((row) => row.id);
}

/** Notes a page that was counted. Does nothing where somebody else did it meanwhile. */
export async function noteCounted(
  db: Queryable,
  { id, countedTo }: OperationRow,
  page: { found: number; last: bigint | null; all: boolean },
): Promise<void> {
  await db.query({
    name: "note-counted",
    text: `with moved as (
             update operations set total = total + $3, counted_to = coalesce($4::bigint, counted_to), counted = $5
             where id = $1 and not counted and counted_to is not distinct from $2 returning id
           )
           select ${JOB("moved.id")} from moved`,
    values: [id, countedTo, page.found, page.last, page.all],
  });
}

/** Writes down what is to be dealt with next. False where somebody else has done that meanwhile. */
export async function claimPage(
  db: Queryable,
  { id, cursor }: OperationRow,
  page: readonly bigint[],
): Promise<boolean> {
  const { rowCount } = await db.query({
    name: "claim-page",
    text: `update operations set page = $3
           where id = $1 and cursor is not distinct from $2 and page is null and finished_at is null`,
    values: [id, cursor, page],
  });
  return rowCount === 1;
}

/** Notes a page that was dealt with. Does nothing where somebody else did it meanwhile. */
export async function noteDone(
  db: Queryable,
  { id, namespaceId, cursor }: OperationRow,
  page: { last: bigint | null; done: number; failed: number; errors: string; finishedAt: Date | null },
): Promise<void> {
  const payloads = payloadsOf(db);
  await payloads.prepare([namespaceId]);
  const errors = sealJson(payloads, page.errors, aboutOperation(namespaceId, id, "errors"));
  await db.query({
    name: "note-done",
    text: `with moved as (
             update operations set cursor = coalesce($3::bigint, cursor), page = null, done = done + $4, failed = failed + $5, errors = $6,
               finished_at = $7,
               -- Some that were counted may have changed before their turn came.
               total = case when $7::timestamptz is null then total else done + $4 + failed + $5 end
             where id = $1 and cursor is not distinct from $2 and finished_at is null returning id
           )
           select ${JOB("moved.id")} from moved where $7::timestamptz is null`,
    values: [id, cursor, page.last, page.done, page.failed, errors, page.finishedAt],
  });
}

/** Adds the jobs that should exist and do not: of operations whose job is spent or was lost with its process. */
export async function addLostOperationJobs(db: Queryable): Promise<void> {
  await db.query(
    `select ${JOB("o.id")} from operations o
     where o.finished_at is null and not exists (
       select from graphile_worker.jobs j where j.key = 'operation:' || o.id and j.attempts < j.max_attempts
         and (j.locked_at is null or j.locked_at > now() - interval '10 minutes')
     )`,
  );
}

/** What was done is in the histories; that it was one operation is kept for a month. */
export async function forgetOperations(db: Queryable): Promise<void> {
  await db.query("delete from operations where finished_at < now() - interval '30 days'");
}
