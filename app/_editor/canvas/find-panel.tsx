"use client";
/** Finds nodes by what is written in them, and walks what it found. */
import { ChevronDown, ChevronUp, Search, X } from "lucide-react";
import { type KeyboardEvent, useMemo, useState } from "react";
import { canvasTexts } from "@/lib/client/texts/editor-canvas";
import { found } from "@/lib/editor/canvas/search";
import { Button } from "../../_ui/button";
import { useEditor, useEditorStore } from "../use-editor";
import { useUi, useUiStore } from "./ui";
import { useCommands } from "./use-commands";

const words = canvasTexts.find;

export function FindPanel() {
  return useUi(({ isSearching }) => isSearching) ? <OpenFindPanel /> : null;
}

function OpenFindPanel() {
  const editor = useEditorStore();
  const ui = useUiStore();
  const commands = useCommands();
  const definition = useEditor(({ session }) => session.present.definition);
  const [text, setText] = useState("");
  const [at, setAt] = useState(-1);
  const hits = useMemo(() => found(definition, text), [definition, text]);
  const go = (by: number) => {
    if (hits.length === 0) return;
    const next = (Math.max(-1, at) + by + hits.length) % hits.length;
    setAt(next);
    const hit = hits[next];
    if (hit !== undefined) editor.reveal(hit);
  };
  const close = () => {
    ui.set({ isSearching: false });
    commands.focusChosen();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter") go(event.shiftKey ? -1 : 1);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  };
  return (
    <search
      data-editor-panel
      className="absolute top-3 right-3 z-10 flex w-[min(320px,calc(100%-24px))] animate-fade items-center gap-1 rounded-md border bg-raised p-1 pl-2.5 shadow-float"
    >
      <Search aria-hidden size={14} className="shrink-0 text-ink-3" />
      <input
        // biome-ignore lint/a11y/noAutofocus: it was opened to type here
        autoFocus
        type="search"
        aria-label={words.label}
        placeholder={words.placeholder}
        value={text}
        spellCheck={false}
        onChange={(event) => {
          setText(event.target.value);
          setAt(-1);
        }}
        onKeyDown={onKeyDown}
        className="h-7 min-w-0 flex-1 bg-transparent text-xs focus-visible:outline-none [&::-webkit-search-cancel-button]:hidden"
      />
      <span role="status" className="shrink-0 px-1 text-2xs text-ink-3 tabular">
        {text.trim() !== "" && words.hits(at + 1, hits.length)}
      </span>
      {[
        { name: words.previous, icon: ChevronUp, act: () => go(-1) },
        { name: words.next, icon: ChevronDown, act: () => go(1) },
        { name: words.close, icon: X, act: close },
      ].map(({ name, icon: Icon, act }) => (
        <Button
          key={name}
          variant="ghost"
          size="sm"
          aria-label={name}
          title={name}
          onClick={act}
          className="size-7 px-0"
        >
          <Icon aria-hidden size={14} />
        </Button>
      ))}
    </search>
  );
}
