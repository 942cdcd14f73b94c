/**
 * A namespace as a stream of lines, one JSON object each, in bounded memory: never more than a page of rows, and one large
 * value. It is no snapshot: an execution is told as far as its row was when it was read. The last line counts the others, so
 * that one that was cut off is noticed.
 */
import type { Queryable } from "@/db/client";
import { valuesByHash } from "@/db/queries/events";
import {
  alertDestinationsAfter,
  type ExportedExecutionRow,
  executionsAfter,
  queueLimitsAfter,
  signaturesOf,
  valueHashesAfter,
  versionsAfter,
} from "@/db/queries/namespace-export";
import { allRows, firstRow } from "@/db/queries/query";
import { workflowVersion } from "@/db/queries/workflows";
import { encodeId } from "@/lib/contract/ids";
import type { NamespaceSettings } from "@/lib/contract/namespace-settings";
import { listApiKeys } from "@/lib/views/api-keys";
import { listApprovals } from "@/lib/views/approvals";
import { listDeadLetters } from "@/lib/views/dead-letters";
import { listEvents } from "@/lib/views/events";
import { summaryOf } from "@/lib/views/execution-list";
import { listLogs, logCursorSchema } from "@/lib/views/logs";
import { keyCursorSchema, type Page } from "@/lib/views/page";
import { queueLimitsOf } from "@/lib/views/queue-limits";
import { listSchedules } from "@/lib/views/schedules";

/** Grows when a reader of the format before could not read it any more. */
export const EXPORT_FORMAT = 1;

export interface ExportedNamespace {
  id: number;
  name: string;
  settings: NamespaceSettings;
  /** Epoch milliseconds. */
  now: number;
}

/** A line before it is one. `type` comes first. */
type Line = { type: string } & Record<string, unknown>;

const PAGE = 100;

/** Ends early, and without its last line, once the signal is aborted. */
export async function* exportNamespace(
  db: Queryable,
  { id, name, settings, now }: ExportedNamespace,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const counts: Record<string, number> = {};
  const parts = [
    [{ type: "export", format: EXPORT_FORMAT, namespace: name, at: new Date(now).toISOString() }],
    [{ type: "settings", ...settings }],
    versions(db, id),
    paged("schedule", (before, limit) => listSchedules(db, id, { before: before ?? null, limit })),
    queues(db, id),
    paged("apiKey", (before, limit) => listApiKeys(db, id, { before: before ?? null, limit })),
    destinations(db, id),
    executions(db, id),
    paged("approval", (cursor, limit) => listApprovals(db, id, { cursor, limit }, { decider: null })),
    paged("deadLetter", (cursor, limit) => listDeadLetters(db, id, { cursor, limit })),
  ];
  for (const part of parts) {
    for await (const line of part) {
      if (signal.aborted) return;
      counts[line.type] = (counts[line.type] ?? 0) + 1;
      yield text(line);
    }
  }
  yield text({ type: "end", counts });
}

function text(line: Line): string {
  return `${JSON.stringify(line)}\n`;
}

async function* paged<Item extends object>(
  type: string,
  list: (cursor: bigint | undefined, limit: number) => Promise<Page<Item>>,
): AsyncGenerator<Line> {
  let cursor: bigint | undefined;
  for (;;) {
    const { items, nextCursor } = await list(cursor, PAGE);
    for (const item of items) yield { type, ...item };
    if (nextCursor === null) return;
    cursor = keyCursorSchema.parse(nextCursor);
  }
}

async function* rowsInOrder<Row, Key>(
  first: Key,
  read: (after: Key) => Promise<Row[]>,
  keyOf: (row: Row) => Key,
): AsyncGenerator<Row> {
  let after = first;
  for (;;) {
    const rows = await read(after);
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined) return;
    after = keyOf(last);
  }
}

async function* versions(db: Queryable, namespaceId: number): AsyncGenerator<Line> {
  const rows = rowsInOrder(
    { workflowId: 0, version: 0 },
    (after) => allRows(db, versionsAfter(namespaceId, after, PAGE)),
    ({ workflow_id: workflowId, version }) => ({ workflowId, version }),
  );
  for await (const { name, version, latest_version, archived_at } of rows) {
    // One definition at a time: they may be as large as a request.
    const found = await firstRow(db, workflowVersion(namespaceId, name, version));
    if (found === null) continue;
    const { hash, definition, published_at, published_by } = found;
    const published = { hash, publishedAt: published_at.toISOString(), publishedBy: published_by };
    const workflow = { isLatest: version === latest_version, archivedAt: archived_at?.toISOString() ?? null };
    yield { type: "workflowVersion", name, version, ...workflow, ...published, definition: JSON.parse(definition) };
  }
}

async function* queues(db: Queryable, namespaceId: number): AsyncGenerator<Line> {
  const rows = rowsInOrder(
    "",
    (after) => allRows(db, queueLimitsAfter(namespaceId, after, PAGE)),
    ({ queue }) => queue,
  );
  for await (const { queue, ...limits } of rows) yield { type: "queueLimits", queue, ...queueLimitsOf(limits) };
}

async function* destinations(db: Queryable, namespaceId: number): AsyncGenerator<Line> {
  const rows = rowsInOrder(
    0n,
    (after) => allRows(db, alertDestinationsAfter(namespaceId, after, PAGE)),
    ({ id }) => id,
  );
  for await (const { name, kind, shown_target, events, enabled, created_at } of rows) {
    const target = shown_target;
    yield { type: "alertDestination", name, kind, target, events, enabled, createdAt: created_at.toISOString() };
  }
}

async function* executions(db: Queryable, namespaceId: number): AsyncGenerator<Line> {
  const rows = rowsInOrder(
    0n,
    (after) => allRows(db, executionsAfter(namespaceId, after, PAGE)),
    ({ id }) => id,
  );
  for await (const row of rows) {
    yield executionLine(row);
    yield* events(db, row);
    yield* values(db, row.id);
    for (const { key_id: keyId, ...signed } of await allRows(db, signaturesOf(row.id)))
      yield { type: "signature", execution: encodeId("execution", row.id), keyId, ...signed };
    yield* logs(db, namespaceId, row.id);
  }
}

function executionLine(row: ExportedExecutionRow): Line {
  const { parent_execution_id: parent, forked_from: source } = row;
  return {
    type: "execution",
    ...summaryOf(row),
    head: row.head,
    parent: parent === null ? null : encodeId("execution", parent),
    forkedFrom: source === null ? null : encodeId("execution", source),
  };
}

/** Up to where the row was: what was appended since is another export's. */
async function* events(db: Queryable, { id, sequence }: ExportedExecutionRow): AsyncGenerator<Line> {
  const execution = encodeId("execution", id);
  for (let after = 0; after < sequence; ) {
    const { items } = await listEvents(db, id, after, Math.min(PAGE, sequence - after));
    // It was removed meanwhile.
    if (items.length === 0) return;
    for (const { type: event, ...item } of items) {
      after = item.sequence;
      yield { type: "event", execution, event, ...item };
    }
  }
}

async function* values(db: Queryable, id: bigint): AsyncGenerator<Line> {
  const execution = encodeId("execution", id);
  const hashes = rowsInOrder(
    "",
    (after) => allRows(db, valueHashesAfter(id, after, PAGE)),
    ({ hash }) => hash,
  );
  for await (const { hash } of hashes) {
    const value = await firstRow(db, valuesByHash(id, [hash]));
    if (value !== null) yield { type: "value", execution, hash, value: JSON.parse(value.body) };
  }
}

async function* logs(db: Queryable, namespaceId: number, executionId: bigint): AsyncGenerator<Line> {
  const execution = encodeId("execution", executionId);
  let cursor: ReturnType<typeof logCursorSchema.parse> | undefined;
  for (;;) {
    const { items, nextCursor } = await listLogs(db, { namespaceId, executionId, cursor, limit: PAGE });
    for (const item of items) yield { type: "log", execution, ...item };
    if (nextCursor === null) return;
    cursor = logCursorSchema.parse(nextCursor);
  }
}
