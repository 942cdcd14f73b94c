/** What workers logged, line by line, with the attempt that each line is of. */
import { z } from "zod";
import type { Queryable } from "@/db/client";
import { allRows, firstRow } from "@/db/queries/query";
import { droppedLines, type LogFilter, type LogRow, logRows } from "@/db/queries/step-logs";
import { encodeId } from "@/lib/contract/ids";
import type { LogItem, LogPage } from "@/lib/contract/logs";

/** Which line of which message. */
interface LogPosition {
  sequence: number;
  line: number;
}

/** `nextCursor` of an earlier page is the only source of it. */
export const logCursorSchema = z
  .string()
  .max(100)
  .transform((text, context): LogPosition => {
    const [, sequence, line] = /^(\d{1,9})\.(\d{1,9})$/.exec(Buffer.from(text, "base64url").toString()) ?? [];
    if (sequence !== undefined && line !== undefined) return { sequence: Number(sequence), line: Number(line) };
    context.addIssue({ code: "custom", message: "is not a cursor of this list" });
    return z.NEVER;
  });

function logCursor({ sequence, line }: LogPosition): string {
  return Buffer.from(`${sequence}.${line}`).toString("base64url");
}

export interface LogQuery extends Omit<LogFilter, "from" | "lines"> {
  cursor?: LogPosition;
  limit: number;
}

export async function listLogs(reads: Queryable, { cursor, limit, ...filter }: LogQuery): Promise<LogPage> {
  const from = cursor ?? { sequence: 0, line: 0 };
  const query = logRows({ ...filter, from: from.sequence, lines: from.line + limit + 1 });
  const [rows, gone] = await Promise.all([
    allRows(reads, query),
    firstRow(reads, droppedLines(filter.namespaceId, filter.executionId)),
  ]);
  const lines = rows.flatMap(linesOf).filter(({ at }) => at.sequence > from.sequence || at.line >= from.line);
  const next = lines[limit];
  return {
    items: lines.slice(0, limit).map(({ item }) => item),
    nextCursor: next === undefined ? null : logCursor(next.at),
    dropped: gone?.dropped ?? 0,
  };
}

function linesOf({ sequence, body, ...row }: LogRow): { at: LogPosition; item: LogItem }[] {
  const { node, iteration, index, attempt } = row;
  const place = {
    node,
    iteration,
    ...(index === null ? {} : { index }),
    attempt,
    taskId: encodeId("task", row.task_id),
  };
  const lines = JSON.parse(body) as Pick<LogItem, "at" | "level" | "text" | "fields" | "truncated">[];
  return lines.map((line, i) => ({ at: { sequence, line: i }, item: { ...line, ...place } }));
}
