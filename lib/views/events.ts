/** Pages of a history, in the form in which they are stored. */

import type { Queryable } from "@/db/client";
import { type EventListRow, eventsPage } from "@/db/queries/events";
import { allRows } from "@/db/queries/query";
import type { JsonObject } from "@/lib/contract/json";
import { type Page, pageOf } from "@/lib/views/page";

/** Of any type, those newer than this build too: a page can still list them. */
export interface EventItem {
  sequence: number;
  type: string;
  at: string;
  actor: string;
  command: number;
  data: JsonObject;
}

/** @returns `nextCursor` is the next `after` */
export async function listEvents(
  reads: Queryable,
  executionId: bigint,
  after: number,
  limit: number,
): Promise<Page<EventItem>> {
  const rows = await allRows(reads, eventsPage(executionId, after, limit + 1));
  return pageOf(rows, limit, eventItem, (last) => String(last.sequence));
}

function eventItem({ sequence, type, at, actor, command, data }: EventListRow): EventItem {
  return { sequence, type, at: at.toISOString(), actor, command, data: JSON.parse(data) };
}
