/** Reads of published versions, as the engine needs them to start and to fold executions. */
import type { Queryable } from "@/db/client";

export interface StoredVersion {
  workflowId: number;
  name: string;
  version: number;
  /** SHA-256 of the definition in RFC 8785 form, in hex. */
  hash: string;
  /** Canonical JSON. */
  definition: string;
}

const COLUMNS = `v.workflow_id as "workflowId", w.name, v.version, encode(v.hash, 'hex') as hash, v.definition`;

/** null where the namespace has no such version. */
export async function versionById(
  db: Queryable,
  namespaceId: number,
  workflowId: number,
  version: number,
): Promise<StoredVersion | null> {
  const { rows } = await db.query<StoredVersion>({
    name: "version-by-id",
    text: `select ${COLUMNS} from workflow_versions v join workflows w on w.id = v.workflow_id
      where v.workflow_id = $1 and v.version = $2 and w.namespace_id = $3`,
    values: [workflowId, version, namespaceId],
  });
  return rows[0] ?? null;
}

/** An archived workflow takes no new executions. */
export async function workflowByName(
  db: Queryable,
  namespaceId: number,
  name: string,
): Promise<{ workflowId: number; latestVersion: number; archived: boolean } | null> {
  const { rows } = await db.query<{ workflowId: number; latestVersion: number; archived: boolean }>({
    name: "workflow-by-name",
    text: `select id as "workflowId", latest_version as "latestVersion", archived_at is not null as archived from workflows
      where namespace_id = $1 and name = $2`,
    values: [namespaceId, name],
  });
  return rows[0] ?? null;
}
