/** Drafts of workflows: one whole, and which there are. */
import type { Query } from "@/db/queries/query";

export interface DraftItemRow {
  name: string;
  baseVersion: number | null;
  revision: number;
  updatedAt: Date;
  updatedBy: string;
}

export interface DraftRow extends DraftItemRow {
  /** JSON, both. */
  definition: string;
  layout: string;
}

const COLUMNS = `name, base_version as "baseVersion", revision, updated_at as "updatedAt", updated_by as "updatedBy"`;

export function draftByName(namespaceId: number, name: string): Query<DraftRow> {
  return {
    name: "draft-by-name",
    text: `select ${COLUMNS}, definition, layout from workflow_drafts where namespace_id = $1 and name = $2`,
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
): Query<DraftItemRow> {
  return {
    name: "drafts-page",
    text: `select ${COLUMNS} from workflow_drafts
      where namespace_id = $1 and name > $2 and ($4::text[] is null or name = any($4)) order by name limit $3`,
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
