/** Drafts of workflows: one whole, and which there are. */
import type { Query } from "@/db/queries/query";

export interface DraftItemRow {
  name: string;
  baseVersion: number | null;
  revision: number;
  updatedAt: Date;
  updatedBy: string;
}

export interface DraftListRow extends DraftItemRow {
  isChanged: boolean;
  latestVersion: number | null;
}

export interface DraftRow extends DraftListRow {
  /** JSON, both. */
  definition: string;
  layout: string;
}

/** A version is canonical JSON and a draft as it was written: both say the same where their values are equal. */
const COLUMNS = `d.name, d.base_version as "baseVersion", d.revision, d.updated_at as "updatedAt", d.updated_by as "updatedBy",
  w.latest_version as "latestVersion", v.version is null or v.definition::jsonb <> d.definition::jsonb as "isChanged"`;
const FROM = `workflow_drafts d
  left join workflows w on w.namespace_id = d.namespace_id and w.name = d.name
  left join workflow_versions v on v.workflow_id = w.id and v.version = d.base_version`;

export function draftByName(namespaceId: number, name: string): Query<DraftRow> {
  return {
    name: "draft-by-name",
    text: `select ${COLUMNS}, d.definition, d.layout from ${FROM} where d.namespace_id = $1 and d.name = $2`,
    values: [namespaceId, name],
  };
}

/**
 * By name.
 * @param names null: all of them
 */
export function draftsPage(
  namespaceId: number,
  after: string,
  limit: number,
  names: readonly string[] | null,
): Query<DraftListRow> {
  return {
    name: "drafts-page",
    text: `select ${COLUMNS} from ${FROM}
      where d.namespace_id = $1 and d.name > $2 and ($4::text[] is null or d.name = any($4)) order by d.name limit $3`,
    values: [namespaceId, after, limit, names],
  };
}

export function countDrafts(namespaceId: number): Query<{ count: number }> {
  return {
    name: "count-drafts",
    text: "select count(*)::int as count from workflow_drafts where namespace_id = $1",
    values: [namespaceId],
  };
}
