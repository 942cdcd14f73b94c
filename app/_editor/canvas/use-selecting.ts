"use client";
/** React Flow says what became selected; the editor says what is. */
import { type EdgeChange, type NodeChange, useStoreApi } from "@xyflow/react";
import { useMemo } from "react";
import type { SelectedEdge, Selection } from "../selection";
import { useEditorStore } from "../use-editor";
import type { CanvasEdge, CanvasNode } from "./elements";

export function useSelecting() {
  const editor = useEditorStore();
  const store = useStoreApi();
  return useMemo(() => {
    const set = (change: (selection: Selection) => Selection) => editor.select(change(editor.state().selection));
    return {
      nodes: (changes: readonly NodeChange<CanvasNode>[]) => {
        const own = changes.filter((change) => change.type === "select");
        if (own.length === 0) return;
        set((selection) => ({
          ...selection,
          nodes: changed(selection.nodes, own, (id) => (id.startsWith("comment:") ? null : id)),
          comments: changed(selection.comments, own, (id) =>
            id.startsWith("comment:") ? id.slice("comment:".length) : null,
          ),
        }));
      },
      edges: (changes: readonly EdgeChange<CanvasEdge>[]) => {
        const own = changes.filter((change) => change.type === "select");
        // A box is drawn around nodes: what lies between them goes with them by itself.
        if (own.length === 0 || store.getState().userSelectionActive) return;
        set((selection) => ({ ...selection, edges: changedEdges(selection.edges, own) }));
      },
    };
  }, [editor, store]);
}

interface SelectChange {
  readonly id: string;
  readonly selected: boolean;
}

function changed(
  before: readonly string[],
  changes: readonly SelectChange[],
  own: (id: string) => string | null,
): readonly string[] {
  const chosen = new Set(before);
  for (const { id, selected } of changes) {
    const name = own(id);
    if (name === null) continue;
    if (selected) chosen.add(name);
    else chosen.delete(name);
  }
  return [...chosen];
}

const endsOf = ({ scope, edge }: SelectedEdge) => `${scope ?? ""}|${edge.from} ${edge.port} ${edge.to}`;

function changedEdges(before: readonly SelectedEdge[], changes: readonly SelectChange[]): readonly SelectedEdge[] {
  const chosen = new Map(before.map((each) => [endsOf(each), each]));
  for (const { id, selected } of changes) {
    if (selected) chosen.set(id, edgeNamed(id));
    else chosen.delete(id);
  }
  return [...chosen.values()];
}

function edgeNamed(id: string): SelectedEdge {
  const at = id.indexOf("|");
  const [from = "", port = "", to = ""] = id.slice(at + 1).split(" ");
  return { scope: at === 0 ? null : id.slice(0, at), edge: { from, port, to } };
}
