/** A signal node waits for a named signal; those that came before anybody waited were kept, in order. */
import type { SignalNode } from "../../../contract/definition";
import { storableText } from "../../expressions/storable-text";
import type { CommandOf, Reply } from "../commands";
import { type At, atRef } from "../draft";
import { completeStep, endOnPort, failStep } from "../endings";
import { valueFields } from "../held";
import { evaluateField } from "../scope";
import type { Wait } from "../state";
import { emit, hold, placeOf, type Turn } from "../turn";
import { expiryOf } from "./approval";

const NAME_CHARACTERS = 256;
const KEPT = 1000;

export function startSignal(turn: Turn, at: At, { signal, timeout }: SignalNode) {
  const evaluated = evaluateField(turn, at, "signal", signal);
  if ("error" in evaluated) return failStep(turn, at, evaluated.error);
  const { value } = evaluated;
  const name = storableText(typeof value === "string" ? value : JSON.stringify(value), NAME_CHARACTERS);
  const expiry = expiryOf(turn, at, timeout);
  if ("error" in expiry) return failStep(turn, at, expiry.error);
  emit(turn, "SignalAwaited", { ...placeOf(turn, at), signal: name, ...expiry.fields });
  consume(turn, at, name);
}

/** Kept if nobody waits for it; else it goes to the step that began to wait first. */
export function receiveSignal(turn: Turn, { signal, payload }: CommandOf<"signal">): Reply {
  const waiter = turn.state.waiters.find((it) => it.signal === signal);
  if (waiter === undefined && turn.state.signals.length >= KEPT) return "too-many-signals";
  const held = hold(turn, payload);
  if (held === null) return "too-large";
  emit(turn, "SignalReceived", { signal, ...valueFields("payload", held) });
  if (waiter !== undefined) consume(turn, atRef(turn.state, waiter.ref), signal);
  return "accepted";
}

function consume(turn: Turn, at: At, signal: string) {
  const received = turn.state.signals.find((it) => it.signal === signal);
  if (received === undefined) return;
  emit(turn, "SignalConsumed", { ...placeOf(turn, at), signal, received: received.sequence });
  completeStep(turn, at, { output: received.payload });
}

/** It did not come in time. */
export function expireSignal(turn: Turn, at: At, { signal }: Extract<Wait, { kind: "signal" }>) {
  emit(turn, "SignalExpired", { ...placeOf(turn, at), signal });
  const message = `The signal ${signal} did not come in time.`;
  endOnPort(turn, at, "expired", null, { code: "SIGNAL_EXPIRED", message });
}
