/**
 * What follows from events beside the history: task rows, approvals, dead letters, messages. Collected from the core's
 * effects in the order of their events, so that what comes and goes within one flush never becomes a row.
 */
import type { HistoryEvent } from "@/lib/contract/history";
import type { JsonValue } from "@/lib/contract/json";
import { type Effect, type EffectOf, effects } from "@/lib/core/execution/effects";
import type { ExecutionState } from "@/lib/core/execution/state";
import { type MessageKind, messageOf } from "../messages/message";

export interface DeadLetter extends Omit<EffectOf<"write-dead-letter">, "type"> {
  /** Of the event that wrote it. */
  at: string;
  status: "open" | "retried";
}

export interface SentMessage {
  sequence: number;
  position: number;
  kind: MessageKind;
  target: bigint;
  payload: JsonValue;
}

export interface FollowUps {
  /** Tasks that are to become rows, by id. */
  dispatches: Map<string, EffectOf<"dispatch-task"> & { held: boolean }>;
  /** Tasks whose rows are to go. */
  drops: string[];
  /** Of the rows that are there: held or not from now on, and by how much their queue deadlines move. Null: as they are. */
  hold: { held: boolean; pausedMs: number } | null;
  /** It closed: no row of a task may be left. */
  closed: boolean;
  approvals: EffectOf<"open-approval">[];
  closedApprovals: EffectOf<"close-approval">[];
  /** Dead letters that are there and open are retried. */
  retriesDeadLetters: boolean;
  deadLetters: DeadLetter[];
  messages: SentMessage[];
}

export function noFollowUps(): FollowUps {
  return {
    dispatches: new Map(),
    drops: [],
    hold: null,
    closed: false,
    approvals: [],
    closedApprovals: [],
    retriesDeadLetters: false,
    deadLetters: [],
    messages: [],
  };
}

/**
 * @param executionId whose event it is
 * @param state after the command that wrote it
 */
export function follow(into: FollowUps, executionId: string, event: HistoryEvent, state: ExecutionState): void {
  let position = 0;
  for (const effect of effects(event, state)) {
    switch (effect.type) {
      case "start-child":
      case "cancel-child":
      case "tell-parent":
        into.messages.push({
          sequence: event.sequence,
          position: position++,
          ...messageOf(effect, executionId, state.trace),
        });
        break;
      default:
        followOne(into, effect, event);
    }
  }
}

type RowEffect = Exclude<Effect, { type: "start-child" | "cancel-child" | "tell-parent" }>;

function followOne(into: FollowUps, effect: RowEffect, { at }: HistoryEvent): void {
  switch (effect.type) {
    case "dispatch-task":
      into.dispatches.set(effect.taskId, { ...effect, held: false });
      break;
    case "drop-task":
      if (!into.dispatches.delete(effect.taskId)) into.drops.push(effect.taskId);
      break;
    case "hold-tasks":
      holdAll(into, true, 0);
      break;
    case "release-tasks":
      holdAll(into, false, effect.pausedMs);
      break;
    case "open-approval":
      into.approvals.push(effect);
      break;
    case "close-approval":
      into.closedApprovals.push(effect);
      break;
    case "write-dead-letter": {
      const { type: _, ...letter } = effect;
      into.deadLetters.push({ ...letter, at, status: "open" });
      break;
    }
    case "retry-dead-letters":
      into.retriesDeadLetters = true;
      for (const letter of into.deadLetters) letter.status = "retried";
      break;
    case "close":
      into.closed = true;
      into.dispatches.clear();
      break;
  }
}

function holdAll(into: FollowUps, held: boolean, pausedMs: number): void {
  into.hold = { held, pausedMs: (into.hold?.pausedMs ?? 0) + pausedMs };
  for (const dispatch of into.dispatches.values()) dispatch.held = held;
}
