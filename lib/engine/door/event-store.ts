/**
 * Folded executions from rows: the newest usable snapshot, then the events after it, in slices that let other work in.
 * What it returns is the truth as of the read; whoever writes on it is guarded by the row's sequence.
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Queryable } from "@/db/client";
import { PayloadDamaged, PayloadKeyMissing } from "@/db/payload-codec";
import {
  type EventRow,
  type ExecutionRow,
  readEvents,
  readExecutions,
  readSnapshot,
  readValues,
  writeSnapshot,
} from "@/db/stores/histories";
import { EVENT_TYPES, type HistoryEvent } from "@/lib/contract/history";
import type { JsonValue } from "@/lib/contract/json";
import { evolveAll } from "@/lib/core/execution/evolve";
import { deserializeState, type SerializedState } from "@/lib/core/execution/serialize-state";
import { type ExecutionState, STATE_VERSION } from "@/lib/core/execution/state";
import type { Graphs } from "../graphs";
import { type Folded, grown, nothingFolded } from "./folded";
import { boundState, namedGraphs } from "./named-graphs";
import { SNAPSHOT_EVERY } from "./snapshots";

const SLICE = 1000;

/** The history itself cannot be folded: a bug, or a row that was tampered with. A database that does not answer is neither. */
export class UnfoldableHistory extends Error {
  override name = "UnfoldableHistory";
}

/** This build does not know an event type of the history: a newer one wrote it, and must be left to go on with it. */
export class UnknownEventType extends UnfoldableHistory {
  override name = "UnknownEventType";
}

/** Its row says so already. */
export class QuarantinedHistory extends UnfoldableHistory {
  override name = "QuarantinedHistory";
}

/** It is sealed with a key that this process does not have. It is left alone: where the key is, it is fine. */
export class UnreadableHistory extends UnfoldableHistory {
  override name = "UnreadableHistory";
}

/** What of reading a history says something of that history alone; anything else is thrown on. */
export function unfoldable(error: unknown): UnfoldableHistory {
  if (error instanceof UnfoldableHistory) return error;
  if (error instanceof PayloadKeyMissing) return new UnreadableHistory(error.message, { cause: error });
  if (error instanceof PayloadDamaged) return new UnfoldableHistory(error.message, { cause: error });
  throw error;
}

const KNOWN = new Set<string>(EVENT_TYPES);

export function toHistoryEvent(row: EventRow): HistoryEvent {
  if (!KNOWN.has(row.type)) throw new UnknownEventType(row.type);
  return {
    sequence: row.sequence,
    type: row.type,
    at: row.at.toISOString(),
    actor: row.actor,
    command: row.command,
    data: parsed(row),
  } as HistoryEvent;
}

function parsed({ sequence, data }: EventRow): unknown {
  try {
    return JSON.parse(data);
  } catch (error) {
    throw new UnfoldableHistory(`event ${sequence} has no JSON for its data`, { cause: error });
  }
}

export class EventStore {
  constructor(
    readonly db: Queryable,
    readonly graphs: Graphs,
  ) {}

  /** The executions that exist, folded; those that cannot be folded come as errors. */
  async load(ids: readonly bigint[], db: Queryable = this.db): Promise<Map<bigint, Folded | UnfoldableHistory>> {
    const rows = await readExecutions(db, ids);
    const folded = (row: ExecutionRow) =>
      this.#fold(row, db).catch((thrown: unknown) => {
        const error = unfoldable(thrown);
        return row.status === "quarantined" ? new QuarantinedHistory(error.message, { cause: error }) : error;
      });
    return new Map(await Promise.all(rows.map(async (row) => [row.id, await folded(row)] as const)));
  }

  /** The same execution with the events it lacks; the row is read anew. Null: it is gone. */
  async refresh(folded: Folded): Promise<Folded | UnfoldableHistory | null> {
    const [row] = await readExecutions(this.db, [folded.id]);
    if (row === undefined) return null;
    return this.#advance(row, folded, row.sequence, this.db).catch(unfoldable);
  }

  /** The state as it was after `sequence`, from the nearest snapshot before it; without one from the first event. */
  async foldUntil(id: bigint, sequence: number): Promise<ExecutionState | null> {
    const [row] = await readExecutions(this.db, [id]);
    if (row === undefined) return null;
    const folded = await this.#fold(row, this.db, Math.min(sequence, row.sequence)).catch(unfoldable);
    if (folded instanceof UnfoldableHistory) throw folded;
    return folded.state;
  }

  async values(id: bigint, hashes: readonly string[]): Promise<Map<string, JsonValue>> {
    const rows = await readValues(this.db, id, hashes);
    return new Map(rows.map((row) => [row.hash, JSON.parse(row.body) as JsonValue]));
  }

  async writeSnapshot({ id, namespaceId, state, head }: Folded, text: string): Promise<void> {
    await writeSnapshot(this.db, {
      executionId: id,
      sequence: state.sequence,
      namespaceId,
      stateVersion: STATE_VERSION,
      head,
      state: text,
    });
  }

  async #fold(row: ExecutionRow, db: Queryable, until = row.sequence): Promise<Folded> {
    const named = await namedGraphs(db, this.graphs, row);
    const snapshot = until > SNAPSHOT_EVERY ? await readSnapshot(db, row.id, STATE_VERSION, until) : null;
    const start = nothingFolded(row, boundState(named));
    if (snapshot === null) return this.#advance(row, start, until, db);
    const serialized = JSON.parse(snapshot.state) as SerializedState;
    const state = deserializeState(named.others.get(serialized.version) ?? named.first, serialized, named.others);
    const { head, state: text } = snapshot;
    const size = start.size + 2 * text.length;
    return this.#advance(row, { ...start, state, head, size, snapshotCharacters: text.length }, until, db);
  }

  async #advance(row: ExecutionRow, from: Folded, until: number, db: Queryable): Promise<Folded> {
    let folded = from;
    while (folded.state.sequence < until) {
      const limit = Math.min(SLICE, until - folded.state.sequence);
      const rows = await readEvents(db, row.id, folded.state.sequence, limit);
      if (rows.length === 0)
        throw new UnfoldableHistory(`the history ends at ${folded.state.sequence}, before ${until}`);
      folded = foldRows(folded, rows);
      if (rows.length === SLICE) await nextTurn();
    }
    return { ...folded, status: row.status, head: row.head, nextWakeAt: row.nextWakeAt?.getTime() ?? null };
  }
}

/** All but the chain of hashes. Throws {@link UnfoldableHistory}. */
export function foldRows(folded: Folded, rows: readonly EventRow[]): Folded {
  const state = foldOnto(folded.state, rows.map(toHistoryEvent));
  const characters = rows.reduce((sum, { data }) => sum + data.length, 0);
  return { ...folded, ...grown(folded, rows.length, characters), state };
}

function foldOnto(state: ExecutionState, events: readonly HistoryEvent[]): ExecutionState {
  try {
    return evolveAll(state, events);
  } catch (error) {
    throw new UnfoldableHistory(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
