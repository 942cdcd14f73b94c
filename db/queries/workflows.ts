/** Workflows with their latest version and counts, and their versions. */
import type { Query } from "@/db/queries/query";

export interface WorkflowListRow {
  name: string;
  version: number;
  /** Hex. */
  hash: string;
  description: string | null;
  published_at: Date;
  published_by: string;
  /** Executions by status. */
  counts: Record<string, number>;
}

const LATEST = `select w.name, v.version, encode(v.hash, 'hex') as hash, v.definition::json->>'description' as description,
    v.published_at, v.published_by, counted.counts
  from w
  join workflow_versions v on v.workflow_id = w.id and v.version = w.latest_version
  cross join lateral (
    select coalesce(json_object_agg(status, total) filter (where total > 0), '{}') as counts from (
      select c.status, sum(c.delta)::int as total from execution_counts c
      where c.namespace_id = $1 and c.workflow_id = w.id group by c.status
    ) sums
  ) counted`;

/**
 * By name; archived ones are left out.
 * @param names null: all of them
 */
export function workflowsPage(
  namespaceId: number,
  after: string,
  limit: number,
  names: readonly string[] | null = null,
): Query<WorkflowListRow> {
  return {
    name: "workflows-page",
    text: `with w as (
        select id, name, latest_version from workflows
        where namespace_id = $1 and name > $2 and archived_at is null and ($4::text[] is null or name = any($4))
        order by name limit $3
      ) ${LATEST} order by w.name`,
    values: [namespaceId, after, limit, names],
  };
}

/** Archived ones too: their executions still link to them. */
export function workflowDetail(namespaceId: number, name: string): Query<WorkflowListRow> {
  return {
    name: "workflow-detail",
    text: `with w as (select id, name, latest_version from workflows where namespace_id = $1 and name = $2) ${LATEST}`,
    values: [namespaceId, name],
  };
}

export interface VersionListRow {
  version: number;
  hash: string;
  published_at: Date;
  published_by: string;
  note: string | null;
}

/** Newest first. */
export function workflowVersions(namespaceId: number, name: string): Query<VersionListRow> {
  return {
    name: "workflow-versions",
    text: `select v.version, encode(v.hash, 'hex') as hash, v.published_at, v.published_by, v.note
      from workflows w join workflow_versions v on v.workflow_id = w.id
      where w.namespace_id = $1 and w.name = $2 order by v.version desc`,
    values: [namespaceId, name],
  };
}

/** @returns the definition as canonical JSON text */
export function workflowVersion(
  namespaceId: number,
  name: string,
  version: number,
): Query<VersionListRow & { name: string; definition: string }> {
  return {
    name: "workflow-version",
    text: `select w.name, v.version, encode(v.hash, 'hex') as hash, v.definition, v.published_at, v.published_by, v.note
      from workflows w join workflow_versions v on v.workflow_id = w.id
      where w.namespace_id = $1 and w.name = $2 and v.version = $3`,
    values: [namespaceId, name, version],
  };
}
