/**
 * What one flush would do to one execution: commands decided in order on its folded state, nothing written yet. A draft
 * that could not be written is thrown away, and its commands are decided again on what the row says by then.
 */
import { createHash } from "node:crypto";
import type { HistoryEvent } from "@/lib/contract/history";
import { canonicalJson, type JsonValue } from "@/lib/contract/json";
import type { Command, DecideEnv, Decision, Reply } from "@/lib/core/execution/commands";
import { decide } from "@/lib/core/execution/decide";
import { type Effect, effects } from "@/lib/core/execution/effects";
import type { ExecutionState } from "@/lib/core/execution/state";
import { isClosed } from "@/lib/core/execution/statuses";
import { wakeAt } from "@/lib/core/execution/wake-at";
import type { Folded } from "./event-store";
import { nextHead } from "./hash-chain";

export interface DraftEvent {
  event: HistoryEvent;
  /** Canonical JSON of the event's data: what is stored, hashed and sent. */
  dataText: string;
}

export interface Draft {
  before: Folded;
  after: Folded;
  replies: Reply[];
  events: DraftEvent[];
  values: { hash: string; json: JsonValue }[];
  dispatches: Extract<Effect, { type: "dispatch-task" }>[];
  drops: string[];
  guards: { taskId: bigint; secret: bigint | null }[];
  /** Write this into `next_wake_at`; undefined leaves what is there, because it comes no later than what is needed. */
  wake: number | null | undefined;
}

export interface DraftInput {
  command: Command;
  env: Omit<DecideEnv, "sha256">;
  guard?: { taskId: bigint; secret: bigint | null };
}

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

const byHash = ({ hash, json }: Draft["values"][number]) => [hash, json] as const;

/** The draft, or the hashes of large values that deciding needs. Throws what the core throws: a bug. */
export function draft(before: Folded, inputs: readonly DraftInput[]): Draft | { needs: string[] } {
  let state = before.state;
  const replies: Reply[] = [];
  const history: HistoryEvent[] = [];
  const values: Draft["values"] = [];
  const guards: Draft["guards"] = [];
  for (const { command, env, guard } of inputs) {
    // A large value of an earlier command in this flush is in no table yet.
    const known = values.length === 0 ? env.values : new Map([...env.values, ...values.map(byHash)]);
    const decision: Decision = decide(state, command, { ...env, values: known, sha256 });
    if (decision.kind === "needs") return { needs: decision.values };
    state = decision.state;
    replies.push(decision.reply);
    history.push(...decision.events);
    values.push(...decision.values);
    if (guard !== undefined && decision.reply === "accepted") guards.push(guard);
  }
  const woken = inputs.some(({ command }) => command.type === "wake");
  const events = history.map((event) => ({ event, dataText: canonicalJson(event.data) }));
  const wake = wakeToWrite(before, state, woken);
  return {
    before,
    after: { ...folded(before, state, events), nextWakeAt: wake === undefined ? before.nextWakeAt : wake },
    replies,
    events,
    values,
    ...taskRows(history, state),
    guards,
    wake,
  };
}

function folded(before: Folded, state: ExecutionState, events: readonly DraftEvent[]): Folded {
  let { head, size } = before;
  for (const { event, dataText } of events) {
    head = nextHead(head, event);
    size += 2 * dataText.length;
  }
  return { ...before, state, head, size, status: state.status };
}

/** A task that is dispatched and dropped by the same flush never becomes a row. */
function taskRows(history: readonly HistoryEvent[], state: ExecutionState): Pick<Draft, "dispatches" | "drops"> {
  const dispatches = new Map<string, Draft["dispatches"][number]>();
  const drops: string[] = [];
  for (const event of history) {
    for (const effect of effects(event, state)) {
      if (effect.type === "dispatch-task") dispatches.set(effect.taskId, effect);
      if (effect.type === "drop-task" && !dispatches.delete(effect.taskId)) drops.push(effect.taskId);
    }
  }
  return { dispatches: [...dispatches.values()], drops };
}

/**
 * An alarm is set when there was none or it would ring too late. One that would ring too early is left, for resetting it
 * costs a write: it finds nothing due and arms the next, which is why a wake always writes.
 */
function wakeToWrite(before: Folded, state: ExecutionState, woken: boolean): number | null | undefined {
  if (isClosed(state)) return before.nextWakeAt === null && !woken ? undefined : null;
  const needed = wakeAt(state);
  if (woken) return needed;
  if (needed === null) return undefined;
  return before.nextWakeAt === null || needed < before.nextWakeAt ? needed : undefined;
}
