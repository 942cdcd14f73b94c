/**
 * Folded executions from rows: the newest usable snapshot, then the events after it, in slices that let other work in.
 * What it returns is the truth as of the read; whoever writes on it is guarded by the row's sequence.
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Queryable } from "@/db/client";
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
import { initialState } from "@/lib/core/execution/initial-state";
import { deserializeState, serializeState } from "@/lib/core/execution/serialize-state";
import { type ExecutionState, STATE_VERSION } from "@/lib/core/execution/state";
import type { Graphs } from "../graphs";
import { firstHead } from "./hash-chain";

const SLICE = 1000;
/** A history at least this long gets snapshots, one each time it has grown by so many events. */
export const SNAPSHOT_EVERY = 500;

/** One execution as a process holds it: its folded state and what else its row says. */
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
}

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

const KNOWN = new Set<string>(EVENT_TYPES);

export function toHistoryEvent(row: EventRow): HistoryEvent {
  if (!KNOWN.has(row.type)) throw new UnknownEventType(row.type);
  return {
    sequence: row.sequence,
    type: row.type,
    at: row.at.toISOString(),
    actor: row.actor,
    command: row.command,
    data: JSON.parse(row.data),
  } as HistoryEvent;
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
      this.#fold(row, db).catch((error: Error) => {
        if (!(error instanceof UnfoldableHistory)) throw error;
        return row.status === "quarantined" ? new QuarantinedHistory(error.message, { cause: error }) : error;
      });
    return new Map(await Promise.all(rows.map(async (row) => [row.id, await folded(row)] as const)));
  }

  /** The same execution with the events it lacks; the row is read anew. Null: it is gone. */
  async refresh(folded: Folded): Promise<Folded | UnfoldableHistory | null> {
    const [row] = await readExecutions(this.db, [folded.id]);
    if (row === undefined) return null;
    return this.#advance(row, folded, row.sequence, this.db).catch((error: Error) => {
      if (!(error instanceof UnfoldableHistory)) throw error;
      return error;
    });
  }

  /** The state as it was after `sequence`, from the nearest snapshot before it; without one from the first event. */
  async foldUntil(id: bigint, sequence: number): Promise<ExecutionState | null> {
    const [row] = await readExecutions(this.db, [id]);
    if (row === undefined) return null;
    return (await this.#fold(row, this.db, Math.min(sequence, row.sequence))).state;
  }

  async values(id: bigint, hashes: readonly string[]): Promise<Map<string, JsonValue>> {
    const rows = await readValues(this.db, id, hashes);
    return new Map(rows.map((row) => [row.hash, JSON.parse(row.body) as JsonValue]));
  }

  async writeSnapshot({ id, namespaceId, state, head }: Folded): Promise<void> {
    await writeSnapshot(this.db, {
      executionId: id,
      sequence: state.sequence,
      namespaceId,
      stateVersion: STATE_VERSION,
      head,
      state: JSON.stringify(serializeState(state)),
    });
  }

  async #fold(row: ExecutionRow, db: Queryable, until = row.sequence): Promise<Folded> {
    const graph = await this.graphs.load(row.namespaceId, row.workflowId, row.version);
    const snapshot = until > SNAPSHOT_EVERY ? await readSnapshot(db, row.id, STATE_VERSION, until) : null;
    const start: Folded = {
      id: row.id,
      namespaceId: row.namespaceId,
      workflowId: row.workflowId,
      status: row.status,
      state: snapshot === null ? initialState(graph) : deserializeState(graph, JSON.parse(snapshot.state)),
      head: snapshot === null ? firstHead(row.id) : snapshot.head,
      nextWakeAt: null,
      size: 2048 + 2 * (snapshot?.state.length ?? 0),
    };
    return this.#advance(row, start, until, db);
  }

  async #advance(row: ExecutionRow, from: Folded, until: number, db: Queryable): Promise<Folded> {
    let { state, size } = from;
    while (state.sequence < until) {
      const events = await readEvents(db, row.id, state.sequence, Math.min(SLICE, until - state.sequence));
      if (events.length === 0) throw new UnfoldableHistory(`the history ends at ${state.sequence}, before ${until}`);
      state = foldOnto(state, events);
      size += events.reduce((sum, { data }) => sum + 2 * data.length, 0);
      if (events.length === SLICE) await nextTurn();
    }
    return {
      ...from,
      state,
      size,
      status: row.status,
      head: row.head,
      nextWakeAt: row.nextWakeAt?.getTime() ?? null,
    };
  }
}

function foldOnto(state: ExecutionState, rows: readonly EventRow[]): ExecutionState {
  try {
    return evolveAll(state, rows.map(toHistoryEvent));
  } catch (error) {
    if (error instanceof UnfoldableHistory) throw error;
    throw new UnfoldableHistory(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
