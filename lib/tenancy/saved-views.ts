/**
 * Views that people keep of a room. Each is its maker's: others see it where it is shared, and change it only if they
 * administer. Whoever may not see a room keeps no views of it.
 */
import { firstRow } from "@/db/queries/query";
import { countSavedViews, lockSavedView, type SavedViewRow } from "@/db/queries/saved-views";
import { changeSavedView, insertSavedView, removeSavedView } from "@/db/stores/saved-views";
import { inTransaction } from "@/db/transaction";
import { decodeId, encodeId } from "@/lib/contract/ids";
import type { Permission } from "@/lib/contract/permissions";
import { type CreateSavedView, type UpdateSavedView, VIEW_ROOMS, type ViewRoom } from "@/lib/contract/saved-views";
import { done, type Outcome, refused } from "@/lib/engine/outcome";
import { type Member, userIdOf } from "./caller";
import type { Note, TenancyServices } from "./services";

/** Of one person in one namespace. */
const VIEWS_AT_MOST = 200;

const SEEN_WITH: Record<ViewRoom, Permission> = { executions: "read", "dead-letters": "read", approvals: "inbox" };

/** The rooms that somebody may look into. */
export function roomsOf({ permissions }: Pick<Member, "permissions">): ViewRoom[] {
  return VIEW_ROOMS.filter((room) => permissions.has(SEEN_WITH[room]));
}

export async function createSavedView(
  { db, clock, keys }: TenancyServices,
  caller: Member,
  { room, name, query, isShared = false }: CreateSavedView,
  note: Note,
): Promise<Outcome<SavedViewRow>> {
  const userId = userIdOf(caller);
  if (userId === null || !roomsOf(caller).includes(room)) return refused("FORBIDDEN");
  const { namespaceId } = caller;
  const view = { id: keys.next(), userId, room, name, query, isShared, createdAt: new Date(clock.now()) };
  return inTransaction(db, async (transaction) => {
    const kept = await firstRow(transaction, countSavedViews(namespaceId, userId));
    if ((kept?.count ?? 0) >= VIEWS_AT_MOST)
      return refused("INVALID_REQUEST", `One person keeps at most ${VIEWS_AT_MOST} views; remove one first.`);
    if (!(await insertSavedView(transaction, { ...view, namespaceId }))) return refused("NAME_TAKEN");
    await writeDown(note, transaction, [view]);
    return done(view);
  });
}

export async function updateSavedView(
  { db }: Pick<TenancyServices, "db">,
  caller: Member,
  ref: string,
  change: UpdateSavedView,
  note: Note,
): Promise<Outcome<SavedViewRow>> {
  return inTransaction(db, async (transaction) => {
    const found = await changeable(transaction, caller, ref);
    if (!found.ok) return found;
    const before = found.value;
    const after = { ...before, ...change };
    if (!(await changeSavedView(transaction, before.id, after))) return refused("NAME_TAKEN");
    await writeDown(note, transaction, [before, after]);
    return done(after);
  });
}

export async function deleteSavedView(
  { db }: Pick<TenancyServices, "db">,
  caller: Member,
  ref: string,
  note: Note,
): Promise<Outcome<null>> {
  return inTransaction(db, async (transaction) => {
    const found = await changeable(transaction, caller, ref);
    if (!found.ok) return found;
    await removeSavedView(transaction, found.value.id);
    await writeDown(note, transaction, [found.value]);
    return done(null);
  });
}

/** One that the caller cannot see is answered like one that is not there. */
async function changeable(
  db: Parameters<Note["within"]>[0],
  caller: Member,
  ref: string,
): Promise<Outcome<SavedViewRow>> {
  const id = decodeId("savedView", ref);
  const view = id === null ? null : await firstRow(db, lockSavedView(caller.namespaceId, id));
  if (view === null || !roomsOf(caller).includes(view.room)) return refused("VIEW_NOT_FOUND");
  if (view.userId === userIdOf(caller)) return done(view);
  if (!view.isShared) return refused("VIEW_NOT_FOUND");
  return caller.permissions.has("administer")
    ? done(view)
    : refused("FORBIDDEN", "Only whoever made a view, and administrators, may change it.");
}

/** What is nobody else's business is in no log. */
async function writeDown(
  note: Note,
  transaction: Parameters<Note["within"]>[0],
  states: readonly Pick<SavedViewRow, "id" | "room" | "name" | "isShared">[],
): Promise<void> {
  const last = states.at(-1);
  if (last === undefined || !states.some(({ isShared }) => isShared)) return note.nothing();
  const { id, room, name, isShared } = last;
  await note.within(transaction, { target: encodeId("savedView", id), details: { room, name, isShared } });
}
