"use client";
/** The way back out of a map whose body fills the canvas. */
import { Panel } from "@xyflow/react";
import { ChevronRight } from "lucide-react";
import { Fragment } from "react";
import { canvasTexts as words } from "@/lib/client/texts/editor-canvas";
import { nodeOf, type Scope } from "@/lib/editor/document";
import { useEditor } from "../use-editor";
import { useUiStore } from "./ui";

export function Crumbs({ view }: { view: Scope }) {
  const ui = useUiStore();
  const definition = useEditor(({ session }) => session.present.definition);
  if (view === null) return null;
  const trail: string[] = [];
  for (let at: Scope = view; at !== null; at = nodeOf(definition, at)?.scope ?? null) trail.unshift(at);
  return (
    <Panel position="top-left" className="!m-3">
      <nav aria-label={words.trail} className="flex items-center gap-1 rounded-md border bg-raised px-2 py-1 text-xs">
        <button
          type="button"
          onClick={() => ui.set({ view: null })}
          className="rounded-sm px-1 text-ink-2 hover:text-ink"
        >
          {definition.name}
        </button>
        {trail.map((id) => (
          <Fragment key={id}>
            <ChevronRight aria-hidden size={12} className="text-ink-3" />
            {id === view ? (
              <span aria-current="location" className="px-1 font-medium">
                {id}
              </span>
            ) : (
              <button
                type="button"
                onClick={() => ui.set({ view: id })}
                className="rounded-sm px-1 text-ink-2 hover:text-ink"
              >
                {id}
              </button>
            )}
          </Fragment>
        ))}
      </nav>
    </Panel>
  );
}
