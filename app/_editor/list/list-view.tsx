"use client";
/** The workflow as a tree of rows, in the order in which it runs: the canvas's twin, with the same commands and the same selection. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { Plus, Search } from "lucide-react";
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import { canvasTexts } from "@/lib/client/texts/editor-canvas";
import { type OutlineRow, outlineOf } from "@/lib/editor/canvas/order";
import { everyId, nodeOf } from "@/lib/editor/document";
import { useKeys } from "../../_shell/keys";
import { Button } from "../../_ui/button";
import { type Camera, Commands } from "../canvas/commands";
import { ContextMenu } from "../canvas/context-menu";
import { EmptyCanvas } from "../canvas/empty-canvas";
import { useFindCounts } from "../canvas/find-counts";
import { FindPanel } from "../canvas/find-panel";
import { focusNode } from "../canvas/focus";
import { AskLayer } from "../canvas/quick-add";
import { UiContext, UiStore, useUiStore } from "../canvas/ui";
import { CommandsContext, useCommandKeys } from "../canvas/use-commands";
import { onlyNodes } from "../selection";
import type { EditorStore } from "../store";
import { useTrialOverlay } from "../trial/overlay";
import { useEditor, useEditorStore } from "../use-editor";
import { ListRow, ROW_HEIGHT } from "./list-row";

const words = canvasTexts.list;

export function EditorList() {
  const [ui] = useState(() => new UiStore());
  return (
    <UiContext value={ui}>
      <Listed />
    </UiContext>
  );
}

function Listed() {
  const editor = useEditorStore();
  const ui = useUiStore();
  const commands = useMemo(() => new Commands(editor, ui, camera), [editor, ui]);
  const isReadOnly = useEditor((state) => state.isReadOnly);
  const document = useEditor(({ session }) => session.present);
  const rows = useMemo(() => outlineOf(document), [document]);
  useCommandKeys(words.keys, commands);
  useKeys(words.keys, [
    { keys: "↑ ↓", name: words.walk },
    { keys: "← →", name: words.foldKey },
    { keys: "/", name: canvasTexts.key.find, run: () => ui.set({ isSearching: true }) },
    { keys: "mod+f", name: canvasTexts.key.find, run: () => ui.set({ isSearching: true }) },
  ]);
  return (
    <CommandsContext value={commands}>
      <div className="flex h-10 shrink-0 items-center gap-1 border-b px-3 md:px-5">
        {!isReadOnly && (
          <Button variant="ghost" size="sm" onClick={() => commands.askToAdd()}>
            <Plus aria-hidden size={14} />
            {words.add}
          </Button>
        )}
        <Button variant="ghost" size="sm" onClick={() => ui.set({ isSearching: true })}>
          <Search aria-hidden size={14} />
          {canvasTexts.key.find}
        </Button>
        <span className="ml-auto text-2xs text-ink-3 tabular">
          {canvasTexts.body(everyId(document.definition).size)}
        </span>
      </div>
      <div className="relative flex min-h-0 flex-1 flex-col overflow-y-auto">
        {rows.length === 0 ? <EmptyCanvas /> : <Tree rows={rows} commands={commands} />}
        <FindPanel />
      </div>
      <AskLayer />
      <ContextMenu />
    </CommandsContext>
  );
}

function Tree({ rows, commands }: { rows: readonly OutlineRow[]; commands: Commands }) {
  const editor = useEditorStore();
  const scroller = useRef<HTMLDivElement>(null);
  const selection = useEditor((state) => state.selection);
  const overlay = useTrialOverlay();
  const counts = useFindCounts();
  const chosen = new Set(selection.nodes);
  const active = rows.findIndex(({ id }) => id === selection.nodes.at(-1));
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 12,
  });
  useEffect(() => {
    if (active >= 0) virtual.scrollToIndex(active, { align: "auto" });
  }, [active, virtual]);
  useRevealed(editor);
  return (
    <div
      ref={scroller}
      role="tree"
      aria-label={words.label}
      aria-multiselectable
      data-editor-graph
      className="min-h-0 flex-1 overflow-y-auto"
      onKeyDown={(event) => onKey(event, rows, editor, commands)}
    >
      <div role="presentation" className="relative" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start, key }) => {
          const row = rows[index];
          if (row === undefined) return null;
          return (
            <ListRow
              key={key}
              row={row}
              top={start}
              isSelected={chosen.has(row.id)}
              isActive={index === Math.max(0, active)}
              finds={counts.get(row.id)}
              status={overlay?.get(row.id) ?? null}
            />
          );
        })}
      </div>
    </div>
  );
}

/** What is asked for may lie in a folded map: that one is unfolded, for a list has no other way in. */
function useRevealed(editor: EditorStore): void {
  const revealed = useEditor((state) => state.revealed);
  useEffect(() => {
    if (revealed === null) return;
    const { definition, layout } = editor.present;
    const around = [];
    for (let scope = nodeOf(definition, revealed.node)?.scope; scope; scope = nodeOf(definition, scope)?.scope)
      if (layout.folded?.includes(scope)) around.push(scope);
    for (const node of around) editor.apply({ type: "fold", node, folded: false });
  }, [revealed, editor]);
}

function onKey(event: KeyboardEvent, rows: readonly OutlineRow[], editor: EditorStore, commands: Commands): void {
  if (!(event.target instanceof HTMLElement) || event.altKey || event.ctrlKey || event.metaKey) return;
  const id = event.target.matches("[role=treeitem]") ? event.target.getAttribute("data-id") : null;
  const at = rows.findIndex((row) => row.id === id);
  const row = rows[at];
  if (row === undefined) return;
  const go = (next: OutlineRow | undefined) => {
    if (next === undefined) return;
    const { nodes } = editor.state().selection;
    editor.select(
      event.shiftKey ? onlyNodes(...nodes.filter((each) => each !== next.id), next.id) : onlyNodes(next.id),
    );
    focusNode(next.id);
  };
  const parent = rows.slice(0, at).findLast(({ level }) => level < row.level);
  const acts: Record<string, () => void> = {
    ArrowDown: () => go(rows[at + 1]),
    ArrowUp: () => go(rows[at - 1]),
    Home: () => go(rows[0]),
    End: () => go(rows.at(-1)),
    ArrowRight: () => (row.isFolded ? commands.toggleFold(row.id) : row.isFolded === false && go(rows[at + 1])),
    ArrowLeft: () => (row.isFolded === false ? commands.toggleFold(row.id) : go(parent)),
    Enter: () => (editor.state().selection.nodes.includes(row.id) ? editor.openSettings() : go(row)),
    " ": () => go(row),
    F2: () => commands.rename(row.id),
  };
  const act = acts[event.key];
  if (act === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  act();
}

/** A list has no places: only rows have. */
const camera: Camera = {
  boxes: () => [],
  centre: () => ({ x: 0, y: 0 }),
  screen: (id) => {
    const row = document.querySelector(
      id === null ? "[data-editor-graph]" : `[data-editor-graph] [data-id="${CSS.escape(id)}"]`,
    );
    const box = row?.getBoundingClientRect();
    return box
      ? { x: box.left + Math.min(240, box.width / 2), y: box.top + Math.min(24, box.height) }
      : { x: 200, y: 200 };
  },
};
