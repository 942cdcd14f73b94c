/** The audit log as routes show it: page by page, or the whole as a stream in bounded memory. */
import type { Queryable } from "@/db/client";
import { type AuditEntryRow, auditPage } from "@/db/queries/audit-log";
import { allRows } from "@/db/queries/query";
import type { AuditEntry, AuditFilter } from "@/lib/contract/audit";
import { encodeId } from "@/lib/contract/ids";
import type { JsonValue } from "@/lib/contract/json";
import { keyCursor, type Page, pageOf } from "@/lib/views/page";

export async function listAuditLog(
  reads: Queryable,
  organisationId: number,
  filter: AuditFilter,
  { before, limit }: { before: bigint | null; limit: number },
): Promise<Page<AuditEntry>> {
  const rows = await allRows(reads, auditPage({ organisationId, filter, before, limit: limit + 1 }));
  return pageOf(rows, limit, shownEntry, ({ id }) => keyCursor(id));
}

const EXPORT_PAGE = 500;

/** Every entry, newest first; what is written meanwhile is not among them. */
export async function* everyEntry(
  reads: Queryable,
  organisationId: number,
  filter: AuditFilter,
): AsyncGenerator<AuditEntry[]> {
  let before: bigint | null = null;
  for (;;) {
    const rows: AuditEntryRow[] = await allRows(
      reads,
      auditPage({ organisationId, filter, before, limit: EXPORT_PAGE }),
    );
    if (rows.length > 0) yield rows.map(shownEntry);
    const last = rows.at(-1);
    if (last === undefined || rows.length < EXPORT_PAGE) return;
    before = last.id;
  }
}

function shownEntry({ id, at, details, ...row }: AuditEntryRow): AuditEntry {
  return {
    ...row,
    id: encodeId("auditEntry", id),
    at: at.toISOString(),
    details: details === null ? null : (JSON.parse(details) as JsonValue),
  };
}

/** One JSON object a line. */
export async function* asLines(pages: AsyncIterable<AuditEntry[]>): AsyncGenerator<string> {
  for await (const page of pages) yield page.map((entry) => `${JSON.stringify(entry)}\n`).join("");
}

const COLUMNS = [
  "id",
  "at",
  "actor",
  "action",
  "target",
  "outcome",
  "code",
  "credential",
  "address",
  "userAgent",
  "requestId",
  "namespace",
  "count",
  "details",
] as const satisfies readonly (keyof AuditEntry)[];

/** RFC 4180, with a head. */
export async function* asTable(pages: AsyncIterable<AuditEntry[]>): AsyncGenerator<string> {
  yield `${COLUMNS.join(",")}\r\n`;
  for await (const page of pages)
    yield page.map((entry) => `${COLUMNS.map((column) => field(entry[column])).join(",")}\r\n`).join("");
}

/** What a spreadsheet would take for a formula, and a caller may have chosen, begins with an apostrophe. */
function field(value: JsonValue): string {
  const text = value === null ? "" : typeof value === "string" ? value : JSON.stringify(value);
  const inert = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}
