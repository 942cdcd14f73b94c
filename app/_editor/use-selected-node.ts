"use client";
/** The node that is selected alone stands in the address, and one that stands there when the page opens is selected. */
import { useEffect, useRef } from "react";
import { useSearch } from "@/lib/client/search";
import { everyId } from "@/lib/editor/document";
import { useEditor, useEditorStore } from "./use-editor";
import { showInFrame } from "./use-frame";

export function useSelectedNode(): void {
  const store = useEditorStore();
  const asked = useRef(useSearch().get("node"));
  const alone = useEditor(({ selection }) => (selection.nodes.length === 1 ? (selection.nodes[0] ?? null) : null));
  useEffect(() => {
    const node = asked.current;
    asked.current = null;
    if (node !== null && everyId(store.present.definition).has(node)) store.reveal(node);
    else showInFrame({ node: alone });
  }, [store, alone]);
}
