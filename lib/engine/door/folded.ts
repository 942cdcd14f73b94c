/** One execution as a process holds it. */
import type { ExecutionState } from "@/lib/core/execution/state";
import { firstHead } from "./hash-chain";

/** The folded state, and what else the row says. */
export interface Folded {
  id: bigint;
  namespaceId: number;
  workflowId: number;
  /** As the row has it; `quarantined` is a fact about the row that no event tells. */
  status: string;
  state: ExecutionState;
  /** Hash chain up to `state.sequence`. */
  head: Buffer;
  /** The row's `next_wake_at` in epoch milliseconds: what is armed, not what the state would ask for. */
  nextWakeAt: number | null;
  /** Roughly what holding it costs, in bytes. */
  size: number;
  /** Events since the last snapshot, and the characters of their data. */
  sinceSnapshot: { events: number; characters: number };
  /** Of the last snapshot, or of one that was not worth writing; 0: there was none. */
  snapshotCharacters: number;
}

export function nothingFolded(
  { id, namespaceId, workflowId, status }: Pick<Folded, "id" | "namespaceId" | "workflowId" | "status">,
  state: ExecutionState,
): Folded {
  return {
    id,
    namespaceId,
    workflowId,
    status,
    state,
    head: firstHead(id),
    nextWakeAt: null,
    size: 2048,
    sinceSnapshot: { events: 0, characters: 0 },
    snapshotCharacters: 0,
  };
}

/** What so many more events do to what holding it costs. @param characters of their data */
export function grown(
  { size, sinceSnapshot }: Folded,
  events: number,
  characters: number,
): Pick<Folded, "size" | "sinceSnapshot"> {
  return {
    size: size + 2 * characters,
    sinceSnapshot: { events: sinceSnapshot.events + events, characters: sinceSnapshot.characters + characters },
  };
}
