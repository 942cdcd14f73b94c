/** What needs attention in a namespace: each of these reads a bounded number of rows, however much there is. */
import { COUNTERS } from "@/db/queries/executions";
import type { Query } from "@/db/queries/query";
import { aboutSchedule } from "@/db/queries/schedules";
import type { ExecutionStatus } from "@/lib/contract/executions";
import { OVERVIEW_COUNTED, OVERVIEW_ITEMS } from "@/lib/contract/overview";

/** Whose overview it is. */
export interface OverviewReach {
  namespaceId: number;
  /** Null: of all workflows. */
  workflows: readonly string[] | null;
}

/** Sorts of tasks that are looked at, in the order of their queues; beyond it they are not. */
const SORTS_AT_MOST = 500;
const LISTED_AT_MOST = 20;

const NAMED = "array(select id from workflows where namespace_id = $1 and name = any($2::text[]))";

/** Whether an execution is in reach. Without a limit nothing is looked up; with one, each by its key. */
function reached(workflows: OverviewReach["workflows"], id: string): string {
  return workflows === null
    ? "$2::text[] is null"
    : `(select r.workflow_id from executions r where r.id = ${id}) = any(${NAMED})`;
}

function nameOf(statement: string, { workflows }: OverviewReach): string {
  return workflows === null ? statement : `${statement}-of-workflows`;
}

export interface OverviewCountsRow {
  counts: Partial<Record<ExecutionStatus, number>>;
  open_dead_letters: number;
  pending_approvals: number;
  due_approvals: number;
  has_workflows: boolean;
  has_workers: boolean;
}

/** @param dueBefore which pending approvals are due soon */
export function overviewCounts(reach: OverviewReach, dueBefore: Date): Query<OverviewCountsRow> {
  const { namespaceId, workflows } = reach;
  const counted = (from: string) =>
    `(select count(*)::int from (select from ${from} limit ${OVERVIEW_COUNTED}) bounded)`;
  const pending = `approvals a where a.namespace_id = $1 and a.status = 'pending'
    and ${reached(workflows, "a.execution_id")}`;
  return {
    name: nameOf("overview-counts", reach),
    text: `select
        (select coalesce(json_object_agg(status, found), '{}') from (${COUNTERS}) counted) as counts,
        ${counted(`dead_letters d where d.namespace_id = $1 and d.status = 'open'
          and ($2::text[] is null or d.workflow = any($2))`)} as open_dead_letters,
        ${counted(pending)} as pending_approvals,
        ${counted(`${pending} and a.expires_at < $3`)} as due_approvals,
        exists (select from workflows w where w.namespace_id = $1 and ($2::text[] is null or w.name = any($2))) as has_workflows,
        exists (select from workers w where w.namespace_id = $1 and not w.internal) as has_workers`,
    values: [namespaceId, workflows, dueBefore],
  };
}

export interface TroubledSortRow {
  queue: string;
  /** Null: the whole queue, which is paused. */
  task: string | null;
  ready: number;
  oldest_ready_at: Date | null;
  /** Live ones that poll the queue. */
  workers: number;
  paused: boolean;
  /** When any worker that runs this task on this queue was last heard of. */
  last_seen_at: Date | null;
}

/**
 * Sorts of ready tasks that no live worker takes, and queues that are paused. The sorts are found by skipping from one to the
 * next in the index.
 *
 * @param aliveSince workers that were not heard of since then are gone
 * @param ours the queue whose tasks the engine does itself
 */
export function troubledSorts(namespaceId: number, aliveSince: Date, ours: string): Query<TroubledSortRow> {
  const ready = "t.namespace_id = $1 and t.worker_id is null and not t.held and t.admitted";
  const counted = (which: string) => `cross join lateral (
      select count(*)::int as ready from (select from tasks t where ${ready} and ${which} limit ${OVERVIEW_COUNTED}) bounded
    ) counted cross join lateral (
      select min(ready_at) as oldest_ready_at from (
        select t.ready_at from tasks t where ${ready} and ${which} order by t.task, t.rank, t.id limit 1
      ) first
    ) oldest`;
  return {
    name: "troubled-sorts",
    text: `with recursive sorts as (
        (select t.queue, t.task from tasks t where ${ready} order by t.queue, t.task limit 1)
        union all
        select next.queue, next.task from sorts cross join lateral (
          select t.queue, t.task from tasks t where ${ready} and (t.queue, t.task) > (sorts.queue, sorts.task)
          order by t.queue, t.task limit 1
        ) next
      ), polled as (
        select queue, count(*)::int as workers from workers w cross join unnest(w.queues) as queue
        where w.namespace_id = $1 and not w.internal and w.last_seen_at >= $2 group by queue
      ), served as (
        select queue, task, max(w.last_seen_at) as last_seen_at,
          bool_or(w.last_seen_at >= $2 and not w.draining) as live
        from workers w cross join unnest(w.queues) as queue cross join unnest(w.tasks) as task
        where w.namespace_id = $1 and not w.internal group by queue, task
      ), unserved as (
        select s.queue, s.task, served.last_seen_at from (select * from sorts limit ${SORTS_AT_MOST}) s
        left join served on served.queue = s.queue and served.task = s.task
        where s.queue <> $3 and served.live is not true
      ), paused as (
        select queue from queue_limits where namespace_id = $1 and paused
      )
      select u.queue, u.task, counted.ready, oldest.oldest_ready_at, coalesce(polled.workers, 0) as workers, false as paused,
        u.last_seen_at
      from unserved u ${counted("t.queue = u.queue and t.task = u.task")} left join polled on polled.queue = u.queue
      union all
      select p.queue, null, counted.ready, oldest.oldest_ready_at, coalesce(polled.workers, 0), true, null
      from paused p ${counted("t.queue = p.queue")} left join polled on polled.queue = p.queue`,
    values: [namespaceId, aliveSince, ours],
  };
}

export interface StuckRow {
  id: bigint;
  key: string | null;
  workflow: string;
  status: ExecutionStatus;
  since: Date;
  /** What it waits to be taken; null where it is out of service. */
  queue: string | null;
  task: string | null;
  total: number;
}

/**
 * Executions that are out of service, and those with a task of these sorts that has been ready since before an instant: those
 * that are stuck longest, with how many there are.
 */
export function stuckExecutions(
  reach: OverviewReach,
  sorts: readonly { queue: string; task: string }[],
  readyBefore: Date,
): Query<StuckRow> {
  const { namespaceId, workflows } = reach;
  return {
    name: nameOf("stuck-executions", reach),
    text: `with quarantined as materialized (
        select e.id from executions e where e.namespace_id = $1 and e.status = 'quarantined' and ${reached(workflows, "e.id")}
        order by e.id limit ${OVERVIEW_COUNTED}
      ), waiting as materialized (
        select t.* from unnest($3::text[], $4::text[]) as sort(queue, task) cross join lateral (
          select t.execution_id, t.queue, t.task, t.ready_at from tasks t
          where t.namespace_id = $1 and t.queue = sort.queue and t.task = sort.task and t.worker_id is null and not t.held
            and t.admitted
          order by t.rank, t.id limit ${OVERVIEW_COUNTED}
        ) t
        where t.ready_at < $5 and ${reached(workflows, "t.execution_id")} limit ${OVERVIEW_COUNTED}
      ), stuck as (
        select distinct on (execution_id) execution_id, queue, task, ready_at as since from waiting
        where execution_id not in (select id from quarantined) order by execution_id, ready_at
      ), oldest as (
        (select execution_id, queue, task, since from stuck order by since limit ${OVERVIEW_ITEMS})
        union all
        (select q.id, null, null, last.at from (select id from quarantined order by id limit ${OVERVIEW_ITEMS}) q
          cross join lateral (select at from events where execution_id = q.id order by sequence desc limit 1) last)
      )
      select e.id, e.key, w.name as workflow, e.status, o.since, o.queue, o.task,
        ((select count(*) from stuck) + (select count(*) from quarantined))::int as total
      from oldest o join executions e on e.id = o.execution_id join workflows w on w.id = e.workflow_id
      order by o.since, e.id limit ${OVERVIEW_ITEMS}`,
    values: [namespaceId, workflows, sorts.map(({ queue }) => queue), sorts.map(({ task }) => task), readyBefore],
  };
}

export interface FailingScheduleRow {
  id: bigint;
  name: string;
  /** JSON text. */
  last_error: string;
}

/** Newest first. */
export function failingSchedules({ namespaceId, workflows }: OverviewReach): Query<FailingScheduleRow> {
  return {
    name: "failing-schedules",
    text: `select s.id, s.name, s.last_error from schedules s
      where s.namespace_id = $1 and s.last_error is not null and ($2::text[] is null or s.workflow = any($2))
      order by s.id desc limit ${LISTED_AT_MOST}`,
    values: [namespaceId, workflows],
    sealed: { columns: ["last_error"], about: ({ id }, column) => aboutSchedule(namespaceId, id, column) },
  };
}
