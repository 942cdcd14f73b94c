/** One history as a file, as of one moment, piece by piece: never more than a page of events and one large value in memory. */
import type { Queryable } from "@/db/client";
import { valuesByHash } from "@/db/queries/events";
import { type ExportedHistoryRow, exportedHistory } from "@/db/queries/history-export";
import { valueHashesAfter } from "@/db/queries/namespace-export";
import { allRows, firstRow } from "@/db/queries/query";
import type { HistoryExport } from "@/lib/contract/history-export";
import { encodeId } from "@/lib/contract/ids";
import { listEvents } from "@/lib/views/events";
import { listSigningKeys } from "@/lib/views/signing-keys";

const PAGE = 100;

/** Null where there is no such execution. The pieces, put together, are one JSON document. */
export async function exportHistory(
  reads: Queryable,
  namespaceId: number,
  executionId: bigint,
  { valuesMaxBytes = Number.POSITIVE_INFINITY }: { valuesMaxBytes?: number } = {},
): Promise<AsyncIterable<string> | null> {
  const row = await firstRow(reads, exportedHistory(namespaceId, executionId));
  return row === null ? null : pieces(reads, row, valuesMaxBytes);
}

async function* pieces(reads: Queryable, row: ExportedHistoryRow, valuesMaxBytes: number): AsyncGenerator<string> {
  yield `{"format":1,"execution":${JSON.stringify(shownExecution(row))},"definition":${row.definition},\n"events":[`;
  yield* separated(events(reads, row));
  yield `],\n"values":{`;
  yield* separated(values(reads, row.id, valuesMaxBytes));
  yield `},\n"signatures":${JSON.stringify(row.signatures)},\n"keys":${JSON.stringify(await listSigningKeys(reads))}}\n`;
}

function shownExecution({
  id,
  startedAt,
  closedAt,
  forkedFrom,
  definition: _,
  signatures: __,
  ...row
}: ExportedHistoryRow): HistoryExport["execution"] {
  return {
    ...row,
    id: encodeId("execution", id),
    startedAt: startedAt?.toISOString() ?? null,
    closedAt: closedAt?.toISOString() ?? null,
    forkedFrom: forkedFrom === null ? null : encodeId("execution", forkedFrom),
  };
}

async function* events(reads: Queryable, { id, sequence }: ExportedHistoryRow): AsyncGenerator<string> {
  for (let after = 0; after < sequence; ) {
    const { items } = await listEvents(reads, id, after, Math.min(PAGE, sequence - after));
    const last = items.at(-1);
    // Events that are gone are for whoever verifies to find.
    if (last === undefined) return;
    for (const item of items) if (item.sequence <= sequence) yield JSON.stringify(item);
    after = last.sequence;
  }
}

/** Those that would pass the bound are left out; whoever verifies finds them missing. */
async function* values(reads: Queryable, id: bigint, maxBytes: number): AsyncGenerator<string> {
  let bytes = 0;
  for (let after = ""; ; ) {
    const hashes = await allRows(reads, valueHashesAfter(id, after, PAGE));
    for (const { hash } of hashes) {
      const [value] = await allRows(reads, valuesByHash(id, [hash]));
      bytes += value?.body.length ?? 0;
      if (value !== undefined && bytes <= maxBytes) yield `"${hash}":${value.body}`;
      after = hash;
    }
    if (hashes.length < PAGE) return;
  }
}

async function* separated(items: AsyncIterable<string>): AsyncGenerator<string> {
  let first = true;
  for await (const item of items) {
    yield first ? `\n${item}` : `,\n${item}`;
    first = false;
  }
}
