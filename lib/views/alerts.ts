/** Alerts, as the API shows them: never their secrets, nor the whole of a URL. */
import type { Queryable } from "@/db/client";
import {
  type DeliveryRow,
  type DestinationRow,
  deliveriesPage,
  destinationById,
  destinationsOf,
} from "@/db/queries/alerts";
import { allRows, firstRow } from "@/db/queries/query";
import type { Alert, AlertDelivery } from "@/lib/contract/alerts";
import { decodeId, encodeId } from "@/lib/contract/ids";
import { keyCursor, type Page, pageOf } from "@/lib/views/page";

/** All of them: a namespace has few. */
export async function listAlerts(reads: Queryable, namespaceId: number): Promise<Page<Alert>> {
  const rows = await allRows(reads, destinationsOf(namespaceId));
  return { items: rows.map(alertItem), nextCursor: null };
}

export async function readAlert(reads: Queryable, namespaceId: number, ref: string): Promise<Alert | null> {
  const id = decodeId("alert", ref);
  const row = id === null ? null : await firstRow(reads, destinationById(namespaceId, id));
  return row && alertItem(row);
}

/** Newest first; null where there is no such alert. */
export async function listDeliveries(
  reads: Queryable,
  namespaceId: number,
  ref: string,
  page: { before: bigint | null; limit: number },
): Promise<Page<AlertDelivery> | null> {
  const id = decodeId("alert", ref);
  const row = id === null ? null : await firstRow(reads, destinationById(namespaceId, id));
  if (row === null) return null;
  const rows = await allRows(reads, deliveriesPage(namespaceId, row.id, page.before, page.limit + 1));
  return pageOf(rows, page.limit, deliveryItem, (last) => keyCursor(last.id));
}

function alertItem(row: DestinationRow): Alert {
  return {
    id: encodeId("alert", row.id),
    name: row.name,
    kind: row.kind,
    target: row.shownTarget,
    events: row.events,
    enabled: row.enabled,
    createdAt: row.createdAt.toISOString(),
    createdBy: row.createdBy,
  };
}

function deliveryItem(row: DeliveryRow): AlertDelivery {
  const { deliveredAt, failedAt } = row;
  return {
    id: encodeId("delivery", row.id),
    event: row.event,
    executionId: row.executionId === null ? null : encodeId("execution", row.executionId),
    deadLetterId: row.deadLetterId === null ? null : encodeId("deadLetter", row.deadLetterId),
    status: deliveredAt !== null ? "delivered" : failedAt !== null ? "failed" : "waiting",
    attempts: row.attempts,
    createdAt: row.createdAt.toISOString(),
    deliveredAt: deliveredAt?.toISOString() ?? null,
    failedAt: failedAt?.toISOString() ?? null,
    lastError: row.lastError,
  };
}
