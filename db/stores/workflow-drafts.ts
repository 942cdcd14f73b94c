/** Drafts: saved by whoever knows the last revision, and thrown away. */
import type { Queryable } from "../client";

export interface SavedDraft {
  namespaceId: number;
  name: string;
  /** JSON, both. */
  definition: string;
  layout: string;
  baseVersion: number | null;
  updatedAt: Date;
  updatedBy: string;
}

/** False where there is one already. */
export async function insertDraft(db: Queryable, draft: SavedDraft): Promise<boolean> {
  const { rowCount } = await db.query({
    name: "insert-draft",
    text: `insert into workflow_drafts (namespace_id, name, definition, layout, base_version, revision, updated_at, updated_by)
      values ($1, $2, $3, $4, $5, 1, $6, $7) on conflict (namespace_id, name) do nothing`,
    values: valuesOf(draft),
  });
  return rowCount === 1;
}

/** Who saved it before; null: it is not at that revision, or not there. */
export async function updateDraft(
  db: Queryable,
  draft: SavedDraft,
  revision: number,
): Promise<{ savedBefore: string } | null> {
  const { rows } = await db.query<{ savedBefore: string }>({
    name: "update-draft",
    text: `with before as (
        select updated_by from workflow_drafts where namespace_id = $1 and name = $2 and revision = $8 for update
      )
      update workflow_drafts set definition = $3, layout = $4, base_version = $5, revision = revision + 1,
        updated_at = $6, updated_by = $7
      from before where namespace_id = $1 and name = $2 and revision = $8
      returning before.updated_by as "savedBefore"`,
    values: [...valuesOf(draft), revision],
  });
  return rows[0] ?? null;
}

/** False where there is none. */
export async function removeDraft(db: Queryable, namespaceId: number, name: string): Promise<boolean> {
  const { rowCount } = await db.query({
    name: "remove-draft",
    text: "delete from workflow_drafts where namespace_id = $1 and name = $2",
    values: [namespaceId, name],
  });
  return rowCount === 1;
}

function valuesOf(draft: SavedDraft): unknown[] {
  const { namespaceId, name, definition, layout, baseVersion, updatedAt, updatedBy } = draft;
  return [namespaceId, name, definition, layout, baseVersion, updatedAt, updatedBy];
}
