/** Time for local execution: the machine's, or one that jumps over every wait. */
import { setTimeout as delay } from "node:timers/promises";

export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /**
   * Resolves at that time, or earlier when the signal aborts. `idle` says that nothing is under way, so that nothing
   * can happen before: a clock that may jump, jumps.
   */
  sleepUntil(at: number, options: { idle: boolean; signal: AbortSignal }): Promise<void>;
}

const LONGEST_TIMER_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: Date.now,
  async sleepUntil(at, { signal }) {
    while (!signal.aborted && Date.now() < at) {
      const ms = Math.min(at - Date.now(), LONGEST_TIMER_MS);
      await delay(ms, undefined, { signal }).catch(() => undefined);
    }
  },
};

export interface VirtualClock extends Clock {
  /** Moves time on by hand, for what runs out while a handler is at work. */
  advance(ms: number): void;
}

export interface VirtualClockOptions {
  /** Time moves by `advance` alone, so that a test decides what comes before a time-out. Default false. */
  manual?: boolean;
}

/**
 * A clock on which a 30-day sleep takes no time: whenever nothing is under way it jumps to what comes next. While a
 * handler runs, time stands still, unless `advance` moves it.
 */
export function virtualClock(
  startAt: number | string | Date = "2025-01-01T00:00:00.000Z",
  { manual = false }: VirtualClockOptions = {},
): VirtualClock {
  let now = new Date(startAt).getTime();
  const sleepers = new Set<{ at: number; wake: () => void }>();
  return {
    now: () => now,
    advance(ms) {
      now += ms;
      for (const sleeper of sleepers) if (sleeper.at <= now) sleeper.wake();
    },
    async sleepUntil(at, { idle, signal }) {
      if (signal.aborted) return;
      if (idle && !manual) now = Math.max(now, at);
      if (now >= at) return;
      await new Promise<void>((resolve) => {
        const wake = () => {
          sleepers.delete(sleeper);
          signal.removeEventListener("abort", wake);
          resolve();
        };
        const sleeper = { at, wake };
        sleepers.add(sleeper);
        signal.addEventListener("abort", wake, { once: true });
      });
    },
  };
}
