"use client";
/** What the editor's page shows, kept in its address: the view, what is open below it, and the node that is selected alone. */
import { changeSearch, useSearch } from "@/lib/client/search";

export const EDITOR_VIEWS = ["canvas", "list", "json", "typescript"] as const;
export type EditorView = (typeof EDITOR_VIEWS)[number];

export const DOCK = ["findings", "trial", "backtest"] as const;
export type Docked = (typeof DOCK)[number];

export interface Frame {
  readonly view: EditorView;
  /** Null: nothing is open below. */
  readonly docked: Docked | null;
}

export function useFrame(): Frame & { show: typeof showInFrame } {
  const search = useSearch();
  const view = EDITOR_VIEWS.find((name) => name === search.get("view")) ?? "canvas";
  const docked = DOCK.find((name) => name === search.get("dock")) ?? null;
  return { view, docked, show: showInFrame };
}

export function showInFrame({ view, docked, node }: Partial<Frame> & { node?: string | null }): void {
  changeSearch({
    ...(view === undefined ? {} : { view: view === "canvas" ? null : view }),
    ...(docked === undefined ? {} : { dock: docked }),
    ...(node === undefined ? {} : { node }),
  });
}
