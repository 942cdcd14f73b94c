/**
 * When a history gets a snapshot: at its close, and on the way once it has grown by enough events, and by at least as much
 * text as the snapshot itself takes. So those on the way together never outgrow the history, however large its state.
 */
import { serializeState } from "@/lib/core/execution/serialize-state";
import { isClosed } from "@/lib/core/execution/statuses";
import type { Folded } from "./folded";

/** A shorter history, or piece of one, is folded as fast without. */
export const SNAPSHOT_EVERY = 500;

/**
 * The snapshot that is due after a commit, as text, and the execution as it is to be held from then on. One that turned out
 * too large for now is not looked at again before the history has grown by its size.
 */
export function dueSnapshot(folded: Folded): { folded: Folded; text: string | null } {
  const { state, sinceSnapshot, snapshotCharacters } = folded;
  const { events, characters } = sinceSnapshot;
  if (state.sequence <= SNAPSHOT_EVERY || events === 0) return { folded, text: null };
  const closed = isClosed(state);
  if (!closed && (events < SNAPSHOT_EVERY || characters < snapshotCharacters)) return { folded, text: null };
  const text = JSON.stringify(serializeState(state));
  const known = { ...folded, snapshotCharacters: text.length };
  if (!closed && characters < text.length) return { folded: known, text: null };
  return { folded: { ...known, sinceSnapshot: { events: 0, characters: 0 } }, text };
}
