"use client";
/** What the execution page shows, kept in the URL: the view, the selected step, the event it was linked to. */
import { usePathname, useSearchParams } from "next/navigation";
import { useCallback } from "react";

export const VIEWS = ["timeline", "events", "graph"] as const;
export type View = (typeof VIEWS)[number];

export interface ViewState {
  view: View;
  /** A step's key; null: the execution itself. */
  step: string | null;
  event: number | null;
}

export function useView(): ViewState & { show: (change: Partial<ViewState>) => void } {
  const path = usePathname();
  const search = useSearchParams();
  const view = VIEWS.find((name) => name === search.get("view")) ?? "timeline";
  const step = search.get("step");
  const event = Number(search.get("event")) || null;
  const show = useCallback(
    (change: Partial<ViewState>) => {
      const query = new URLSearchParams(window.location.search);
      for (const [name, value] of Object.entries(change)) {
        if (value === null || value === "timeline") query.delete(name);
        else query.set(name, String(value));
      }
      window.history.replaceState(null, "", query.size > 0 ? `${path}?${query}` : path);
    },
    [path],
  );
  return { view, step, event, show };
}
