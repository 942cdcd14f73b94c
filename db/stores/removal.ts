/** The end of namespaces and organisations: marked in one transaction, removed in many small ones. */
import { CLOSED_STATUSES } from "@/lib/contract/namespace-settings";
import type { Queryable } from "../client";

/** Of the organisation, and of its namespace, that every installation has. */
const FIRST_ID = 1;

export interface DeletedRow {
  id: number;
  deletedAt: Date;
}

/**
 * Nobody gets in from then on, and its name is free. `last`: the organisation has no other; `kept`: it is the one that a
 * migration made. Within a transaction: the organisation's row is locked, so that of the last two only one can go.
 */
export async function markNamespaceDeleted(
  transaction: Queryable,
  organisationId: number,
  name: string,
  now: Date,
): Promise<{ id: number } | "last" | "kept" | "unknown"> {
  await transaction.query("select from organisations where id = $1 for update", [organisationId]);
  const { rows } = await transaction.query<{ id: number; name: string }>(
    "select id, name from namespaces where organisation_id = $1 and deleted_at is null",
    [organisationId],
  );
  const found = rows.find((row) => row.name === name);
  if (found === undefined) return "unknown";
  if (found.id === FIRST_ID) return "kept";
  if (rows.length === 1) return "last";
  await transaction.query("update namespaces set deleted_at = $2, name = $3 where id = $1", [
    found.id,
    now,
    endedName(found.id),
  ]);
  return { id: found.id };
}

/** With all its namespaces, which it names. `unknown`: its name is another one; `kept`: it is the one that a migration made. */
export async function markOrganisationDeleted(
  transaction: Queryable,
  id: number,
  name: string,
  now: Date,
): Promise<{ namespaces: number[] } | "kept" | "unknown"> {
  if (id === FIRST_ID) return "kept";
  const { rowCount } = await transaction.query(
    "update organisations set deleted_at = $3, name = $4 where id = $1 and name = $2 and deleted_at is null",
    [id, name, now, endedName(id)],
  );
  if (rowCount !== 1) return "unknown";
  const { rows } = await transaction.query<{ id: number }>(
    "update namespaces set deleted_at = coalesce(deleted_at, $2) where organisation_id = $1 returning id",
    [id, now],
  );
  return { namespaces: rows.map((row) => row.id) };
}

/** No name that anybody may give. */
function endedName(id: number): string {
  return `\u007fdeleted ${id}`;
}

export async function deletedNamespaces(db: Queryable): Promise<DeletedRow[]> {
  const { rows } = await db.query<DeletedRow>(
    `select id, deleted_at as "deletedAt" from namespaces where deleted_at is not null order by deleted_at, id`,
  );
  return rows;
}

/** Of which no namespace is left. */
export async function emptyOrganisations(db: Queryable): Promise<{ id: number }[]> {
  const { rows } = await db.query<{ id: number }>(
    `select o.id from organisations o where o.deleted_at is not null
       and not exists (select from namespaces n where n.organisation_id = o.id) order by o.id`,
  );
  return rows;
}

const PAGE = 500;

/** With their jobs and the runs that wait. False once none is left. */
export async function removeSchedules(db: Queryable, namespaceId: number): Promise<boolean> {
  return removeWithJobs(db, namespaceId, "schedules", "schedule:");
}

export async function removeOperations(db: Queryable, namespaceId: number): Promise<boolean> {
  return removeWithJobs(db, namespaceId, "operations", "operation:");
}

async function removeWithJobs(
  db: Queryable,
  namespaceId: number,
  table: "schedules" | "operations",
  jobs: string,
): Promise<boolean> {
  const { rows } = await db.query<{ removed: number }>(
    `with gone as (
       delete from ${table} where id in (select id from ${table} where namespace_id = $1 order by id limit ${PAGE})
       returning id
     )
     select count(*)::int as removed, count((graphile_worker.remove_job('${jobs}' || id)).id) from gone`,
    [namespaceId],
  );
  return (rows[0]?.removed ?? 0) > 0;
}

/** Those that something may still happen to, in order of their keys, after one. */
export async function openAfter(db: Queryable, namespaceId: number, after: bigint, limit: number): Promise<bigint[]> {
  const { rows } = await db.query<{ id: bigint }>({
    name: "open-after",
    text: `select id from executions where namespace_id = $1 and id > $2 and status <> all ($3::execution_status[])
           order by id limit $4`,
    values: [namespaceId, after, [...CLOSED_STATUSES, "quarantined"], limit],
  });
  return rows.map((row) => row.id);
}

/** False while it has an execution. */
export async function removeNamespaceRow(db: Queryable, namespaceId: number): Promise<boolean> {
  const { rows } = await db.query<{ removed: boolean }>("select remove_namespace($1) as removed", [namespaceId]);
  return rows[0]?.removed ?? false;
}

/** False once none is left. */
export async function removeAuditEntries(db: Queryable, organisationId: number): Promise<boolean> {
  const { rows } = await db.query<{ removed: number }>("select remove_audit($1, $2) as removed", [
    organisationId,
    10 * PAGE,
  ]);
  return (rows[0]?.removed ?? 0) > 0;
}

/** With its memberships and invitations; people keep their accounts. */
export async function removeOrganisationRow(db: Queryable, organisationId: number): Promise<void> {
  await db.query("delete from organisations where id = $1 and deleted_at is not null", [organisationId]);
}
