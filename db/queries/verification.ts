/** Everything that is stored beside a history and must follow from it, as of one moment. */
import { createHash } from "node:crypto";
import type { Queryable } from "@/db/client";
import { PayloadDamaged } from "@/db/payload-codec";
import { aboutApproval } from "@/db/queries/approvals";
import { aboutDeadLetter } from "@/db/queries/dead-letters";
import { openRows, type SealedColumns } from "@/db/sealed-payloads";
import { aboutSnapshot, aboutValue } from "@/db/stores/histories";
import type { ExecutionStatus } from "@/lib/contract/executions";
import { SIGNATURE, type SignatureRow } from "./signatures";

export interface StoredProjections {
  id: bigint;
  workflowId: number;
  workflow: string;
  version: number;
  sequence: number;
  status: ExecutionStatus;
  head: Buffer;
  nextWakeAt: Date | null;
  startAt: Date | null;
  startedAt: Date | null;
  closedAt: Date | null;
  key: string | null;
  parent: bigint | null;
  forkedFrom: bigint | null;
  correlationId: string | null;
  tags: string[];
  /** From the table that is searched. */
  searchTags: string[];
  tasks: StoredTask[];
  approvals: StoredApproval[];
  /** In the order in which they were written. */
  deadLetters: StoredDeadLetter[];
  /** In the order in which they were made. */
  signatures: SignatureRow[];
}

/** As JSON: keys are decimal text. */
export interface StoredTask {
  id: string;
  step: string;
  queue: string;
  task: string;
  held: boolean;
  concurrencyKey: string | null;
  concurrencyLimit: number | null;
}

/** As JSON, with the names that the core gives them; instants with their time zone. */
export interface StoredApproval {
  id: string;
  step: string;
  node: string;
  index: number[] | null;
  iteration: number;
  status: string;
  title: string | null;
  description: string | null;
  assignees: string[];
  /** From the table that is searched, with their own status. */
  waiting: { assignee: string; status: string }[];
  form: string | null;
  data: string | null;
  dataRef: string | null;
  requestedAt: string;
  expiresAt: string | null;
  decidedBy: string | null;
  comment: string | null;
}

export interface StoredDeadLetter {
  id: string;
  node: string;
  index: number[] | null;
  iteration: number;
  version: number;
  attempts: number;
  error: string;
  fingerprint: string;
  status: string;
}

const TASK = `json_build_object('id', t.id::text, 'step', t.step, 'queue', t.queue, 'task', t.task, 'held', t.held,
  'concurrencyKey', t.concurrency_key, 'concurrencyLimit', t.concurrency_limit)`;
const APPROVAL = `json_build_object('id', a.id::text, 'step', a.step, 'node', a.node, 'index', a.index, 'iteration', a.iteration,
  'status', a.status, 'title', a.title, 'description', a.description, 'assignees', a.assignees, 'form', a.form,
  'data', a.data, 'dataRef', a.data_ref, 'requestedAt', a.requested_at, 'expiresAt', a.expires_at,
  'decidedBy', a.decided_by, 'comment', a.comment,
  'waiting', array(select json_build_object('assignee', g.assignee, 'status', g.status)
    from approval_assignees g where g.approval_id = a.id order by g.assignee collate "C"))`;
const DEAD_LETTER = `json_build_object('id', d.id::text, 'node', d.node, 'index', d.index, 'iteration', d.iteration, 'version', d.version,
  'attempts', d.attempts, 'error', d.error, 'fingerprint', d.fingerprint, 'status', d.status)`;

export async function storedProjections(
  db: Queryable,
  namespaceId: number,
  id: bigint,
): Promise<StoredProjections | null> {
  const { rows } = await db.query<StoredProjections>({
    name: "stored-projections",
    text: `select e.id, e.workflow_id as "workflowId", w.name as workflow, e.version, e.sequence, e.status, e.head,
             e.next_wake_at as "nextWakeAt", e.start_at as "startAt", e.started_at as "startedAt",
             e.closed_at as "closedAt", e.key, e.parent_execution_id as parent, e.forked_from as "forkedFrom",
             e.correlation_id as "correlationId", coalesce(e.tags, '{}') as tags,
             array(select tag from execution_tags where namespace_id = $2 and tag = any (e.tags) and execution_id = e.id)
               as "searchTags",
             (select coalesce(json_agg(${TASK}), '[]') from tasks t where t.execution_id = e.id) as tasks,
             (select coalesce(json_agg(${APPROVAL}), '[]') from approvals a where a.execution_id = e.id) as approvals,
             (select coalesce(json_agg(${DEAD_LETTER} order by d.created_at, d.id), '[]') from dead_letters d where d.execution_id = e.id)
               as "deadLetters",
             (select coalesce(json_agg(${SIGNATURE} order by s.sequence), '[]') from history_signatures s where s.execution_id = e.id)
               as signatures
           from executions e join workflows w on w.id = e.workflow_id
           where e.id = $1 and e.namespace_id = $2`,
    values: [id, namespaceId],
  });
  const [stored] = rows;
  return stored === undefined ? null : openProjections(db, namespaceId, stored);
}

async function openProjections(
  db: Queryable,
  namespaceId: number,
  stored: StoredProjections,
): Promise<StoredProjections> {
  const approvals = await openOrMark(db, stored.approvals, {
    columns: ["title", "description", "form", "data", "comment"],
    about: ({ id }, column) => aboutApproval(namespaceId, BigInt(id), column),
  });
  const deadLetters = await openOrMark(db, stored.deadLetters, {
    columns: ["error"],
    about: ({ id }) => aboutDeadLetter(namespaceId, BigInt(id), "error"),
  });
  return { ...stored, approvals, deadLetters };
}

/** What was changed, or put elsewhere, stays as it is stored: then it differs from what it ought to be. */
async function openOrMark<Row extends object>(db: Queryable, rows: Row[], sealed: SealedColumns<Row>): Promise<Row[]> {
  return Promise.all(
    rows.map(async (row) => {
      const [opened = row] = await openRows(db, [row], sealed).catch(unlessDamaged([row]));
      return opened;
    }),
  );
}

function unlessDamaged<T>(instead: T): (error: unknown) => T {
  return (error) => {
    if (error instanceof PayloadDamaged) return instead;
    throw error;
  };
}

export interface StoredSnapshot {
  namespaceId: number;
  sequence: number;
  head: Buffer;
  state: string;
}

/** Those of one state version, in order. */
export async function snapshotsOf(db: Queryable, id: bigint, stateVersion: number): Promise<StoredSnapshot[]> {
  const { rows } = await db.query<StoredSnapshot>({
    name: "snapshots-of",
    text: `select namespace_id as "namespaceId", sequence, head, state from snapshots where execution_id = $1 and state_version = $2 order by sequence`,
    values: [id, stateVersion],
  });
  return openOrMark(db, rows, {
    columns: ["state"],
    about: ({ namespaceId, sequence }) => aboutSnapshot(namespaceId, id, sequence),
  });
}

/** Large values of one execution, by hash in hex, and whether each is still what its hash says. */
export async function valuesOf(db: Queryable, id: bigint): Promise<{ hash: string; intact: boolean }[]> {
  const { rows } = await db.query<StoredValue>({
    name: "values-of",
    text: `select namespace_id as "namespaceId", encode(hash, 'hex') as hash, hash = sha256(convert_to(body, 'UTF8')) as intact,
             case when starts_with(body, '"enc:') or starts_with(body, '"\\u0065nc:') then body end as body
           from payloads where execution_id = $1`,
    values: [id],
  });
  const opened = await openOrMark(db, rows, {
    columns: ["body"],
    about: ({ namespaceId, hash }) => aboutValue(namespaceId, id, hash),
  });
  return opened.map(({ hash, intact, body }) => ({ hash, intact: intact || (body !== null && hashed(body) === hash) }));
}

interface StoredValue {
  namespaceId: number;
  hash: string;
  intact: boolean;
  /** Of one that is stored otherwise than it was hashed. */
  body: string | null;
}

function hashed(body: string): string {
  const given = body.startsWith('"\\u0065nc:') ? `"e${body.slice(7)}` : body;
  return createHash("sha256").update(given).digest("hex");
}
