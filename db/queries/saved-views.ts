/** Views that people keep: their own, and those that others share. */
import type { Query } from "@/db/queries/query";
import type { ViewRoom } from "@/lib/contract/saved-views";

export interface SavedViewRow {
  id: bigint;
  userId: string;
  room: ViewRoom;
  name: string;
  query: string;
  isShared: boolean;
  createdAt: Date;
}

const COLUMNS = `id, user_id as "userId", room, name, query, is_shared as "isShared", created_at as "createdAt"`;

/** Oldest first: where they are shown, they keep their places. */
export function savedViewsPage(
  { namespaceId, userId }: { namespaceId: number; userId: string },
  rooms: readonly ViewRoom[],
  after: bigint,
  limit: number,
): Query<SavedViewRow> {
  return {
    name: "saved-views-page",
    text: `select ${COLUMNS} from saved_views
      where namespace_id = $1 and room = any($3::view_room[]) and (user_id = $2 or is_shared) and id > $4
      order by id limit $5`,
    values: [namespaceId, userId, rooms, after, limit],
  };
}

/** Waits for whoever changes it. Inside a transaction only. */
export function lockSavedView(namespaceId: number, id: bigint): Query<SavedViewRow> {
  return {
    name: "lock-saved-view",
    text: `select ${COLUMNS} from saved_views where id = $2 and namespace_id = $1 for update`,
    values: [namespaceId, id],
  };
}

export function countSavedViews(namespaceId: number, userId: string): Query<{ count: number }> {
  return {
    name: "count-saved-views",
    text: "select count(*)::int as count from saved_views where namespace_id = $1 and user_id = $2",
    values: [namespaceId, userId],
  };
}
