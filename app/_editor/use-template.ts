"use client";
/** A workflow that is nowhere yet begins as the template that the address names; undoing it leaves an empty one. */
import { useEffect } from "react";
import { changeSearch, useSearch } from "@/lib/client/search";
import { documentFrom } from "@/lib/editor/templates/template";
import { templateOf } from "@/lib/editor/templates/templates";
import { useEditorStore } from "./use-editor";

export function useTemplate(): void {
  const store = useEditorStore();
  const asked = useSearch().get("template");
  useEffect(() => {
    if (asked === null) return;
    changeSearch({ template: null });
    const template = templateOf(asked);
    const { definition } = store.present;
    const { revision, baseVersion } = store.state().saving;
    if (template === null || definition.nodes.length > 0 || revision > 0 || baseVersion !== null) return;
    store.apply({ type: "replace", ...documentFrom(template, definition.name) });
  }, [store, asked]);
}
