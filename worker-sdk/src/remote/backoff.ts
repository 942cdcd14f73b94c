/** How long to wait before a call is repeated: twice as long each time, jittered, never sooner than the server asks. */
import { setTimeout as delay } from "node:timers/promises";
import type { Answer } from "./transport";

export interface Backoff {
  /** Before the first repetition. */
  initialMs: number;
  maxMs: number;
}

export const BACKOFF: Backoff = { initialMs: 100, maxMs: 3_000 };

/** Half of it fixed, half by chance, so that a fleet does not return in step. `repetition` counts from 0. */
export function backoffMs(backoff: Backoff, repetition: number, atLeastMs = 0): number {
  const full = Math.min(backoff.maxMs, backoff.initialMs * 2 ** Math.min(repetition, 30));
  return Math.max(atLeastMs, full / 2 + (full / 2) * Math.random());
}

/** Resolves after that time, or at once when the signal says that nobody waits any longer. */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => undefined);
}

/** Whether the same call may well succeed later: the server is overloaded, starting, or lost its database. */
export function isTransient(answer: Answer): boolean {
  return answer.status === 408 || answer.status === 425 || answer.status === 429 || answer.status >= 500;
}
