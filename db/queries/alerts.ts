/** Destinations of alerts, and what is to be told or was told lately. */
import type { Query } from "@/db/queries/query";
import type { AlertKind } from "@/lib/contract/alerts";

export interface DestinationRow {
  id: bigint;
  namespaceId: number;
  /** The namespace's name. */
  namespace: string;
  name: string;
  kind: AlertKind;
  sealedTarget: string;
  shownTarget: string;
  events: string[];
  secretVersion: number;
  enabled: boolean;
  createdAt: Date;
  createdBy: string;
}

const DESTINATION = `id, namespace_id as "namespaceId",
  (select n.name from namespaces n where n.id = namespace_id) as namespace, name, kind, sealed_target as "sealedTarget",
  shown_target as "shownTarget", events, secret_version as "secretVersion", enabled, created_at as "createdAt",
  created_by as "createdBy"`;

export function destinationsOf(namespaceId: number): Query<DestinationRow> {
  return {
    name: "alert-destinations",
    text: `select ${DESTINATION} from alert_destinations where namespace_id = $1 order by id`,
    values: [namespaceId],
  };
}

export function destinationById(namespaceId: number, id: bigint): Query<DestinationRow> {
  return {
    name: "alert-destination",
    text: `select ${DESTINATION} from alert_destinations where namespace_id = $1 and id = $2`,
    values: [namespaceId, id],
  };
}

/** For the job, which knows no namespace. */
export function destinationToTell(id: bigint): Query<DestinationRow> {
  return {
    name: "alert-destination-to-tell",
    text: `select ${DESTINATION} from alert_destinations where id = $1`,
    values: [id],
  };
}

export interface DeliveryRow {
  id: bigint;
  event: string;
  executionId: bigint | null;
  deadLetterId: bigint | null;
  createdAt: Date;
  attempts: number;
  deliveredAt: Date | null;
  failedAt: Date | null;
  lastError: string | null;
}

const DELIVERY = `d.id, d.event, d.execution_id as "executionId", d.dead_letter_id as "deadLetterId",
  d.created_at as "createdAt", d.attempts, d.delivered_at as "deliveredAt", d.failed_at as "failedAt",
  d.last_error as "lastError"`;

/** Newest first. */
export function deliveriesPage(
  namespaceId: number,
  destinationId: bigint,
  before: bigint | null,
  limit: number,
): Query<DeliveryRow> {
  return {
    name: "alert-deliveries-page",
    text: `select ${DELIVERY} from alert_deliveries d
      where d.namespace_id = $1 and d.destination_id = $2 and ($3::bigint is null or d.id < $3)
      order by d.id desc limit $4`,
    values: [namespaceId, destinationId, before, limit],
  };
}

/** What an open delivery is about. */
export interface OpenDeliveryRow extends DeliveryRow {
  key: string | null;
  workflow: string | null;
  version: number | null;
  status: string | null;
}

/** When one is tried again: after 5 s, and each time after as long as all before together. */
const DUE_AT = "d.created_at + make_interval(secs => 5 * (power(2, least(d.attempts, 16)) - 1))";

/** What is due to be told to one destination, oldest first. */
export function openDeliveries(
  { namespaceId, id }: Pick<DestinationRow, "namespaceId" | "id">,
  now: Date,
  limit: number,
): Query<OpenDeliveryRow> {
  return {
    name: "open-alert-deliveries",
    text: `select ${DELIVERY}, e.key, w.name as workflow, e.version, e.status from alert_deliveries d
      left join executions e on e.id = d.execution_id and e.namespace_id = d.namespace_id
      left join workflows w on w.id = e.workflow_id
      where d.namespace_id = $1 and d.destination_id = $2 and d.delivered_at is null and d.failed_at is null and ${DUE_AT} <= $3
      order by d.id limit $4`,
    values: [namespaceId, id, now, limit],
  };
}

/** Messages that went out since then, each once however many deliveries it told, and when the first of them did. */
export function sentSince(
  { namespaceId, id }: Pick<DestinationRow, "namespaceId" | "id">,
  since: Date,
): Query<{ messages: number; first: Date | null; next: Date | null }> {
  return {
    name: "alerts-sent-since",
    text: `select count(distinct d.delivered_at)::int as messages, min(d.delivered_at) as first,
        (select min(${DUE_AT}) from alert_deliveries d
         where d.namespace_id = $1 and d.destination_id = $2 and d.delivered_at is null and d.failed_at is null) as next
      from alert_deliveries d where d.namespace_id = $1 and d.destination_id = $2 and d.delivered_at > $3`,
    values: [namespaceId, id, since],
  };
}
