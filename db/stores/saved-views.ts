/** Saved views: kept, changed and removed. */
import type { ViewRoom } from "../../lib/contract/saved-views";
import type { Queryable } from "../client";

export interface NewSavedView {
  id: bigint;
  namespaceId: number;
  userId: string;
  room: ViewRoom;
  name: string;
  query: string;
  isShared: boolean;
  createdAt: Date;
}

/** False where the person has one of that name in the room. */
export async function insertSavedView(db: Queryable, view: NewSavedView): Promise<boolean> {
  const { rowCount } = await db.query({
    name: "insert-saved-view",
    text: `insert into saved_views (id, namespace_id, user_id, room, name, query, is_shared, created_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (namespace_id, user_id, room, name) do nothing`,
    values: [view.id, view.namespaceId, view.userId, view.room, view.name, view.query, view.isShared, view.createdAt],
  });
  return rowCount === 1;
}

/** False where its owner has another one of that name: then the transaction that this is part of comes to nothing. */
export async function changeSavedView(
  db: Queryable,
  id: bigint,
  { name, query, isShared }: Pick<NewSavedView, "name" | "query" | "isShared">,
): Promise<boolean> {
  try {
    await db.query({
      name: "change-saved-view",
      text: "update saved_views set name = $2, query = $3, is_shared = $4 where id = $1",
      values: [id, name, query, isShared],
    });
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === UNIQUE_VIOLATION) return false;
    throw error;
  }
}

const UNIQUE_VIOLATION = "23505";

export async function removeSavedView(db: Queryable, id: bigint): Promise<void> {
  await db.query({ name: "remove-saved-view", text: "delete from saved_views where id = $1", values: [id] });
}
