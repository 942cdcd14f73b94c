/** Publishing: a version is written once and never changed. Archiving: its workflow takes no new executions. */
import type { QueryResultRow } from "pg";
import type { Pool, Queryable } from "../client";

export interface NewVersion {
  namespaceId: number;
  name: string;
  /** SHA-256 of `definition`. */
  hash: Buffer;
  /** Canonical JSON. */
  definition: string;
  publishedAt: Date;
  publishedBy: string;
  note: string | null;
}

async function one<Row extends QueryResultRow>(
  db: Queryable,
  text: string,
  values: unknown[],
): Promise<Row | undefined> {
  return (await db.query<Row>(text, values)).rows[0];
}

/**
 * The version with this content: one that was published before (`existed`), or the next. Publishers of one workflow wait for
 * each other on its row, so that numbers have no gaps and the same content never gets two.
 */
export async function publishVersion(
  pool: Pool,
  version: NewVersion,
): Promise<{ workflowId: number; version: number; existed: boolean; revived: boolean }> {
  const client = await pool.connect();
  let broken = true;
  try {
    await client.query("begin");
    await client.query(
      "insert into workflows (namespace_id, name, latest_version) values ($1, $2, 0) on conflict (namespace_id, name) do nothing",
      [version.namespaceId, version.name],
    );
    const workflow = await one<{ id: number; latest: number }>(
      client,
      "select id, latest_version as latest from workflows where namespace_id = $1 and name = $2 for update",
      [version.namespaceId, version.name],
    );
    if (workflow === undefined) throw new Error("a workflow vanished while it was published");
    // A statement of its own: only one that begins after the wait for the row sees what was published during it.
    const same = await one<{ version: number }>(
      client,
      "select version from workflow_versions where workflow_id = $1 and hash = $2",
      [workflow.id, version.hash],
    );
    const number = same?.version ?? workflow.latest + 1;
    if (same === undefined) {
      await client.query(
        `with raised as (update workflows set latest_version = $2 where id = $1)
         insert into workflow_versions (workflow_id, version, namespace_id, hash, definition, published_at, published_by, note)
         values ($1, $2, $3, $4, $5, $6, $7, $8)`,
        [
          workflow.id,
          number,
          version.namespaceId,
          version.hash,
          version.definition,
          version.publishedAt,
          version.publishedBy,
          version.note,
        ],
      );
    }
    const { rowCount } = await client.query(
      "update workflows set archived_at = null where id = $1 and archived_at is not null",
      [workflow.id],
    );
    await client.query("commit");
    broken = false;
    return { workflowId: workflow.id, version: number, existed: same !== undefined, revived: rowCount !== 0 };
  } finally {
    // Without a commit the connection is closed, and with it the transaction rolled back.
    client.release(broken);
  }
}

/** Whether there is such a workflow. One that is archived already stays as it is. */
export async function archiveByName(db: Queryable, namespaceId: number, name: string, now: Date): Promise<boolean> {
  const archived = await one(
    db,
    "update workflows set archived_at = coalesce(archived_at, $3) where namespace_id = $1 and name = $2 returning id",
    [namespaceId, name, now],
  );
  return archived !== undefined;
}
