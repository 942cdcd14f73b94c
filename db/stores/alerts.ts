/** Destinations as people make and change them, and deliveries as they are told. Deliveries are made by triggers. */
import type { DestinationRow } from "@/db/queries/alerts";
import type { Queryable } from "../client";

/** False where the namespace has as many as it may have. */
export async function insertDestination(
  db: Queryable,
  row: Omit<DestinationRow, "namespace">,
  max: number,
): Promise<boolean> {
  const { rowCount } = await db.query({
    name: "insert-alert-destination",
    text: `insert into alert_destinations (id, namespace_id, name, kind, sealed_target, shown_target, events,
        secret_version, enabled, created_at, created_by)
      select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11
      where (select count(*) from alert_destinations where namespace_id = $2) < $12`,
    values: [
      row.id,
      row.namespaceId,
      row.name,
      row.kind,
      row.sealedTarget,
      row.shownTarget,
      row.events,
      row.secretVersion,
      row.enabled,
      row.createdAt,
      row.createdBy,
      max,
    ],
  });
  return rowCount === 1;
}

/** False where there is none. What is undefined stays. */
export async function updateDestination(
  db: Queryable,
  namespaceId: number,
  id: bigint,
  change: { name?: string; events?: readonly string[]; enabled?: boolean },
): Promise<boolean> {
  const { rowCount } = await db.query({
    name: "update-alert-destination",
    text: `update alert_destinations set name = coalesce($3, name), events = coalesce($4, events), enabled = coalesce($5, enabled)
      where namespace_id = $1 and id = $2`,
    values: [namespaceId, id, change.name ?? null, change.events ?? null, change.enabled ?? null],
  });
  return rowCount === 1;
}

/** Its new version; null where there is no webhook of that id. */
export async function nextSecretVersion(db: Queryable, namespaceId: number, id: bigint): Promise<number | null> {
  const { rows } = await db.query<{ version: number }>({
    name: "next-alert-secret",
    text: `update alert_destinations set secret_version = secret_version + 1
      where namespace_id = $1 and id = $2 and kind = 'webhook' returning secret_version as version`,
    values: [namespaceId, id],
  });
  return rows[0]?.version ?? null;
}

/** With what it was told and was to be told. */
export async function deleteDestination(db: Queryable, namespaceId: number, id: bigint): Promise<boolean> {
  const { rowCount } = await db.query({
    name: "delete-alert-destination",
    text: "delete from alert_destinations where namespace_id = $1 and id = $2",
    values: [namespaceId, id],
  });
  return rowCount === 1;
}

/** One message told all of these. */
export async function noteDelivered(db: Queryable, ids: readonly bigint[], at: Date): Promise<void> {
  await db.query({
    name: "note-alerts-delivered",
    text: `update alert_deliveries set delivered_at = $2, attempts = attempts + 1, last_error = null
      where id = any($1::bigint[]) and delivered_at is null and failed_at is null`,
    values: [ids, at],
  });
}

/** They are tried again, unless they were made before `giveUpBefore`. */
export async function noteFailed(
  db: Queryable,
  ids: readonly bigint[],
  { at, giveUpBefore, error }: { at: Date; giveUpBefore: Date; error: string },
): Promise<void> {
  await db.query({
    name: "note-alerts-failed",
    text: `update alert_deliveries set attempts = attempts + 1, last_error = $4,
        failed_at = case when created_at < $3 then $2::timestamptz end
      where id = any($1::bigint[]) and delivered_at is null and failed_at is null`,
    values: [ids, at, giveUpBefore, error],
  });
}

/** Of a destination that was turned off. */
export async function dropOpen(db: Queryable, destinationId: bigint, at: Date): Promise<void> {
  await db.query({
    name: "drop-open-alerts",
    text: `update alert_deliveries set failed_at = $2, last_error = 'The destination is turned off.'
      where destination_id = $1 and delivered_at is null and failed_at is null`,
    values: [destinationId, at],
  });
}

/** A message that somebody asked for to see whether it arrives. */
export async function noteTest(
  db: Queryable,
  { id, namespaceId }: Pick<DestinationRow, "id" | "namespaceId">,
  at: Date,
  error: string | null,
): Promise<void> {
  await db.query({
    name: "note-alert-test",
    text: `insert into alert_deliveries (id, namespace_id, destination_id, event, created_at, attempts, delivered_at, failed_at, last_error)
      values (new_alert_delivery_key(), $1, $2, 'test', $3, 1, case when $4::text is null then $3::timestamptz end,
        case when $4::text is not null then $3::timestamptz end, $4)`,
    values: [namespaceId, id, at, error],
  });
}

export async function armAlert(db: Queryable, destinationId: bigint, at: Date): Promise<void> {
  await db.query({ name: "arm-alert", text: "select arm_alert($1, $2)", values: [destinationId, at] });
}

/** Adds the jobs that should exist and do not, or that died with their process. */
export async function addLostAlertJobs(db: Queryable): Promise<void> {
  await db.query(
    `select arm_alert(d.destination_id, now()) from (
       select distinct destination_id from alert_deliveries where delivered_at is null and failed_at is null
     ) d where not exists (
       select from graphile_worker.jobs j where j.key = 'alert:' || d.destination_id and j.attempts < j.max_attempts
         and (j.locked_at is null or j.locked_at > now() - interval '10 minutes')
     )`,
  );
}

/** What was told, or given up, is shown for a month. */
export async function forgetDeliveries(db: Queryable): Promise<void> {
  await db.query(
    `delete from alert_deliveries where id in (
       select id from alert_deliveries
       where id < ((floor(extract(epoch from now()) * 1000)::bigint - 1735689600000 - 30 * 86400000::bigint) << 22)
         and (delivered_at is not null or failed_at is not null) order by id limit 10000)`,
  );
}
