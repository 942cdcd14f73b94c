"use client";
/** How one looks at the timeline, kept in the URL, so that a link and a change of views show the same. */
import { useCallback, useEffect, useRef, useState } from "react";
import { changeSearch } from "@/lib/client/search";

export interface TimelineSettings {
  find: string;
  errors: boolean;
  /** The critical path is drawn. */
  path: boolean;
  /** Instants instead of elapsed time. */
  clock: boolean;
  /** `auto`: idle time is drawn short where there is much of it. */
  idle: "auto" | "short" | "full";
  /** As `writeWindow` has it; null: all. */
  zoom: string | null;
}

const DEFAULTS: TimelineSettings = { find: "", errors: false, path: false, clock: false, idle: "auto", zoom: null };
/** Browsers allow an address to change a few times a second; while a window moves, it changes with each frame. */
const WRITE_AFTER_MS = 250;

export function useTimelineSettings(): [TimelineSettings, (change: Partial<TimelineSettings>) => void] {
  const [settings, setSettings] = useState(read);
  const pending = useRef<ReturnType<typeof setTimeout> | null>(null);
  const latest = useRef(settings);
  const change = useCallback((part: Partial<TimelineSettings>) => {
    latest.current = { ...latest.current, ...part };
    setSettings(latest.current);
    if (pending.current !== null) clearTimeout(pending.current);
    pending.current = setTimeout(() => write(latest.current), WRITE_AFTER_MS);
  }, []);
  useEffect(
    () => () => {
      if (pending.current !== null) clearTimeout(pending.current);
    },
    [],
  );
  return [settings, change];
}

/** The server draws no timeline yet, and has no address to read. */
function read(): TimelineSettings {
  if (typeof window === "undefined") return DEFAULTS;
  const query = new URLSearchParams(window.location.search);
  const idle = query.get("idle");
  return {
    find: query.get("find") ?? "",
    errors: query.has("errors"),
    path: query.has("path"),
    clock: query.has("clock"),
    idle: idle === "short" || idle === "full" ? idle : "auto",
    zoom: query.get("zoom"),
  };
}

function write({ find, errors, path, clock, idle, zoom }: TimelineSettings): void {
  const flag = (is: boolean) => (is ? "1" : null);
  changeSearch({
    find,
    errors: flag(errors),
    path: flag(path),
    clock: flag(clock),
    idle: idle === "auto" ? null : idle,
    zoom,
  });
}
