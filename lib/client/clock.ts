"use client";
/** The page's clock: one interval a cadence, shared by all who look, stopped while the page is hidden. */
import { useSyncExternalStore } from "react";

interface Ticker {
  now: number;
  listeners: Set<() => void>;
  timer: ReturnType<typeof setInterval> | null;
  subscribe: (listener: () => void) => () => void;
}

const tickers = new Map<number, Ticker>();

function tickerOf(everyMs: number): Ticker {
  const existing = tickers.get(everyMs);
  if (existing) return existing;
  const ticker: Ticker = { now: Date.now(), listeners: new Set(), timer: null, subscribe };
  const tick = () => {
    if (document.hidden) return;
    ticker.now = Date.now();
    for (const listener of ticker.listeners) listener();
  };
  function subscribe(listener: () => void) {
    ticker.listeners.add(listener);
    if (ticker.timer === null) {
      ticker.now = Date.now();
      ticker.timer = setInterval(tick, everyMs);
      document.addEventListener("visibilitychange", tick);
    }
    return () => {
      ticker.listeners.delete(listener);
      if (ticker.listeners.size > 0 || ticker.timer === null) return;
      clearInterval(ticker.timer);
      ticker.timer = null;
      document.removeEventListener("visibilitychange", tick);
    };
  }
  tickers.set(everyMs, ticker);
  return ticker;
}

const still = () => () => {};

/** Epoch milliseconds, renewed every `everyMs`; null: the time of the last tick, without ticking. */
export function useNow(everyMs: number | null): number {
  const ticker = tickerOf(everyMs ?? 1000);
  const cadenceMs = everyMs ?? 1000;
  return useSyncExternalStore(
    everyMs === null ? still : ticker.subscribe,
    () => ticker.now,
    () => Math.floor(Date.now() / cadenceMs) * cadenceMs,
  );
}
