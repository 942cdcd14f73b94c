/** Saved views, as the API shows them to one person. */
import type { Queryable } from "@/db/client";
import { allRows } from "@/db/queries/query";
import { type SavedViewRow, savedViewsPage } from "@/db/queries/saved-views";
import { encodeId } from "@/lib/contract/ids";
import type { SavedView, ViewRoom } from "@/lib/contract/saved-views";
import { keyCursor, type Page, pageOf } from "@/lib/views/page";

export async function listSavedViews(
  reads: Queryable,
  { namespaceId, userId }: { namespaceId: number; userId: string },
  { rooms, after, limit }: { rooms: readonly ViewRoom[]; after: bigint; limit: number },
): Promise<Page<SavedView>> {
  const rows = await allRows(reads, savedViewsPage({ namespaceId, userId }, rooms, after, limit + 1));
  return pageOf(
    rows,
    limit,
    (row) => savedViewItem(row, userId),
    (last) => keyCursor(last.id),
  );
}

export function savedViewItem(row: SavedViewRow, userId: string): SavedView {
  const { id, room, name, query, isShared, createdAt } = row;
  return {
    id: encodeId("savedView", id),
    room,
    name,
    query,
    isShared,
    isMine: row.userId === userId,
    createdAt: createdAt.toISOString(),
  };
}
