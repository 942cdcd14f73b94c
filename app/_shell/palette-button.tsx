"use client";
/** Opens the palette: a field-like button with its key in the sidebar, an icon in the bar of phones. */
import { Search } from "lucide-react";
import { shellTexts } from "@/lib/client/texts/shell";
import { KeyCombo } from "./key-combo";
import { show } from "./overlays";

const words = shellTexts.palette;

/** Loaded when it is about to be used: most visits go without it. */
export const loadPalette = () => import("./palette");

const open = () => show({ name: "palette" });

export function PaletteButton({ compact }: { compact?: boolean }) {
  if (compact)
    return (
      <button
        type="button"
        aria-label={words.title}
        onClick={open}
        onPointerEnter={loadPalette}
        className="inline-flex size-9 items-center justify-center rounded-md text-ink-2 hover:bg-hover hover:text-ink"
      >
        <Search aria-hidden size={17} strokeWidth={1.75} />
      </button>
    );
  return (
    <button
      type="button"
      aria-keyshortcuts="Control+K Meta+K"
      onClick={open}
      onPointerEnter={loadPalette}
      className="mb-2 flex h-8 items-center gap-2.5 rounded-md border bg-canvas px-2 text-ink-3 transition-colors hover:border-line-strong hover:text-ink-2"
    >
      <Search aria-hidden size={15} strokeWidth={1.75} className="shrink-0" />
      <span className="flex-1 truncate text-left text-xs">{words.open}</span>
      <KeyCombo keys="mod+k" />
    </button>
  );
}
