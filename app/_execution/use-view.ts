"use client";
/** What the execution page shows, kept in the URL: the view, the selected step, the moment, the event it was linked to, and filters. */
import { changeSearch, useSearch } from "@/lib/client/search";

export const VIEWS = ["timeline", "events", "graph"] as const;
export type View = (typeof VIEWS)[number];

export const EVENT_LAYOUTS = ["events", "steps"] as const;
export type EventLayout = (typeof EVENT_LAYOUTS)[number];

export interface ViewState {
  view: View;
  /** A step's key; null: the execution itself. */
  step: string | null;
  event: number | null;
  /** The sequence of the moment that is shown; null: now. */
  at: number | null;
  /** Of the events: one type alone, those of the selected step alone, and whether they lie by themselves or step by step. */
  type: string | null;
  only: boolean;
  layout: EventLayout;
}

/** Absent from the URL. */
const USUAL: Partial<Record<keyof ViewState, unknown>> = { view: "timeline", layout: "events", only: false };

export function useView(): ViewState & { show: (change: Partial<ViewState>) => void } {
  const search = useSearch();
  const view = VIEWS.find((name) => name === search.get("view")) ?? "timeline";
  const step = search.get("step");
  const event = sequenceOf(search.get("event"));
  const at = sequenceOf(search.get("at"));
  const type = search.get("type");
  const only = search.get("only") === "true";
  const layout = EVENT_LAYOUTS.find((name) => name === search.get("layout")) ?? "events";
  return { view, step, event, at, type, only, layout, show };
}

function show(change: Partial<ViewState>): void {
  const written = Object.entries(change).map(([name, value]) => {
    const isUsual = value === null || value === USUAL[name as keyof ViewState];
    return [name, isUsual ? null : String(value)] as const;
  });
  changeSearch(Object.fromEntries(written));
}

function sequenceOf(text: string | null): number | null {
  const sequence = Number(text);
  return Number.isSafeInteger(sequence) && sequence > 0 ? sequence : null;
}
