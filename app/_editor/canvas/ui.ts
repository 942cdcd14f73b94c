"use client";
/** What is open on the canvas or the list right now, beside the document: menus, fields, the graph one is in. Not undone, not saved. */
import { createContext, useContext, useSyncExternalStore } from "react";
import type { Spot } from "@/lib/editor/canvas/add";
import type { EdgeRef, Scope } from "@/lib/editor/document";
import type { Outlet } from "@/lib/editor/nodes";

/** In pixels of the window. */
export interface ScreenPoint {
  readonly x: number;
  readonly y: number;
}

/** What is asked in a list to choose from. */
export type Ask =
  | { readonly kind: "add"; readonly spot: Spot; readonly from: Outlet | null }
  | { readonly kind: "connect"; readonly node: string; readonly port: string | null }
  | { readonly kind: "move-edge"; readonly node: string; readonly scope: Scope; readonly edge: EdgeRef | null };

export type MenuTarget =
  | { readonly kind: "nodes" }
  | { readonly kind: "edge"; readonly scope: Scope; readonly edge: EdgeRef }
  | { readonly kind: "comment"; readonly id: string }
  | { readonly kind: "pane" };

export interface UiState {
  /** The graph that fills the canvas. */
  readonly view: Scope;
  readonly ask: (Ask & { readonly at: ScreenPoint }) | null;
  readonly menu: { readonly at: ScreenPoint; readonly target: MenuTarget } | null;
  /** The node whose id is typed anew. */
  readonly renaming: string | null;
  /** The comment that is written in. */
  readonly writing: string | null;
  readonly isSearching: boolean;
  readonly isMapShown: boolean;
  /** Null: as the width of the window has it. */
  readonly isPaletteOpen: boolean | null;
  /** What would take up that which is dragged over the canvas: an edge or an unfolded map. */
  readonly dropOn: string | null;
  /** How many times something was asked to be brought into view, up to the one that was; another graph does not begin anew. */
  readonly revealed: number;
}

const AT_FIRST: UiState = {
  view: null,
  ask: null,
  menu: null,
  renaming: null,
  writing: null,
  isSearching: false,
  isMapShown: false,
  isPaletteOpen: null,
  dropOn: null,
  revealed: 0,
};

export class UiStore {
  #state = AT_FIRST;
  readonly #listeners = new Set<() => void>();

  readonly state = (): UiState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  set(change: Partial<UiState>): void {
    const isNew = Object.entries(change).some(([key, value]) => this.#state[key as keyof UiState] !== value);
    if (!isNew) return;
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }
}

export const UiContext = createContext<UiStore | null>(null);

export function useUiStore(): UiStore {
  const store = useContext(UiContext);
  if (store === null) throw new Error("Parts of the canvas stand inside it.");
  return store;
}

/** @param select gives the same value while nothing that it is about has changed */
export function useUi<T>(select: (state: UiState) => T): T {
  const store = useUiStore();
  const read = () => select(store.state());
  return useSyncExternalStore(store.subscribe, read, read);
}
