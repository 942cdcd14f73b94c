/** Executions for lists, counts and pages, newest first; every filter and search walks an index. */

import type { Query } from "@/db/queries/query";
import { aboutEvent } from "@/db/stores/histories";
import { DEAD_LETTER_STATUSES } from "@/lib/contract/dead-letters";
import type { ExecutionFilter as AskedFilter, ExecutionStatus } from "@/lib/contract/executions";
import { decodeId, firstKeyAt, KEY_COUNTER_BITS, KEY_EPOCH_MS, KEY_SLOT_BITS, keysThatBegin } from "@/lib/contract/ids";

export interface ExecutionListRow {
  id: bigint;
  key: string | null;
  workflow: string;
  version: number;
  status: ExecutionStatus;
  tags: string[] | null;
  correlation_id: string | null;
  start_at: Date | null;
  started_at: Date | null;
  closed_at: Date | null;
  sequence: number;
}

/** What a page of one execution shows beyond its line in a list. */
export interface ExecutionDetailRow extends ExecutionListRow {
  forked_from: bigint | null;
  has_children: boolean;
}

const COLUMNS = `e.id, e.key, w.name as workflow, e.version, e.status, e.tags, e.correlation_id, e.start_at, e.started_at,
  e.closed_at, e.sequence`;

const DETAIL_COLUMNS = `${COLUMNS}, e.forked_from, exists (
    select from executions c where c.namespace_id = e.namespace_id and c.parent_execution_id = e.id
  ) as has_children`;

export interface ExecutionFilter {
  namespaceId: number;
  workflow?: string;
  /** Only of these; not together with `workflow`. */
  workflows?: readonly string[];
  version?: number;
  /** None given: any. */
  statuses?: readonly ExecutionStatus[];
  tag?: string;
  correlationId?: string;
  /** Epoch milliseconds; inclusive. */
  startedAfter?: number;
  /** Epoch milliseconds; exclusive. */
  startedBefore?: number;
  /** The same of the close. */
  closedAfter?: number;
  closedBefore?: number;
  /** From start to close; inclusive. */
  minDurationMs?: number;
  /** Exclusive. */
  maxDurationMs?: number;
  /** Of a dead letter of theirs. */
  errorCode?: string;
  fingerprint?: string;
  /** Whose steps started them. */
  parent?: bigint;
  /** Begins of an id, a key, a correlation id or a tag. */
  search?: { text: string; ids: { from: bigint; to: bigint } | null };
  /** Only executions made before this one: the last of the page before. */
  before?: bigint;
  limit: number;
}

/**
 * What was asked for, as the database is asked. An id that is none is nobody's.
 *
 * @param closed the statuses that what has closed can have: its index is one of each status
 */
export function asExecutionFilter(
  { status, startedAfter, startedBefore, closedAfter, closedBefore, parent, q, ...rest }: AskedFilter,
  closed: readonly ExecutionStatus[],
): Omit<ExecutionFilter, "namespaceId" | "limit"> {
  const instant = (text: string | undefined) => (text === undefined ? undefined : Date.parse(text));
  return {
    ...rest,
    statuses: status ?? (closedAfter === undefined && closedBefore === undefined ? undefined : closed),
    startedAfter: instant(startedAfter),
    startedBefore: instant(startedBefore),
    closedAfter: instant(closedAfter),
    closedBefore: instant(closedBefore),
    parent: parent === undefined ? undefined : (decodeId("execution", parent) ?? -1n),
    search: q === undefined ? undefined : { text: q, ids: keysThatBegin("execution", q) },
  };
}

/**
 * How far the clocks that made an execution's key and its start may be apart where it starts when it is made. For such
 * executions a range of start times is, give or take this, a range of keys.
 */
const CLOCK_SLACK_MS = 60_000;

/** When the key in a column was made, in seconds since 1970. */
const KEY_SECONDS = `(e.id >> ${KEY_SLOT_BITS + KEY_COUNTER_BITS}) / 1000.0::float8 + ${KEY_EPOCH_MS / 1000}`;

/** Those whose key tells nothing of their start: scheduled, forked or delayed ones. Word for word their index's condition. */
const STARTED_APART = `(e.started_at > to_timestamp(${KEY_SECONDS} + ${CLOCK_SLACK_MS / 1000})
  or e.started_at < to_timestamp(${KEY_SECONDS} - ${CLOCK_SLACK_MS / 1000}))`;

/**
 * One page. Each workflow of several, each status, each way to match a search and each way to know the time of a start is a branch of its own that
 * reads its index and stops at the limit; the branches are merged, and only what is shown is fetched.
 */
export function executionsPage(filter: ExecutionFilter): Query<ExecutionListRow> {
  const { text: found, values } = matchingExecutions(filter);
  const text = `select ${COLUMNS} from executions e join workflows w on w.id = e.workflow_id
    where e.id = any(array(${found})) order by e.id desc`;
  return { text, values };
}

/** The ids alone, newest first. */
export function matchingExecutions(filter: ExecutionFilter): Query<{ id: bigint }> {
  const { values, bind, limit } = parameters(filter);
  return { text: `select id from (${branchesOf(filter, bind)}) found order by id desc limit ${limit}`, values };
}

/** How many of the next ones there are, and the last of them. */
export function countExecutions(filter: ExecutionFilter): Query<{ found: number; last: bigint | null }> {
  const { text, values } = matchingExecutions(filter);
  return { text: `select count(*)::int as found, min(id) as last from (${text}) page`, values };
}

/** How many there are in each of these statuses; of each, the limit is where counting stops. */
export function countByStatus(
  filter: ExecutionFilter,
  statuses: readonly ExecutionStatus[],
): Query<{ status: ExecutionStatus; found: number }> {
  const { values, bind, limit } = parameters(filter);
  const counts = statuses.map(
    (status) => `select ${bind(status)}::execution_status as status, count(*)::int as found from (
      select from (${branchesOf({ ...filter, statuses: [status] }, bind)}) matching limit ${limit}) counted`,
  );
  return { text: counts.join(" union all "), values };
}

/** As the counters have it, that every flush adds to: of the namespace $1, or of its workflows $2; by way of the workflows' index. */
export const COUNTERS = `select c.status, sum(c.total)::int as found from workflows w cross join lateral (
    select status, sum(delta) as total from execution_counts
    where namespace_id = $1 and workflow_id = w.id group by status
  ) c
  where w.namespace_id = $1 and ($2::text[] is null or w.name = any($2)) group by c.status having sum(c.total) > 0`;

/** @param workflows null: of all */
export function executionCounts(
  namespaceId: number,
  workflows: readonly string[] | null,
): Query<{ status: ExecutionStatus; found: number }> {
  return { name: "execution-counts", text: COUNTERS, values: [namespaceId, workflows] };
}

export interface ClosingRow {
  execution_id: bigint;
  namespace_id: number;
  sequence: number;
  /** JSON text of the event. */
  data: string;
}

/** How these were closed by a failure: it stands at the end of a history, from where it is looked for. */
export function closingFailures(namespaceId: number, ids: readonly bigint[]): Query<ClosingRow> {
  return {
    name: "closing-failures",
    text: `select c.execution_id, c.namespace_id, c.sequence, c.data from unnest($2::bigint[]) as asked(id)
      cross join lateral (
        select e.execution_id, e.namespace_id, e.sequence, e.data from events e
        where e.execution_id = asked.id and e.namespace_id = $1 and e.type in ('ExecutionFailed', 'ExecutionTimedOut')
        order by e.sequence desc limit 1
      ) c`,
    values: [namespaceId, ids],
    sealed: {
      columns: ["data"],
      about: ({ namespace_id, execution_id, sequence }) => aboutEvent(namespace_id, execution_id, sequence),
    },
  };
}

type Bind = (value: unknown) => string;

/** The limit is $1 and the namespace $2, however the text goes on. */
function parameters({ limit, namespaceId }: ExecutionFilter): { values: unknown[]; bind: Bind; limit: string } {
  const values: unknown[] = [limit, namespaceId];
  return { values, bind: (value) => `$${values.push(value)}`, limit: "$1" };
}

function branchesOf(filter: ExecutionFilter, bind: Bind): string {
  const common = commonConditions(filter, bind);
  const statuses = filter.statuses?.map((status) => [`e.status = ${bind(status)}`]) ?? [[]];
  const spans = spansOf(filter, bind);
  const workflows = filter.workflows?.map((name) => [ofWorkflow(bind(name))]) ?? [[]];
  const kinds = workflows.flatMap((workflow) => statuses.map((status) => [...workflow, ...status]));
  return searches(filter, bind)
    .flatMap((search) =>
      kinds.flatMap((kind) =>
        spans.map(
          (span) => `(select e.id from executions e ${search.join}
            where ${[...common, ...kind, ...span, ...search.conditions].join(" and ")}
            order by ${search.order} desc limit $1)`,
        ),
      ),
    )
    .join(" union ");
}

function commonConditions(filter: ExecutionFilter, bind: Bind): string[] {
  const conditions = ["e.namespace_id = $2", ...closeConditions(filter, bind), ...failureConditions(filter, bind)];
  if (filter.workflow !== undefined) conditions.push(ofWorkflow(bind(filter.workflow)));
  if (filter.version !== undefined) conditions.push(...versionConditions(filter.version, bind));
  if (filter.correlationId !== undefined) conditions.push(`e.correlation_id = ${bind(filter.correlationId)}`);
  if (filter.parent !== undefined) conditions.push(`e.parent_execution_id = ${bind(filter.parent)}`);
  if (filter.before !== undefined) conditions.push(`e.id < ${bind(filter.before)}`);
  return conditions;
}

/** What closed before an instant was made before it, so that a list of long ago begins where it can find something. */
function closeConditions(filter: ExecutionFilter, bind: Bind): string[] {
  const { closedAfter, closedBefore, minDurationMs, maxDurationMs } = filter;
  const conditions: string[] = [];
  const took = (ms: number) => `${bind(ms)}::bigint * interval '1 millisecond'`;
  if (closedAfter !== undefined) conditions.push(`e.closed_at >= ${bind(new Date(closedAfter))}`);
  if (closedBefore !== undefined) {
    conditions.push(`e.closed_at < ${bind(new Date(closedBefore))}`);
    conditions.push(`e.id < ${bind(firstKeyAt(closedBefore + CLOCK_SLACK_MS))}`);
  }
  if (minDurationMs !== undefined) conditions.push(`e.closed_at - e.started_at >= ${took(minDurationMs)}`);
  if (maxDurationMs !== undefined) conditions.push(`e.closed_at - e.started_at < ${took(maxDurationMs)}`);
  return conditions;
}

/** In any status of a dead letter, each named: so its index by fingerprint serves. */
function failureConditions({ errorCode, fingerprint }: ExecutionFilter, bind: Bind): string[] {
  if (errorCode === undefined && fingerprint === undefined) return [];
  const of = ["d.execution_id = e.id", "d.namespace_id = $2"];
  if (errorCode !== undefined) of.push(`d.code = ${bind(errorCode)}`);
  if (fingerprint !== undefined)
    of.push(
      `d.fingerprint = ${bind(fingerprint)}`,
      `d.status = any(${bind(DEAD_LETTER_STATUSES)}::dead_letter_status[])`,
    );
  return [`exists (select from dead_letters d where ${of.join(" and ")})`];
}

/** A version that no workflow has is nobody's: the table is not walked for it. */
function versionConditions(version: number, bind: Bind): string[] {
  const bound = bind(version);
  const known = `select from workflows w join workflow_versions v on v.workflow_id = w.id and v.version = ${bound}
    where w.namespace_id = $2`;
  return [`e.version = ${bound}`, `exists (${known})`];
}

function ofWorkflow(name: string): string {
  return `e.workflow_id = (select id from workflows where namespace_id = $2 and name = ${name})`;
}

/** The ways to be in the asked range of start times: by the key, and, where that tells nothing, by the start itself. */
function spansOf({ startedAfter, startedBefore }: ExecutionFilter, bind: Bind): string[][] {
  if (startedAfter === undefined && startedBefore === undefined) return [[]];
  const started: string[] = [];
  const keys: string[] = [];
  if (startedAfter !== undefined) {
    started.push(`e.started_at >= ${bind(new Date(startedAfter))}`);
    keys.push(`e.id >= ${bind(firstKeyAt(startedAfter - CLOCK_SLACK_MS))}`);
  }
  if (startedBefore !== undefined) {
    started.push(`e.started_at < ${bind(new Date(startedBefore))}`);
    keys.push(`e.id < ${bind(firstKeyAt(startedBefore + CLOCK_SLACK_MS))}`);
  }
  return [
    [...started, ...keys],
    [...started, STARTED_APART],
  ];
}

interface Branch {
  join: string;
  conditions: string[];
  /** The column of the index that is walked: the execution's id, wherever it stands. */
  order: string;
}

function searches(filter: ExecutionFilter, bind: Bind): Branch[] {
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

export function executionById(namespaceId: number, id: bigint): Query<ExecutionDetailRow> {
  return {
    name: "execution-row-by-id",
    text: `select ${DETAIL_COLUMNS} from executions e join workflows w on w.id = e.workflow_id
      where e.id = $2 and e.namespace_id = $1`,
    values: [namespaceId, id],
  };
}

export function executionByKey(namespaceId: number, key: string): Query<ExecutionDetailRow> {
  return {
    name: "execution-row-by-key",
    text: `select ${DETAIL_COLUMNS} from executions e join workflows w on w.id = e.workflow_id
      where e.namespace_id = $1 and e.key = $2`,
    values: [namespaceId, key],
  };
}
