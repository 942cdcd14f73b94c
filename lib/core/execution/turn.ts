/** One command at work: the draft state, the events so far, and what the decision still has to look at. */
import type { EventData, EventType, HistoryEvent, RequestKey } from "../../contract/history";
import type { JsonValue } from "../../contract/json";
import { toInstant } from "../time";
import { type DecideEnv, type WorkflowName, workflowKey } from "./commands";
import { type At, type Draft, type DraftState, openDraft, stepIn } from "./draft";
import { applyEvent } from "./evolve";
import { holdValue } from "./held";
import { saysWhatWasAsked } from "./requests";
import type { ExecutionState, Held, StepState } from "./state";

export interface Turn {
  readonly env: DecideEnv;
  /** Epoch milliseconds; never before the execution's last event. */
  readonly now: number;
  /** The same as events write it. */
  readonly at: string;
  readonly draft: Draft;
  /** The draft's. */
  readonly state: DraftState;
  readonly events: HistoryEvent[];
  /** By which the command is known again: the event that says what was asked carries it. */
  readonly request: RequestKey | null;
  /** Large values of this command's own events, by hash. */
  readonly values: Map<string, JsonValue>;
  /** Large values that the decision reads and nobody has loaded. */
  readonly missing: Set<string>;
  /** Maps with items that may go on or begin. */
  readonly maps: Map<string, { readonly at: At; readonly iteration: number }>;
  /** Workflows that it names and nobody has looked up. */
  readonly unknown: WorkflowName[];
}

const ENGINE = "engine";

/** Thrown through a decision that cannot go on without what it asks for, and caught by `decide` alone. */
export class MissingValues extends Error {
  override name = "MissingValues";
}

export function openTurn(state: ExecutionState, env: DecideEnv, request: RequestKey | null): Turn {
  const now = Math.max(env.now, state.lastAt);
  const draft = openDraft(state);
  return {
    env,
    now,
    at: toInstant(now),
    draft,
    state: draft.state,
    events: [],
    request,
    values: new Map(),
    missing: new Set(),
    maps: new Map(),
    unknown: [],
  };
}

/** Writes the next event and folds it. Whoever sent the command caused its first event; what follows from that is the engine's. */
export function emit<T extends EventType>(turn: Turn, type: T, data: EventData<T>) {
  const sequence = turn.state.sequence + 1;
  const event = {
    sequence,
    type,
    at: turn.at,
    actor: turn.events.length === 0 ? turn.env.actor : ENGINE,
    command: turn.events[0]?.sequence ?? sequence,
    data: turn.request !== null && saysWhatWasAsked(type) ? { ...data, request: turn.request } : data,
  } as HistoryEvent;
  applyEvent(turn.draft, event);
  turn.events.push(event);
}

/** What every event of a step begins with. */
export function placeOf(turn: Turn, at: At): { node: string; iteration: number; index?: number[] } {
  const { node, iteration } = stepAt(turn, at);
  return { node, iteration, ...(at.index.length === 0 ? {} : { index: [...at.index] }) };
}

export function stepAt({ state }: Turn, at: At): StepState {
  return stepIn(state, at);
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

/** The published version that is meant, or null where there is none; stops the decision where nobody has looked. */
export function lookUp(turn: Turn, name: WorkflowName): { version: number; hash: string } | null {
  const found = turn.env.workflows.get(workflowKey(name));
  if (found !== undefined) return found;
  turn.unknown.push(name);
  throw new MissingValues();
}

/** Throws where something that was read since is not loaded: what was computed with it must not be used. */
export function demand(turn: Turn) {
  if (turn.missing.size > 0) throw new MissingValues();
}
