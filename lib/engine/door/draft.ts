/**
 * What one flush would do to one execution: commands decided in order on its folded state, nothing written yet. A draft
 * that could not be written is thrown away, and its commands are decided again on what the row says by then.
 */
import { createHash } from "node:crypto";
import type { HistoryEvent } from "@/lib/contract/history";
import { canonicalJson, type JsonValue } from "@/lib/contract/json";
import type { Command, DecideEnv, Decision, Reply } from "@/lib/core/execution/commands";
import { wakeAt } from "@/lib/core/execution/deadlines";
import { decide } from "@/lib/core/execution/decide";
import type { ExecutionState } from "@/lib/core/execution/state";
import { isClosed } from "@/lib/core/execution/statuses";
import type { MessageKey } from "../messages/message";
import { type Folded, grown } from "./folded";
import { type FollowUps, follow, noFollowUps } from "./follow-ups";
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
  /** Where it closed, which it may do more than once: the sequence, and the head up to there. */
  closes: { sequence: number; head: Buffer }[];
  followUps: FollowUps;
  guards: { taskId: bigint; secret: bigint | null }[];
  /** Messages whose effect it is. */
  taken: MessageKey[];
  /** Write this into `next_wake_at`; undefined leaves what is there, because it comes no later than what is needed. */
  wake: number | null | undefined;
}

export interface DraftInput {
  command: Command;
  env: Omit<DecideEnv, "sha256">;
  guard?: { taskId: bigint; secret: bigint | null };
  message?: MessageKey;
}

/** What deciding lacks. */
export type Needs = Omit<Extract<Decision, { kind: "needs" }>, "kind">;

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

const byHash = ({ hash, json }: Draft["values"][number]) => [hash, json] as const;

/** The draft, or what deciding needs. Throws what the core throws: a bug. */
export function draft(before: Folded, inputs: readonly DraftInput[]): Draft | { needs: Needs } {
  let state = before.state;
  const replies: Reply[] = [];
  const history: HistoryEvent[] = [];
  const values: Draft["values"] = [];
  const closes: Draft["closes"] = [];
  let head = before.head;
  const guards: Draft["guards"] = [];
  const taken: MessageKey[] = [];
  const followUps = noFollowUps();
  for (const { command, env, guard, message } of inputs) {
    // A large value of an earlier command in this flush is in no table yet.
    const known = values.length === 0 ? env.values : new Map([...env.values, ...values.map(byHash)]);
    const decision: Decision = decide(state, command, { ...env, values: known, sha256 });
    if (decision.kind === "needs") return { needs: decision };
    state = decision.state;
    replies.push(decision.reply);
    history.push(...decision.events);
    head = decision.events.reduce(nextHead, head);
    if (decision.events.length > 0 && isClosed(state)) closes.push({ sequence: state.sequence, head });
    for (const event of decision.events) follow(followUps, env.executionId, event, state);
    values.push(...decision.values);
    if (guard !== undefined && decision.reply === "accepted") guards.push(guard);
    if (message !== undefined) taken.push(message);
  }
  const woken = inputs.some(({ command }) => command.type === "wake");
  const events = history.map((event) => ({ event, dataText: canonicalJson(event.data) }));
  const wake = wakeToWrite(before, state, woken);
  return {
    before,
    after: { ...folded(before, state, head, events), nextWakeAt: wake === undefined ? before.nextWakeAt : wake },
    replies,
    events,
    values,
    closes,
    followUps,
    guards,
    taken,
    wake,
  };
}

function folded(before: Folded, state: ExecutionState, head: Buffer, events: readonly DraftEvent[]): Folded {
  const characters = events.reduce((sum, { dataText }) => sum + dataText.length, 0);
  return { ...before, ...grown(before, events.length, characters), state, head, status: state.status };
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
