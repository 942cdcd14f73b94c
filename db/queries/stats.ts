/**
 * How many executions started and closed in spans of time, and how long those that closed had taken. Starts are counted by
 * the time that a key carries, closes by their index; of a span no more rows are read than a bound, however many it has.
 */
import type { Query } from "@/db/queries/query";
import type { ExecutionStatus } from "@/lib/contract/executions";
import { firstKeyAt } from "@/lib/contract/ids";

/** A span of time. Spans of one era are told together as well. */
export interface Span {
  /** Epoch milliseconds; inclusive, exclusive. */
  from: number;
  to: number;
  era: "current" | "previous";
}

export interface StatsFilter {
  namespaceId: number;
  /** Null: of all. */
  workflows: readonly string[] | null;
  spans: readonly Span[];
}

/** Of one span, and of each status where they are closes. */
export const COUNTED_AT_MOST = 50_000;
const SAMPLED_AT_MOST = 500;
const WORKFLOWS_SHOWN = 20;

/** @param names the parameter that holds them */
const ofWorkflows = (column: string, names: string) =>
  `${column} = any(array(select id from workflows where namespace_id = $1 and name = any(${names}::text[])))`;

export interface StartsRow {
  /** The span's place in the list, from 0. */
  n: number;
  started: number;
}

export function startsInSpans({ namespaceId, workflows, spans }: StatsFilter): Query<StartsRow> {
  const keys = [spans.map(({ from }) => firstKeyAt(from)), spans.map(({ to }) => firstKeyAt(to))];
  return {
    name: workflows === null ? "starts-in-spans" : "starts-in-spans-of-workflows",
    text: `select (span.n - 1)::int as n, counted.started
      from unnest($2::bigint[], $3::bigint[]) with ordinality as span(from_key, to_key, n)
      cross join lateral (
        select count(*)::int as started from (
          select from executions e where e.namespace_id = $1 and e.id >= span.from_key and e.id < span.to_key
            ${workflows === null ? "" : `and ${ofWorkflows("e.workflow_id", "$4")}`} limit ${COUNTED_AT_MOST}
        ) bounded
      ) counted`,
    values: [namespaceId, ...keys, ...(workflows === null ? [] : [workflows])],
  };
}

export interface ClosesRow {
  /** What the numbers are of; a span by its place in the list. */
  n: number | null;
  era: Span["era"] | null;
  workflow: string | null;
  completed: number;
  failed: number;
  cancelled: number;
  p50: number | null;
  p95: number | null;
  /** Some were not looked at. */
  estimated: boolean;
}

/** Statuses by what statistics call them. */
export type Endings = Record<"completed" | "failed" | "cancelled", readonly ExecutionStatus[]>;

/**
 * Closes by span, by era and, for the current era, by workflow. The newest of each span and status stand for all of it, each
 * with the weight that makes their number right: numbers and percentiles are exact as long as a span has no more of a status.
 */
export function closesInSpans({ namespaceId, workflows, spans }: StatsFilter, endings: Endings): Query<ClosesRow> {
  const counted = (ending: string) =>
    `coalesce(round(sum(weight) filter (where status = any(${ending}::execution_status[]))), 0)::int`;
  const percentile = (share: number) => `min(ms) filter (where reached >= ${share} * whole)::float8`;
  const by = (name: string, columns: string, over: string, where = "true") => `select ${columns},
      ${counted("$6")} as completed, ${counted("$7")} as failed, ${counted("$8")} as cancelled,
      ${percentile(0.5)} as p50, ${percentile(0.95)} as p95, bool_or(weight > 1) as estimated
    from (select *, sum(weight) filter (where ms is not null) over (partition by ${over} order by ms) as reached,
        sum(weight) filter (where ms is not null) over (partition by ${over}) as whole from sampled where ${where}) ${name} group by ${over}`;
  return {
    name: "closes-in-spans",
    text: `with counted as materialized (
        select (span.n - 1)::int as n, span.era, span.from_at, span.to_at, ending.status, found.count
        from unnest($3::timestamptz[], $4::timestamptz[], $5::text[]) with ordinality as span(from_at, to_at, era, n)
        cross join unnest($6::execution_status[] || $7::execution_status[] || $8::execution_status[]) as ending(status)
        cross join lateral (
          select count(*)::float8 as count from (
            select from executions e where e.namespace_id = $1 and e.status = ending.status
              and e.closed_at >= span.from_at and e.closed_at < span.to_at limit ${COUNTED_AT_MOST}
          ) bounded
        ) found
        where found.count > 0
      ), sampled as materialized (
        select c.n, c.era, c.status, newest.workflow_id, newest.ms, greatest(c.count / ${SAMPLED_AT_MOST}, 1) as weight
        from counted c cross join lateral (
          select e.workflow_id, round(extract(epoch from e.closed_at - e.started_at) * 1000)::int8 as ms
          from executions e where e.namespace_id = $1 and e.status = c.status
            and e.closed_at >= c.from_at and e.closed_at < c.to_at
          order by e.closed_at desc limit ${SAMPLED_AT_MOST}
        ) newest
        where ($2::text[] is null or ${ofWorkflows("newest.workflow_id", "$2")})
      ), of_workflows as (
        ${by("w", "workflow_id", "workflow_id", "era = 'current'")}
      )
      ${by("spans", "n, null as era, null as workflow", "n")}
      union all ${by("eras", "null, era, null", "era")}
      union all select null, null, w.name, most.completed, most.failed, most.cancelled, most.p50, most.p95, most.estimated
        from (select * from of_workflows order by completed + failed + cancelled desc, workflow_id
          limit ${WORKFLOWS_SHOWN}) most
        join workflows w on w.id = most.workflow_id`,
    values: [
      namespaceId,
      workflows,
      spans.map(({ from }) => new Date(from)),
      spans.map(({ to }) => new Date(to)),
      spans.map(({ era }) => era),
      endings.completed,
      endings.failed,
      endings.cancelled,
    ],
  };
}
