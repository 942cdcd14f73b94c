"use client";
/** Where the keyboard is on the timeline, and what follows when the selection changes, wherever it was changed. */
import { useCallback, useEffect, useRef, useState } from "react";
import type { StepTree } from "./step-tree";
import { type Line, lineOf } from "./timeline-lines";

const NONE: readonly string[] = [];

/**
 * The line that the keyboard is on. Several may stand for one step: the one last walked to is kept while its step is
 * selected. A selection from elsewhere unfolds what it lies in and brings it into view.
 */
export function useCursor(
  lines: readonly Line[],
  tree: StepTree,
  selected: string | null,
  onSelect: (key: string | null) => void,
  toggle: (id: string) => void,
  scrollToIndex: (index: number) => void,
) {
  const [walked, setWalked] = useState<{ id: string; key: string } | null>(null);
  const row = selected === null ? null : (tree.byKey.get(selected) ?? null);
  const around = row ? tree.around(row) : NONE;
  const kept = walked && walked.key === selected ? lines.findIndex(({ id }) => id === walked.id) : -1;
  const at = kept !== -1 ? kept : selected === null ? -1 : lineOf(lines, selected, around);
  const revealed = useRef<string | null>(null);
  useEffect(() => {
    if (selected === null) revealed.current = null;
    if (selected === null || revealed.current === selected || at === -1) return;
    const folded = lines.find(
      (line) => line.unfolded === false && around.includes(line.id) && line.row.key !== selected,
    );
    if (folded && walked?.key !== selected) toggle(folded.id);
    else {
      revealed.current = selected;
      scrollToIndex(at);
    }
  });
  const walk = (index: number) => {
    const line = lines[Math.min(lines.length - 1, Math.max(0, index))];
    if (!line || index === -1) return;
    setWalked({ id: line.id, key: line.row.key });
    revealed.current = line.row.key;
    onSelect(line.row.key);
    scrollToIndex(lines.indexOf(line));
  };
  const select = useCallback(
    (line: Line) => {
      setWalked({ id: line.id, key: line.row.key });
      revealed.current = line.row.key;
      onSelect(line.row.key);
    },
    [onSelect],
  );
  return { at, walk, select };
}
