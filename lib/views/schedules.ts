/** Schedules, as the API shows them. */
import type { Queryable } from "@/db/client";
import { allRows, firstRow } from "@/db/queries/query";
import { type ScheduleListRow, scheduleById, schedulesPage } from "@/db/queries/schedules";
import { decodeId, encodeId, keyTime } from "@/lib/contract/ids";
import type { Schedule } from "@/lib/contract/schedules";
import { keyCursor, type Page, pageOf } from "@/lib/views/page";

export async function listSchedules(
  reads: Queryable,
  namespaceId: number,
  page: { before: bigint | null; limit: number },
): Promise<Page<Schedule>> {
  const rows = await allRows(reads, schedulesPage(namespaceId, page.before, page.limit + 1));
  return pageOf(rows, page.limit, scheduleItem, (last) => keyCursor(last.id));
}

/** null where the namespace has no schedule of that public id. */
export async function readSchedule(reads: Queryable, namespaceId: number, ref: string): Promise<Schedule | null> {
  const id = decodeId("schedule", ref);
  const row = id === null ? null : await firstRow(reads, scheduleById(namespaceId, id));
  return row && scheduleItem(row);
}

function scheduleItem(row: ScheduleListRow): Schedule {
  const last = row.last_execution_id;
  return {
    id: encodeId("schedule", row.id),
    name: row.name,
    cron: row.cron,
    timezone: row.timezone,
    workflow: row.workflow,
    version: row.version,
    input: JSON.parse(row.input),
    overlap: row.overlap,
    catchUpWindow: JSON.parse(row.catch_up_window),
    paused: row.paused,
    pauseReason: row.pause_reason,
    nextRunAt: row.next_run_at?.toISOString() ?? null,
    lastRunAt: last === null ? null : new Date(keyTime(last)).toISOString(),
    lastExecutionId: last === null ? null : encodeId("execution", last),
    lastError: row.last_error === null ? null : JSON.parse(row.last_error),
    waiting: row.waiting,
    skipped: row.skipped,
    missed: row.missed,
    createdAt: row.created_at.toISOString(),
    createdBy: row.created_by,
    updatedAt: row.updated_at.toISOString(),
  };
}
