/** One command at work: the draft state, the events so far, and what the decision still has to look at. */
import type { EventData, EventType, HistoryEvent } from "../../contract/history";
import type { JsonValue } from "../../contract/json";
import type { CompiledNode } from "../definition/graph";
import { toInstant } from "../time";
import type { DecideEnv } from "./commands";
import { applyEvent, type Draft, openDraft } from "./evolve";
import { holdValue } from "./held";
import type { ExecutionState, Held, StepState } from "./state";

export interface Turn {
  readonly env: DecideEnv;
  /** Epoch milliseconds; never before the execution's last event. */
  readonly now: number;
  /** The same as events write it. */
  readonly at: string;
  readonly draft: Draft;
  readonly events: HistoryEvent[];
  /** Large values of this command's own events, by hash. */
  readonly values: Map<string, JsonValue>;
  /** Large values that the decision reads and nobody has loaded. */
  readonly missing: Set<string>;
  /** Ordinals of nodes whose incoming edges changed, in the order in which they are to be judged. */
  readonly ready: number[];
}

const ENGINE = "engine";

/** Thrown through a decision that cannot go on without large values, and caught by `decide` alone. */
export class MissingValues extends Error {
  override name = "MissingValues";
}

export function openTurn(state: ExecutionState, env: DecideEnv): Turn {
  const now = Math.max(env.now, state.lastAt);
  return {
    env,
    now,
    at: toInstant(now),
    draft: openDraft(state),
    events: [],
    values: new Map(),
    missing: new Set(),
    ready: [],
  };
}

/** Writes the next event and folds it. Whoever sent the command caused its first event; what follows from that is the engine's. */
export function emit<T extends EventType>(turn: Turn, type: T, data: EventData<T>) {
  const event = {
    sequence: turn.draft.sequence + 1,
    type,
    at: turn.at,
    actor: turn.events.length === 0 ? turn.env.actor : ENGINE,
    command: turn.events[0]?.sequence ?? turn.draft.sequence + 1,
    data,
  } as HistoryEvent;
  applyEvent(turn.draft, event);
  turn.events.push(event);
}

/** What every event of a step begins with. */
export function placeOf(turn: Turn, node: CompiledNode): { node: string; iteration: number } {
  return { node: node.id, iteration: stepAt(turn, node).iteration };
}

export function stepAt(turn: Turn, node: CompiledNode): StepState {
  const step = turn.draft.steps[node.ordinal];
  if (step === undefined) throw new Error(`no step of node ${node.id}`);
  return step;
}

export function nodeAt(turn: Turn, ordinal: number): CompiledNode {
  const node = turn.draft.graph.nodes[ordinal];
  if (node === undefined) throw new Error(`no node at ${ordinal}`);
  return node;
}

/** The value as an event may carry it, noted for storing where it is large; null: too large for any payload. */
export function hold(turn: Turn, json: JsonValue): Held | null {
  const held = holdValue(json, turn.env.sha256);
  if (held !== null && "ref" in held) turn.values.set(held.ref.hash, json);
  return held;
}

/** The value itself. Where nobody has loaded it, null, and {@link demand} will stop the decision. */
export function read(turn: Turn, held: Held | null): JsonValue {
  if (held === null) return null;
  if ("json" in held) return held.json;
  const { hash } = held.ref;
  const json = turn.env.values.get(hash) ?? turn.values.get(hash);
  if (json === undefined) turn.missing.add(hash);
  return json ?? null;
}

/** Throws where something that was read since is not loaded: what was computed with it must not be used. */
export function demand(turn: Turn) {
  if (turn.missing.size > 0) throw new MissingValues();
}
