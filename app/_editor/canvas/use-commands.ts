"use client";
/** The commands of the view that one is in, and their keys. */
import { createContext, useContext, useEffect } from "react";
import { canvasTexts as words } from "@/lib/client/texts/editor-canvas";
import { type PageKey, useKeys } from "../../_shell/keys";
import { toast } from "../../_ui/toast";
import { useEditor } from "../use-editor";
import type { Commands } from "./commands";

export const CommandsContext = createContext<Commands | null>(null);

export function useCommands(): Commands {
  const commands = useContext(CommandsContext);
  if (commands === null) throw new Error("Commands are given within a view of the editor.");
  return commands;
}

/** Keys that mean the same on the canvas and in the list. */
export function useCommandKeys(group: string, commands: Commands): void {
  const isReadOnly = useEditor((state) => state.isReadOnly);
  const edits: PageKey[] = [
    { keys: "Tab", name: words.key.addAfter },
    { keys: "n", name: words.key.add, run: () => commands.askToAdd() },
    { keys: "c", name: words.key.connect, run: () => commands.askToConnect() },
    { keys: "F2", name: words.key.rename },
    { keys: "Delete", name: words.key.remove, run: () => commands.remove() },
    { keys: "Backspace", name: words.key.remove, run: () => commands.remove() },
    { keys: "mod+x", name: words.key.cut },
    { keys: "mod+v", name: words.key.paste },
    { keys: "mod+d", name: words.key.duplicate, run: () => commands.duplicate() },
    { keys: "e", name: words.key.fold, run: () => commands.toggleFold() },
  ];
  useKeys(group, [
    { keys: "Enter", name: words.key.open },
    { keys: "mod+c", name: words.key.copy },
    { keys: "mod+a", name: words.key.all, run: () => commands.selectAll() },
    { keys: "Escape", name: words.key.none, run: () => commands.selectNothing() },
    ...(isReadOnly ? [] : edits),
  ]);
  useClipboard(commands, isReadOnly);
}

/** Nodes go through the clipboard as text, by the browser's own events: nobody is asked for a permission. */
function useClipboard(commands: Commands, isReadOnly: boolean): void {
  useEffect(() => {
    const copy = (event: ClipboardEvent) => {
      const text = isElsewhere(event) ? null : commands.copied();
      if (text === null || !event.clipboardData) return;
      event.clipboardData.setData("text/plain", text);
      event.preventDefault();
      if (event.type === "cut" && !isReadOnly) commands.remove();
      else toast.told(words.copied(commands.selection.nodes.length));
    };
    const paste = (event: ClipboardEvent) => {
      if (isReadOnly || isElsewhere(event)) return;
      if (commands.paste(event.clipboardData?.getData("text/plain") ?? "")) event.preventDefault();
    };
    document.addEventListener("copy", copy);
    document.addEventListener("cut", copy);
    document.addEventListener("paste", paste);
    return () => {
      document.removeEventListener("copy", copy);
      document.removeEventListener("cut", copy);
      document.removeEventListener("paste", paste);
    };
  }, [commands, isReadOnly]);
}

/** One copies what one types or has marked, or is in another part of the page. */
function isElsewhere(event: ClipboardEvent): boolean {
  const target = event.target instanceof Element ? event.target : document.body;
  if (target.closest("input, textarea, select, [contenteditable]:not([contenteditable=false]), [role=dialog]"))
    return true;
  if (target.closest("aside, [data-editor-panel]")) return true;
  return !(getSelection()?.isCollapsed ?? true);
}
