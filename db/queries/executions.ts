/** Executions for lists and pages, newest first; every filter and search walks an index. */

import type { Query } from "@/db/queries/query";
import type { ExecutionStatus } from "@/lib/contract/executions";
import { firstKeyAt } from "@/lib/contract/ids";

export interface ExecutionListRow {
  id: bigint;
  key: string | null;
  workflow: string;
  version: number;
  status: ExecutionStatus;
  tags: string[] | null;
  correlation_id: string | null;
  started_at: Date | null;
  closed_at: Date | null;
  sequence: number;
}

const COLUMNS = `e.id, e.key, w.name as workflow, e.version, e.status, e.tags, e.correlation_id, e.started_at, e.closed_at,
  e.sequence`;

export interface ExecutionFilter {
  namespaceId: number;
  workflow?: string;
  /** None given: any. */
  statuses?: readonly ExecutionStatus[];
  tag?: string;
  correlationId?: string;
  /** Epoch milliseconds; inclusive. */
  startedAfter?: number;
  /** Epoch milliseconds; exclusive. */
  startedBefore?: number;
  /** Begins of an id, a key, a correlation id or a tag. */
  search?: { text: string; ids: { from: bigint; to: bigint } | null };
  /** Only executions made before this one: the last of the page before. */
  before?: bigint;
  limit: number;
}

/**
 * How far the clocks that made an execution's key and its start may be apart. Executions start when they are made, so
 * that a range of start times is, give or take this, a range of keys.
 */
const CLOCK_SLACK_MS = 60_000;

/**
 * One page. Each status and each way to match a search is a branch of its own that reads its index newest first and
 * stops at the limit; the branches are merged, and only what is shown is fetched.
 */
export function executionsPage(filter: ExecutionFilter): Query<ExecutionListRow> {
  const values: unknown[] = [];
  const bind = (value: unknown) => `$${values.push(value)}`;
  const limit = bind(filter.limit);
  const common = commonConditions(filter, bind);
  const byStatus = filter.statuses?.map((status) => [`e.status = ${bind(status)}`]) ?? [[]];
  const branches = searches(filter, bind).flatMap((search) =>
    byStatus.map(
      (status) => `(select e.id from executions e ${search.join}
        where ${[...common, ...status, ...search.conditions].join(" and ")}
        order by ${search.order} desc limit ${limit})`,
    ),
  );
  const text = `select ${COLUMNS} from executions e join workflows w on w.id = e.workflow_id
    where e.id = any(array(select id from (${branches.join(" union ")}) found order by id desc limit ${limit}))
    order by e.id desc`;
  return { text, values };
}

function commonConditions(filter: ExecutionFilter, bind: (value: unknown) => string): string[] {
  const conditions = [`e.namespace_id = ${bind(filter.namespaceId)}`];
  if (filter.workflow !== undefined)
    conditions.push(
      `e.workflow_id = (select id from workflows where namespace_id = $2 and name = ${bind(filter.workflow)})`,
    );
  if (filter.correlationId !== undefined) conditions.push(`e.correlation_id = ${bind(filter.correlationId)}`);
  if (filter.startedAfter !== undefined)
    conditions.push(
      `e.started_at >= ${bind(new Date(filter.startedAfter))}`,
      `e.id >= ${bind(firstKeyAt(filter.startedAfter - CLOCK_SLACK_MS))}`,
    );
  if (filter.startedBefore !== undefined)
    conditions.push(
      `e.started_at < ${bind(new Date(filter.startedBefore))}`,
      `e.id < ${bind(firstKeyAt(filter.startedBefore + CLOCK_SLACK_MS))}`,
    );
  if (filter.before !== undefined) conditions.push(`e.id < ${bind(filter.before)}`);
  return conditions;
}

interface Branch {
  join: string;
  conditions: string[];
  /** The column of the index that is walked: the execution's id, wherever it stands. */
  order: string;
}

function searches(filter: ExecutionFilter, bind: (value: unknown) => string): Branch[] {
  const tagged = "join execution_tags t on t.execution_id = e.id and t.namespace_id = e.namespace_id";
  const exact: Branch =
    filter.tag === undefined
      ? { join: "", conditions: [], order: "e.id" }
      : { join: tagged, conditions: [`t.namespace_id = $2`, `t.tag = ${bind(filter.tag)}`], order: "t.execution_id" };
  if (filter.search === undefined) return [exact];
  const { text, ids } = filter.search;
  const prefix = bind(`${text.replace(/[\\%_]/g, "\\$&")}%`);
  const own = (condition: string) => ({ ...exact, conditions: [...exact.conditions, condition] });
  const branches = [own(`e.key like ${prefix}`), own(`e.correlation_id like ${prefix}`)];
  if (ids !== null) branches.push(own(`e.id between ${bind(ids.from)} and ${bind(ids.to)}`));
  const byTag = `e.id in (select execution_id from execution_tags where namespace_id = $2 and tag like ${prefix})`;
  return [...branches, own(byTag)];
}

export function executionById(namespaceId: number, id: bigint): Query<ExecutionListRow> {
  return {
    name: "execution-row-by-id",
    text: `select ${COLUMNS} from executions e join workflows w on w.id = e.workflow_id
      where e.id = $2 and e.namespace_id = $1`,
    values: [namespaceId, id],
  };
}

export function executionByKey(namespaceId: number, key: string): Query<ExecutionListRow> {
  return {
    name: "execution-row-by-key",
    text: `select ${COLUMNS} from executions e join workflows w on w.id = e.workflow_id
      where e.namespace_id = $1 and e.key = $2`,
    values: [namespaceId, key],
  };
}
