/** Dead letters for lists, groups and pages, newest first; every filter walks an index. */
import type { Queryable } from "@/db/client";
import type { About } from "@/db/payload-codec";
import { allRows, type Query } from "@/db/queries/query";
import type { SealedColumns } from "@/db/sealed-payloads";
import { aboutEvent } from "@/db/stores/histories";
import type { DeadLetterStatus } from "@/lib/contract/dead-letters";

export interface DeadLetterRow {
  id: bigint;
  execution_id: bigint;
  workflow: string;
  version: number;
  node: string;
  index: number[] | null;
  iteration: number;
  attempts: number;
  /** JSON text. */
  error: string;
  fingerprint: string;
  status: DeadLetterStatus;
  created_at: Date;
  note: string | null;
}

const COLUMNS = `d.id, d.execution_id, d.workflow, d.version, d.node, d.index, d.iteration, d.attempts, d.error, d.fingerprint,
  d.status, d.created_at, d.note`;

/** @param id the dead letter's */
export function aboutDeadLetter(namespaceId: number, id: bigint, column: "error" | "note"): About {
  return { namespaceId, of: id, as: `dead letter ${column}` };
}

function sealedIn(namespaceId: number): SealedColumns<DeadLetterRow> {
  return {
    columns: ["error", "note"],
    about: ({ id }, column) => aboutDeadLetter(namespaceId, id, column === "note" ? column : "error"),
  };
}

export interface DeadLetterFilter {
  namespaceId: number;
  statuses: readonly DeadLetterStatus[];
  workflow?: string;
  /** Only of these; not together with `workflow`. */
  workflows?: readonly string[];
  code?: string;
  fingerprint?: string;
  /** Only those made before this one: the last of the page before. */
  before?: bigint;
  limit: number;
}

/** One page. Each status is a branch of its own that reads an index newest first and stops at the limit. */
export function deadLettersPage(filter: DeadLetterFilter): Query<DeadLetterRow> {
  const { values, limit, ids } = matching(filter);
  const text = `select ${COLUMNS} from dead_letters d
    where d.id = any(array(select id from (${ids}) found order by id desc limit ${limit})) order by d.id desc`;
  return { text, values, sealed: sealedIn(filter.namespaceId) };
}

/** The same without what pages show: for whoever goes through all of them. */
export function matchingDeadLetters(filter: DeadLetterFilter): Query<{ id: bigint }> {
  const { values, limit, ids } = matching(filter);
  return { text: `select id from (${ids}) found order by id desc limit ${limit}`, values };
}

/** How many there are in a page of them, and the last one's id; null where there is none. */
export function countDeadLetters(filter: DeadLetterFilter): Query<{ found: number; last: bigint | null }> {
  const { text, values } = matchingDeadLetters(filter);
  return { text: `select count(*)::int as found, min(id) as last from (${text}) page`, values };
}

function matching(filter: DeadLetterFilter): { values: unknown[]; limit: string; ids: string } {
  const values: unknown[] = [];
  const bind = (value: unknown) => `$${values.push(value)}`;
  const limit = bind(filter.limit);
  const namespace = bind(filter.namespaceId);
  const conditions = [`d.namespace_id = ${namespace}`];
  const ofWorkflow = (name: string) =>
    `d.workflow_id = (select id from workflows where namespace_id = ${namespace} and name = ${bind(name)})`;
  if (filter.workflow !== undefined) conditions.push(ofWorkflow(filter.workflow));
  if (filter.code !== undefined) conditions.push(`d.code = ${bind(filter.code)}`);
  if (filter.fingerprint !== undefined) conditions.push(`d.fingerprint = ${bind(filter.fingerprint)}`);
  if (filter.before !== undefined) conditions.push(`d.id < ${bind(filter.before)}`);
  const workflows = filter.workflows?.map((name) => [ofWorkflow(name)]) ?? [[]];
  const branches = workflows.flatMap((workflow) =>
    filter.statuses.map(
      (status) => `(select d.id from dead_letters d
        where ${[...conditions, ...workflow, `d.status = ${bind(status)}`].join(" and ")}
        order by d.id desc limit ${limit})`,
    ),
  );
  return { values, limit, ids: branches.join(" union all ") };
}

export function deadLetterById(namespaceId: number, id: bigint): Query<DeadLetterRow> {
  return {
    name: "dead-letter-by-id",
    text: `select ${COLUMNS} from dead_letters d where d.id = $2 and d.namespace_id = $1`,
    values: [namespaceId, id],
    sealed: sealedIn(namespaceId),
  };
}

export interface DeadLetterGroupRow {
  fingerprint: string;
  /** JSON text: the latest's. */
  error: string;
  workflows: string[];
  count: number;
  first_seen_at: Date;
  last_seen_at: Date;
  last_id: bigint;
}

/** Groups are made of the newest open ones: the page must not read millions of rows. */
const GROUPED_AT_MOST = 50_000;

/**
 * @param before the latest dead letter of the last group of the page before
 * @param workflows null: of all
 */
export function deadLetterGroups(
  namespaceId: number,
  before: bigint | null,
  limit: number,
  workflows: readonly string[] | null = null,
): Query<DeadLetterGroupRow> {
  return {
    name: "dead-letter-groups",
    text: `with groups as (
        select fingerprint, count(*)::int as count, array_agg(distinct workflow order by workflow) as workflows,
          min(created_at) as first_seen_at, max(created_at) as last_seen_at, max(id) as last_id
        from (
          select id, fingerprint, workflow, created_at from dead_letters
          where namespace_id = $1 and status = 'open' and ($4::text[] is null or workflow = any($4)) order by id desc limit ${GROUPED_AT_MOST}
        ) open
        group by fingerprint having $2::bigint is null or max(id) < $2 order by max(id) desc limit $3
      )
      select g.*, d.error from groups g join dead_letters d on d.id = g.last_id order by g.last_id desc`,
    values: [namespaceId, before, limit, workflows],
    sealed: { columns: ["error"], about: ({ last_id }) => aboutDeadLetter(namespaceId, last_id, "error") },
  };
}

export interface StepEventRow {
  namespace_id: number;
  sequence: number;
  at: Date;
  /** JSON text of the event. */
  data: string;
}

/** The latest failed attempts of one step, newest first. Read from the end: a dead letter's attempts are the last that failed. */
export function failedAttempts(letter: DeadLetterRow, limit: number, before = MAX_SEQUENCE): Query<StepEventRow> {
  return stepEvents("failed-attempts", "StepAttemptFailed", letter, { range: "sequence < $5", from: before, limit });
}

/** The dispatch that says what a step was given: the first of its iteration. */
export function firstDispatch(letter: DeadLetterRow, limit = 1, after = 0): Query<StepEventRow> {
  return stepEvents("first-dispatch", "StepScheduled", letter, { range: "sequence > $5", from: after, limit });
}

/** Up to `limit` of these: events whose data is sealed are told from those of other steps once they are open. */
export async function stepEventsOf(
  db: Queryable,
  letter: DeadLetterRow,
  query: typeof failedAttempts | typeof firstDispatch,
  limit: number,
): Promise<StepEventRow[]> {
  const found: StepEventRow[] = [];
  let size = limit;
  let from: number | undefined;
  for (;;) {
    const rows = await allRows(db, query(letter, size, from));
    found.push(...rows.filter((row) => isOf(letter, row)));
    if (found.length >= limit || rows.length < size) return found.slice(0, limit);
    from = rows.at(-1)?.sequence;
    size = PAGE;
  }
}

const PAGE = 500;
const MAX_SEQUENCE = 2_147_483_647;

function stepEvents(
  name: string,
  type: string,
  { execution_id, node, iteration, index }: DeadLetterRow,
  { range, from, limit }: { range: "sequence < $5" | "sequence > $5"; from: number; limit: number },
): Query<StepEventRow> {
  return {
    name,
    text: `select namespace_id, sequence, at, data from events
      where execution_id = $1 and type = '${type}' and ${range} and ${OF_STEP}
      order by sequence ${range === "sequence < $5" ? "desc" : ""} limit $6`,
    values: [execution_id, node, iteration, indexText(index), from, limit],
    sealed: {
      columns: ["data"],
      about: (row) => aboutEvent(row.namespace_id, execution_id, row.sequence),
    },
  };
}

/** True, too, of what is sealed. */
const OF_STEP = `case when starts_with(data, '{') then data::json->>'node' = $2
  and (data::json->>'iteration')::int = $3 and coalesce((data::json->'index')::text, '') = $4 else true end`;

/** As canonical JSON writes it in the event; empty where there is none. */
function indexText(index: readonly number[] | null): string {
  return index === null ? "" : JSON.stringify(index);
}

function isOf({ node, iteration, index }: DeadLetterRow, { data }: StepEventRow): boolean {
  const event = JSON.parse(data) as { node: string; iteration: number; index?: number[] };
  return event.node === node && event.iteration === iteration && indexText(event.index ?? null) === indexText(index);
}
