/** Approvals for lists and pages, newest first; every filter walks an index. */

import type { About } from "@/db/payload-codec";
import type { Query } from "@/db/queries/query";
import type { SealedColumns } from "@/db/sealed-payloads";
import type { ApprovalStatus } from "@/lib/contract/approvals";

export interface ApprovalRow {
  id: bigint;
  execution_id: bigint;
  workflow: string;
  node: string;
  index: number[] | null;
  iteration: number;
  status: ApprovalStatus;
  title: string | null;
  description: string | null;
  assignees: string[];
  /** JSON texts. */
  form: string | null;
  data: string | null;
  /** Of a reference to data too large for its row. */
  data_ref: string | null;
  requested_at: Date;
  expires_at: Date | null;
  decided_at: Date | null;
  decided_by: string | null;
  comment: string | null;
}

const COLUMNS = `a.id, a.execution_id, w.name as workflow, a.node, a.index, a.iteration, a.status, a.title, a.description,
  a.assignees, a.form, a.data, a.data_ref, a.requested_at, a.expires_at, a.decided_at, a.decided_by, a.comment`;
const NAMED = "join executions e on e.id = a.execution_id join workflows w on w.id = e.workflow_id";

/** @param id the approval's */
export function aboutApproval(namespaceId: number, id: bigint, column: string): About {
  return { namespaceId, of: id, as: `approval ${column}` };
}

function sealedIn(namespaceId: number): SealedColumns<ApprovalRow> {
  return {
    columns: ["title", "description", "form", "data", "comment"],
    about: ({ id }, column) => aboutApproval(namespaceId, id, column),
  };
}

export interface ApprovalFilter {
  namespaceId: number;
  statuses: readonly ApprovalStatus[];
  /** Those that name one of these; in lower case. */
  assignees?: readonly string[];
  /** Only those that name one of these, or nobody; in lower case. */
  visibleTo?: readonly string[];
  /** Only those of these. */
  workflows?: readonly string[];
  executionId?: bigint;
  /** Only those made before this one: the last of the page before. */
  before?: bigint;
  limit: number;
}

/** One page. Each status of each assignee is a branch of its own that reads its index newest first and stops at the limit. */
export function approvalsPage(filter: ApprovalFilter): Query<ApprovalRow> {
  const values: unknown[] = [];
  const bind = (value: unknown) => `$${values.push(value)}`;
  const limit = bind(filter.limit);
  const branches = branchesOf(filter, bind).map(
    ({ id, from, conditions }) =>
      `(select ${id} as id from ${from} where ${conditions.join(" and ")} order by ${id} desc limit ${limit})`,
  );
  const text = `select ${COLUMNS} from approvals a ${NAMED}
    where a.id = any(array(select id from (${branches.join(" union ")}) found order by id desc limit ${limit}))
    order by a.id desc`;
  return { text, values, sealed: sealedIn(filter.namespaceId) };
}

/**
 * Pending ones, the soonest due first; those without a time at the end.
 *
 * @param workflows null: of all
 */
export function dueApprovals(
  namespaceId: number,
  limit: number,
  workflows: readonly string[] | null,
): Query<ApprovalRow> {
  return {
    name: "due-approvals",
    text: `with due as materialized (
        select id from approvals where namespace_id = $1 and status = 'pending'
          and ($3::text[] is null or ${ofWorkflows("approvals.id", "$3")})
        order by expires_at, id limit $2
      )
      select ${COLUMNS} from due join approvals a on a.id = due.id ${NAMED} order by a.expires_at, a.id`,
    values: [namespaceId, limit, workflows],
    sealed: sealedIn(namespaceId),
  };
}

function named(assignees: string): string {
  return `select from approval_assignees g where g.approval_id = a.id and g.assignee = any(${assignees}::text[])`;
}

interface Branch {
  /** The column that is walked. */
  id: string;
  from: string;
  conditions: string[];
}

function branchesOf(filter: ApprovalFilter, bind: (value: unknown) => string): Branch[] {
  const { namespaceId, statuses, assignees, visibleTo, workflows, executionId, before } = filter;
  const own = (table: string, id: string) => [
    `${table}.namespace_id = ${bind(namespaceId)}`,
    ...(before === undefined ? [] : [`${id} < ${bind(before)}`]),
    ...(workflows === undefined ? [] : [ofWorkflows(id, bind(workflows))]),
    ...(visibleTo === undefined ? [] : [visible(id, bind(visibleTo))]),
  ];
  if (executionId !== undefined) {
    const conditions = [
      ...own("a", "a.id"),
      `a.execution_id = ${bind(executionId)}`,
      `a.status = any(${bind(statuses)}::approval_status[])`,
      ...(assignees === undefined ? [] : [`exists (${named(bind(assignees))})`]),
    ];
    return [{ id: "a.id", from: "approvals a", conditions }];
  }
  const byStatus = (more: string[]) =>
    statuses.map((status) => ({
      id: "a.id",
      from: "approvals a",
      conditions: [...own("a", "a.id"), `a.status = ${bind(status)}`, ...more],
    }));
  const byAssignee = (names: readonly string[]) =>
    names.flatMap((assignee) =>
      statuses.map((status) => ({
        id: "g.approval_id",
        from: "approval_assignees g",
        conditions: [...own("g", "g.approval_id"), `g.assignee = ${bind(assignee)}`, `g.status = ${bind(status)}`],
      })),
    );
  if (assignees !== undefined) return byAssignee(assignees);
  return visibleTo === undefined ? byStatus([]) : [...byAssignee(visibleTo), ...byStatus(["a.assignees = '{}'"])];
}

function visible(id: string, names: string): string {
  const assigned = `select from approval_assignees v where v.approval_id = ${id}`;
  return `(exists (${assigned} and v.assignee = any(${names}::text[])) or not exists (${assigned}))`;
}

function ofWorkflows(id: string, names: string): string {
  return `exists (select from approvals o join executions e on e.id = o.execution_id join workflows w on w.id = e.workflow_id
    where o.id = ${id} and w.name = any(${names}::text[]))`;
}

export function approvalById(namespaceId: number, id: bigint): Query<ApprovalRow> {
  return {
    name: "approval-by-id",
    text: `select ${COLUMNS} from approvals a ${NAMED} where a.id = $2 and a.namespace_id = $1`,
    values: [namespaceId, id],
    sealed: sealedIn(namespaceId),
  };
}

export interface AskedRow {
  executionId: bigint;
  step: string;
  status: ApprovalStatus;
  assignees: string[];
  /** JSON texts. */
  form: string | null;
  data: string | null;
  dataRef: string | null;
  decidedBy: string | null;
  comment: string | null;
}

/** What deciding asks of an approval's row; the history decides. */
export function askedApproval(namespaceId: number, id: bigint): Query<AskedRow> {
  return {
    name: "asked-approval",
    text: `select execution_id as "executionId", step, status, assignees, form, data, data_ref as "dataRef",
        decided_by as "decidedBy", comment
      from approvals where id = $2 and namespace_id = $1`,
    values: [namespaceId, id],
    sealed: { columns: ["form", "data", "comment"], about: (_, column) => aboutApproval(namespaceId, id, column) },
  };
}
