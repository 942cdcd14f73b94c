"use client";
/** Opens the canvas's menu at what it is asked for, by pointer or by the menu key, and selects that first. */
import { type MouseEvent, useMemo } from "react";
import { useEditorStore } from "../use-editor";
import type { Commands } from "./commands";
import type { CanvasEdge, CanvasNode } from "./elements";
import { type MenuTarget, useUiStore } from "./ui";

export function useMenu(commands: Commands) {
  const editor = useEditorStore();
  const ui = useUiStore();
  return useMemo(() => {
    const open = (event: MouseEvent | globalThis.MouseEvent, target: MenuTarget) => {
      event.preventDefault();
      event.stopPropagation();
      ui.set({ menu: { at: pointOf(event), target } });
    };
    const onNode = (event: MouseEvent, node: CanvasNode) => {
      const { selection } = editor.state();
      if (node.type === "comment") {
        const { id } = node.data.comment;
        editor.select({ nodes: [], edges: [], comments: [id] });
        open(event, { kind: "comment", id });
        return;
      }
      if (!selection.nodes.includes(node.id)) editor.select({ nodes: [node.id], edges: [], comments: [] });
      open(event, { kind: "nodes" });
    };
    return {
      onNode,
      onEdge: (event: MouseEvent, edge: CanvasEdge) => {
        if (!edge.data) return;
        const { scope, ref } = edge.data.drawn;
        editor.select({ nodes: [], edges: [{ scope, edge: ref }], comments: [] });
        open(event, { kind: "edge", scope, edge: ref });
      },
      onPane: (event: MouseEvent | globalThis.MouseEvent) => open(event, { kind: "pane" }),
      onSelection: (event: MouseEvent) => open(event, { kind: "nodes" }),
      /** The menu key where nothing in the canvas took it. */
      onKey: (event: MouseEvent) => {
        if (commands.selection.nodes.length > 0) open(event, { kind: "nodes" });
      },
    };
  }, [editor, ui, commands]);
}

/** The menu key has no pointer: the menu opens at what has the focus. */
function pointOf(event: MouseEvent | globalThis.MouseEvent): { x: number; y: number } {
  const isByKey = "button" in event && event.button !== 2 && event.clientX === 0 && event.clientY === 0;
  if (!isByKey || !(event.target instanceof Element)) return { x: event.clientX, y: event.clientY };
  const box = event.target.getBoundingClientRect();
  return { x: box.left + Math.min(40, box.width / 2), y: box.top + Math.min(40, box.height / 2) };
}
