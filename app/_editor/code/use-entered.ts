"use client";
/** Whether somebody is about to type into a field, and how they came there; until then it is plain text. */
import type { EditorView } from "@codemirror/view";
import { useRef, useState } from "react";
import { type Entered, NOTHING_EARLY } from "./field-props";

export function useEntered() {
  const view = useRef<EditorView>(null);
  const [entered, setEntered] = useState<Entered | null>(null);
  const [early] = useState(() => ({ ...NOTHING_EARLY }));
  /** Also where it is open already. */
  const enter = () => {
    if (entered === null) setEntered(true);
    view.current?.focus();
  };
  return { view, entered, setEntered, early, enter };
}
