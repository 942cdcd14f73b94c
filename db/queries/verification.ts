/** Everything that is stored beside a history and must follow from it, as of one moment. */
import type { Queryable } from "@/db/client";
import type { ExecutionStatus } from "@/lib/contract/executions";

export interface StoredProjections {
  id: bigint;
  workflowId: number;
  workflow: string;
  version: number;
  sequence: number;
  status: ExecutionStatus;
  head: Buffer;
  nextWakeAt: Date | null;
  startedAt: Date | null;
  closedAt: Date | null;
  key: string | null;
  correlationId: string | null;
  tags: string[];
  /** From the table that is searched. */
  searchTags: string[];
  /** Keys are decimal text: they come as JSON. */
  tasks: { id: string; step: string; queue: string; task: string }[];
}

export async function storedProjections(
  db: Queryable,
  namespaceId: number,
  id: bigint,
): Promise<StoredProjections | null> {
  const { rows } = await db.query<StoredProjections>({
    name: "stored-projections",
    text: `select e.id, e.workflow_id as "workflowId", w.name as workflow, e.version, e.sequence, e.status, e.head,
             e.next_wake_at as "nextWakeAt", e.started_at as "startedAt", e.closed_at as "closedAt", e.key,
             e.correlation_id as "correlationId", coalesce(e.tags, '{}') as tags,
             array(select tag from execution_tags where namespace_id = $2 and tag = any (e.tags) and execution_id = e.id)
               as "searchTags",
             (select coalesce(json_agg(json_build_object('id', t.id::text, 'step', t.step, 'queue', t.queue, 'task', t.task)),
               '[]') from tasks t where t.execution_id = e.id) as tasks
           from executions e join workflows w on w.id = e.workflow_id
           where e.id = $1 and e.namespace_id = $2`,
    values: [id, namespaceId],
  });
  return rows[0] ?? null;
}

export interface StoredSnapshot {
  sequence: number;
  head: Buffer;
  state: string;
}

/** Those of one state version, in order. */
export async function snapshotsOf(db: Queryable, id: bigint, stateVersion: number): Promise<StoredSnapshot[]> {
  const { rows } = await db.query<StoredSnapshot>({
    name: "snapshots-of",
    text: `select sequence, head, state from snapshots where execution_id = $1 and state_version = $2 order by sequence`,
    values: [id, stateVersion],
  });
  return rows;
}

/** Large values of one execution, by hash in hex, and whether each is still what its hash says. */
export async function valuesOf(db: Queryable, id: bigint): Promise<{ hash: string; intact: boolean }[]> {
  const { rows } = await db.query<{ hash: string; intact: boolean }>({
    name: "values-of",
    text: `select encode(hash, 'hex') as hash, hash = sha256(convert_to(body, 'UTF8')) as intact
           from payloads where execution_id = $1`,
    values: [id],
  });
  return rows;
}
