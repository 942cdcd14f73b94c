"use client";
/**
 * Which moment of the history the page shows, how one moves it, and the snapshot of it. While it moves it is kept here; the
 * URL learns of it once it rests, for a page may write its address only so often.
 *
 *   now --a move back--> a moment --a move to the newest event, or back to now--> now
 *                          |  ^
 *                          +--+ moves, steps, playing (stops at the newest)
 */
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { sentenceText } from "@/lib/client/event-sentences";
import { clockTime } from "@/lib/client/format";
import { momentTexts as words } from "@/lib/client/texts/moment";
import type { ExecutionFeed, Snapshot } from "./execution-feed";
import { markBeside } from "./moment-marks";
import { playOn, speedFor } from "./playing";

const REST_MS = 250;

export interface MomentControl {
  /** Null: now. */
  at: number | null;
  /** The sequence of the newest event that can be shown. */
  newest: number;
  /** The newest event and what is behind it: back to now. */
  moveTo(sequence: number): void;
  moveBy(events: number): void;
  /** To the next failure, retry, wait or decision in that direction; where there is none, to the end. Not before it is known. */
  moveToMark(direction: 1 | -1): void;
  toNow(): void;
  isPlaying: boolean;
  /** Null before anything was played. */
  speed: number | null;
  togglePlaying(): void;
  setSpeed(speed: number): void;
}

/**
 * @param asked the moment that the URL names
 * @param write puts one into the URL
 */
export function useMoment(
  feed: ExecutionFeed,
  live: Snapshot,
  total: number,
  asked: number | null,
  write: (at: number | null) => void,
): MomentControl {
  const [moved, setMoved] = useState<{ at: number | null } | null>(null);
  const newest = Math.max(live.events.length, total);
  const wanted = moved ? moved.at : asked;
  const at = wanted !== null && wanted <= newest ? wanted : null;
  // Moves that come faster than the page is drawn go on from each other.
  const latest = useRef({ at, newest });
  useEffect(() => {
    latest.current.at = at;
  }, [at]);
  useEffect(() => {
    latest.current.newest = newest;
  }, [newest]);

  const written = useRef(asked);
  useEffect(() => {
    if (!moved) return;
    const timer = setTimeout(() => {
      written.current = moved.at;
      write(moved.at);
    }, REST_MS);
    return () => clearTimeout(timer);
  }, [moved, write]);
  // A moment that somebody else put there, as a link does, goes before the one that was moved to.
  useEffect(() => {
    if (asked === written.current) return;
    written.current = asked;
    setMoved(null);
  }, [asked]);

  const moveTo = useCallback((sequence: number) => {
    const next = sequence >= latest.current.newest ? null : Math.max(1, sequence);
    if (next === latest.current.at) return;
    latest.current.at = next;
    setMoved({ at: next });
  }, []);
  const moveBy = useCallback(
    (events: number) => moveTo((latest.current.at ?? latest.current.newest) + events),
    [moveTo],
  );
  const moveToMark = useCallback(
    (direction: 1 | -1) => {
      const { at, newest } = latest.current;
      const from = at ?? newest;
      const mark = markBeside(feed.marks, from, direction);
      const arrived = feed.getSnapshot().events.length;
      // What has not arrived yet may hold a nearer one.
      if (arrived < (direction === -1 ? from - 1 : mark === null ? newest : 0)) return;
      moveTo(mark ?? (direction === 1 ? newest : 1));
    },
    [feed, moveTo],
  );
  const toNow = useCallback(() => moveTo(Number.POSITIVE_INFINITY), [moveTo]);
  const playing = usePlaying(live, latest, moveTo);
  return { at, newest, moveTo, moveBy, moveToMark, toNow, ...playing };
}

function usePlaying(
  { events }: Snapshot,
  latest: { readonly current: { at: number | null; newest: number } },
  moveTo: (sequence: number) => void,
) {
  const [isPlaying, setPlaying] = useState(false);
  const [speed, setSpeed] = useState<number | null>(null);
  useEffect(() => {
    if (!isPlaying || speed === null) return;
    let before = performance.now();
    let elapsedMs = 0;
    let shown = latest.current.at;
    const tick = (now: number) => {
      const { at } = latest.current;
      if (at === null) return setPlaying(false);
      if (at !== shown) elapsedMs = 0;
      const next = playOn(events, at, elapsedMs + now - before, speed);
      before = now;
      elapsedMs = next.leftMs;
      shown = next.at;
      moveTo(next.at);
      frame = requestAnimationFrame(tick);
    };
    let frame = requestAnimationFrame(tick);
    return () => cancelAnimationFrame(frame);
  }, [isPlaying, speed, events, latest, moveTo]);
  const togglePlaying = useCallback(() => {
    if (latest.current.newest < 2) return;
    if (!isPlaying && latest.current.at === null) moveTo(1);
    setSpeed((chosen) => chosen ?? speedFor(events));
    setPlaying(!isPlaying);
  }, [isPlaying, events, latest, moveTo]);
  return { isPlaying, speed, togglePlaying, setSpeed };
}

/** The snapshot of the moment, which stays as it is whatever comes; of now where it is null. */
export function useSnapshotAt(feed: ExecutionFeed, live: Snapshot, at: number | null): Snapshot {
  const arrived = at === null ? 0 : Math.min(at, live.events.length);
  const isFolded = at !== null && feed.reaches(arrived);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what of the moment has arrived and been folded
  const past = useMemo(() => (at === null ? null : feed.momentAt(at)), [feed, at, arrived, isFolded]);
  return past ?? live;
}

/** `Event 37 of 212: charge failed, 10:42:03`. @param at null: now */
export function momentText({ events }: Snapshot, newest: number, at: number | null): string {
  const event = events[(at ?? events.length) - 1];
  if (event === undefined) return words.empty;
  const said = words.valueText(event.sequence, newest, sentenceText(event), clockTime(event.at));
  return at === null ? words.now(said) : said;
}
