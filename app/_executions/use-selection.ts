"use client";
/** The selection of the list that is shown: it ends with the filters it was made under. */
import { useMemo, useState } from "react";
import type { ExecutionSummary } from "@/lib/contract/executions";
import { isEmpty, NOTHING, refreshed, type Selection, selectAll, tick, tickLoaded, tickRange } from "./selection";

export function useSelection(rows: readonly ExecutionSummary[], view: string) {
  const [state, setState] = useState({ view, selection: NOTHING });
  if (state.view !== view) setState({ view, selection: NOTHING });
  const selection = useMemo(() => refreshed(state.selection, rows), [state.selection, rows]);
  const change = (by: (selection: Selection) => Selection) =>
    setState((before) => ({ ...before, selection: by(refreshed(before.selection, rows)) }));
  return {
    selection,
    isEmpty: isEmpty(selection),
    onTick: (id: string, ticked: boolean, isRange: boolean) =>
      change((before) => (isRange ? tickRange : tick)(before, rows, id, ticked)),
    onTickLoaded: (ticked: boolean) => change(() => (ticked ? tickLoaded(rows) : NOTHING)),
    onSelectAll: () => change(selectAll),
    onClear: () => change(() => NOTHING),
  };
}
