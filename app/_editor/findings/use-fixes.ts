"use client";
/** The fixes of findings, as they become known; and what is done with one. */
import { useEffect, useRef, useState } from "react";
import type { Finding } from "@/lib/contract/findings";
import type { Fix } from "@/lib/editor/fixes/fixes-of";
import type { EditorStore } from "../store";
import { useEditor, useEditorStore } from "../use-editor";
import { askFixes } from "./fix-asker";

export type Fixes = ReadonlyMap<Finding, readonly Fix[]>;

const NONE: Fixes = new Map();
/** While one types, what could be fixed is not asked for with each letter. */
const QUIET_MS = 250;
/** Each is judged as often as it has fixes: in a workflow of thousands of nodes that takes seconds. */
const MOST = 60;

export function useFixes(findings: readonly Finding[]): Fixes {
  const editor = useEditorStore();
  const isReadOnly = useEditor((state) => state.isReadOnly);
  const asker = useRef({});
  const [fixes, setFixes] = useState<Fixes>(NONE);
  useEffect(() => {
    const asked = findings.slice(0, MOST);
    if (isReadOnly || asked.length === 0) return;
    let isOld = false;
    const timer = setTimeout(() => {
      askFixes(asker.current, editor.present, asked, (answered) => {
        if (!isOld) setFixes(new Map(asked.map((finding, i) => [finding, answered[i] ?? []])));
      });
    }, QUIET_MS);
    return () => {
      isOld = true;
      clearTimeout(timer);
    };
  }, [editor, findings, isReadOnly]);
  return fixes;
}

/** What was tried on a document of a moment ago is tried on the present one first. */
export async function applyFix(editor: EditorStore, finding: Finding, fix: Fix): Promise<void> {
  const { fixesOf } = await import("@/lib/editor/fixes/fixes-of");
  const edits = fixesOf(finding, editor.present).find(({ title }) => title === fix.title)?.edits ?? fix.edits;
  editor.apply({ type: "all", edits });
}
