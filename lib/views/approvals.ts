/** Approvals as they are shown. */
import type { Queryable } from "@/db/client";
import { type ApprovalRow, approvalById, approvalsPage, dueApprovals } from "@/db/queries/approvals";
import { allRows, firstRow } from "@/db/queries/query";
import {
  APPROVAL_STATUSES,
  type Approval,
  type ApprovalStatus,
  assigneeKeys,
  type Decider,
  type DueApproval,
  mayDecide,
} from "@/lib/contract/approvals";
import type { ValueRef } from "@/lib/contract/history";
import { decodeId, encodeId } from "@/lib/contract/ids";
import type { JsonValue } from "@/lib/contract/json";
import type { Held } from "@/lib/core/execution/state";
import { type LargeValues, loadLargeValues } from "@/lib/views/large-values";
import { keyCursor, type Page, pageOf } from "@/lib/views/page";
import { reaches, type Workflows } from "@/lib/views/reach";

/** Which approvals a caller may see. */
export interface ApprovalReach {
  /** Only those that name one of these, or nobody; absent: all. */
  names?: readonly string[];
  workflows?: Workflows;
  /** By which names the caller may decide; null: not at all. */
  decider: Decider | null;
}

export interface ApprovalListQuery {
  /** None: any. */
  status?: ApprovalStatus;
  /** Those that name one of these. */
  assignees?: readonly string[];
  executionId?: bigint;
  cursor?: bigint;
  limit: number;
}

/** Large data is left out of lists, and named by its reference. */
export async function listApprovals(
  reads: Queryable,
  namespaceId: number,
  { status, assignees, executionId, cursor, limit }: ApprovalListQuery,
  { names, workflows, decider }: ApprovalReach,
): Promise<Page<Approval>> {
  const rows = await allRows(
    reads,
    approvalsPage({
      namespaceId,
      statuses: status === undefined ? APPROVAL_STATUSES : [status],
      assignees: assignees && assigneeKeys(assignees),
      visibleTo: names && assigneeKeys(names),
      workflows: workflows ?? undefined,
      executionId,
      before: cursor,
      limit: limit + 1,
    }),
  );
  return pageOf(
    rows,
    limit,
    (row) => approvalItem(row, NOT_LOADED, decider),
    (last) => keyCursor(last.id),
  );
}

/** Pending ones, the soonest due first; told to many, so that nothing is said of who may decide them. */
export async function listDueApprovals(
  reads: Queryable,
  namespaceId: number,
  limit: number,
  workflows: Workflows,
): Promise<DueApproval[]> {
  const rows = await allRows(reads, dueApprovals(namespaceId, limit, workflows ?? null));
  return rows.map((row) => {
    const { mayDecide: _, ...approval } = approvalItem(row, NOT_LOADED, null);
    return approval;
  });
}

/** Null, too, where it is out of reach. */
export async function readApproval(
  reads: Queryable,
  namespaceId: number,
  id: string,
  reach: ApprovalReach,
): Promise<Approval | null> {
  const key = decodeId("approval", id);
  const row = key === null ? null : await firstRow(reads, approvalById(namespaceId, key));
  if (row === null || !isWithin(row, reach)) return null;
  return approvalItem(row, await loadLargeValues(reads, row.execution_id, [heldData(row)]), reach.decider);
}

function isWithin(
  { assignees, workflow }: ApprovalRow,
  { names, workflows }: Pick<ApprovalReach, "names" | "workflows">,
): boolean {
  if (!reaches(workflows, workflow)) return false;
  if (names === undefined || assignees.length === 0) return true;
  const own = new Set(assigneeKeys(names));
  return assigneeKeys(assignees).some((assignee) => own.has(assignee));
}

const NOT_LOADED: LargeValues = {
  show: (held) => (held !== null && "ref" in held ? { json: null, ref: held.ref } : { json: held?.json ?? null }),
};

function heldData({ data, data_ref }: ApprovalRow): Held | null {
  if (data_ref !== null) return { ref: JSON.parse(data_ref) as ValueRef };
  return data === null ? null : { json: JSON.parse(data) as JsonValue };
}

function approvalItem(row: ApprovalRow, values: LargeValues, decider: Decider | null): Approval {
  const data = values.show(heldData(row));
  return {
    id: encodeId("approval", row.id),
    executionId: encodeId("execution", row.execution_id),
    workflow: row.workflow,
    node: row.node,
    iteration: row.iteration,
    ...(row.index === null ? {} : { index: row.index }),
    title: row.title,
    description: row.description,
    assignees: row.assignees,
    form: row.form === null ? null : JSON.parse(row.form),
    data: data.json,
    ...(data.ref === undefined ? {} : { dataRef: data.ref }),
    status: row.status,
    requestedAt: row.requested_at.toISOString(),
    expiresAt: row.expires_at?.toISOString() ?? null,
    decidedAt: row.decided_at?.toISOString() ?? null,
    decidedBy: row.decided_by,
    comment: row.comment,
    mayDecide: row.status === "pending" && decider !== null && mayDecide(row.assignees, decider),
  };
}
