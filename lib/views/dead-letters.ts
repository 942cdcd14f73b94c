/** Dead letters as they are shown: alone with what led to them, in lists, and in groups that look like one cause. */
import type { Queryable } from "@/db/client";
import {
  type DeadLetterGroupRow,
  type DeadLetterRow,
  deadLetterById,
  deadLetterGroups,
  deadLettersPage,
  failedAttempts,
  firstDispatch,
  type StepEventRow,
  stepEventsOf,
} from "@/db/queries/dead-letters";
import { allRows, firstRow } from "@/db/queries/query";
import {
  DEAD_LETTER_STATUSES,
  type DeadLetter,
  type DeadLetterDetail,
  type DeadLetterFilter,
  type DeadLetterGroup,
  type DeadLetterStatus,
} from "@/lib/contract/dead-letters";
import type { ErrorInfo, EventData } from "@/lib/contract/history";
import { decodeId, encodeId } from "@/lib/contract/ids";
import type { JsonValue } from "@/lib/contract/json";
import type { Held } from "@/lib/core/execution/state";
import { loadLargeValues } from "@/lib/views/large-values";
import { EMPTY_PAGE, keyCursor, type Page, pageOf } from "@/lib/views/page";
import { type Workflows, within } from "@/lib/views/reach";

const FAILURES_SHOWN = 100;

export interface DeadLetterListQuery extends DeadLetterFilter {
  /** None: any. */
  status?: DeadLetterStatus;
  cursor?: bigint;
  limit: number;
}

export async function listDeadLetters(
  reads: Queryable,
  namespaceId: number,
  { status, cursor, limit, ...asked }: DeadLetterListQuery,
  workflows?: Workflows,
): Promise<Page<DeadLetter>> {
  const filter = within(asked, workflows);
  if (filter === null) return EMPTY_PAGE;
  const statuses = status === undefined ? DEAD_LETTER_STATUSES : [status];
  const page = { ...filter, namespaceId, statuses, before: cursor, limit: limit + 1 };
  return pageOf(await allRows(reads, deadLettersPage(page)), limit, deadLetterItem, (last) => keyCursor(last.id));
}

/** Those with the latest failure first. */
export async function listDeadLetterGroups(
  reads: Queryable,
  namespaceId: number,
  { before, limit }: { before: bigint | null; limit: number },
  workflows?: Workflows,
): Promise<Page<DeadLetterGroup>> {
  const rows = await allRows(reads, deadLetterGroups(namespaceId, before, limit + 1, workflows ?? null));
  return pageOf(rows, limit, groupItem, (last) => keyCursor(last.last_id));
}

export async function readDeadLetter(reads: Queryable, namespaceId: number, id: string): Promise<DeadLetter | null> {
  const row = await rowOf(reads, namespaceId, id);
  return row && deadLetterItem(row);
}

/** With what its step was given, and how each attempt failed, as the history tells it. */
export async function readDeadLetterDetail(
  reads: Queryable,
  namespaceId: number,
  id: string,
): Promise<DeadLetterDetail | null> {
  const row = await rowOf(reads, namespaceId, id);
  if (row === null) return null;
  // Its attempts are found from the end of the history, and no more is read than there can be.
  const shown = Math.min(row.attempts, FAILURES_SHOWN);
  const [failures, [dispatch]] =
    shown === 0
      ? [[], []]
      : await Promise.all([
          stepEventsOf(reads, row, failedAttempts, shown),
          stepEventsOf(reads, row, firstDispatch, 1),
        ]);
  const given = dispatch === undefined ? null : inputIn(JSON.parse(dispatch.data) as EventData<"StepScheduled">);
  const input = (await loadLargeValues(reads, row.execution_id, [given])).show(given);
  return {
    ...deadLetterItem(row),
    input: input.json,
    ...(input.ref === undefined ? {} : { inputRef: input.ref }),
    failures: failures.map(failedAttempt).reverse(),
  };
}

async function rowOf(reads: Queryable, namespaceId: number, id: string): Promise<DeadLetterRow | null> {
  const key = decodeId("deadLetter", id);
  return key === null ? null : firstRow(reads, deadLetterById(namespaceId, key));
}

function inputIn({ input, inputRef }: EventData<"StepScheduled">): Held {
  return inputRef === undefined ? { json: (input ?? null) as JsonValue } : { ref: inputRef };
}

function failedAttempt({ at, data }: StepEventRow): DeadLetterDetail["failures"][number] {
  const { attempt, error, worker, queuedMs, ranMs } = JSON.parse(data) as EventData<"StepAttemptFailed">;
  return {
    attempt,
    at: at.toISOString(),
    error,
    worker: worker ?? null,
    queuedMs: queuedMs ?? null,
    ranMs: ranMs ?? null,
  };
}

function deadLetterItem(row: DeadLetterRow): DeadLetter {
  return {
    id: encodeId("deadLetter", row.id),
    executionId: encodeId("execution", row.execution_id),
    workflow: row.workflow,
    version: row.version,
    node: row.node,
    iteration: row.iteration,
    ...(row.index === null ? {} : { index: row.index }),
    attempts: row.attempts,
    error: JSON.parse(row.error),
    fingerprint: row.fingerprint,
    status: row.status,
    createdAt: row.created_at.toISOString(),
    note: row.note,
  };
}

function groupItem(row: DeadLetterGroupRow): DeadLetterGroup {
  const { code, message } = JSON.parse(row.error) as ErrorInfo;
  return {
    fingerprint: row.fingerprint,
    code,
    message,
    workflows: row.workflows,
    count: row.count,
    firstSeenAt: row.first_seen_at.toISOString(),
    lastSeenAt: row.last_seen_at.toISOString(),
  };
}
