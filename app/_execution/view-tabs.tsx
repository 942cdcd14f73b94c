"use client";
/** Chooses the view; each says its key. Arrow keys move between them, as in every tab list. */
import { ChartGantt, List, Workflow } from "lucide-react";
import type { KeyboardEvent } from "react";
import { texts } from "@/lib/client/texts";
import { classNames } from "../_ui/class-names";
import { Kbd } from "../_ui/kbd";
import { VIEWS, type View } from "./use-view";

const ICONS = { timeline: ChartGantt, events: List, graph: Workflow };

export function ViewTabs({ view, onView }: { view: View; onView: (view: View) => void }) {
  function onKeyDown(event: KeyboardEvent<HTMLDivElement>) {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (step === 0) return;
    const next = VIEWS[(VIEWS.indexOf(view) + step + VIEWS.length) % VIEWS.length];
    if (!next) return;
    onView(next);
    event.currentTarget.querySelector<HTMLElement>(`[data-view="${next}"]`)?.focus();
  }
  return (
    <div
      role="tablist"
      aria-label={texts.execution.viewsLabel}
      onKeyDown={onKeyDown}
      className="flex h-full items-center gap-1"
    >
      {VIEWS.map((name, index) => {
        const Icon = ICONS[name];
        return (
          <button
            key={name}
            type="button"
            role="tab"
            data-view={name}
            aria-selected={name === view}
            aria-controls="view"
            tabIndex={name === view ? 0 : -1}
            onClick={() => onView(name)}
            className={classNames(
              "relative inline-flex h-7 items-center gap-1.5 rounded-md px-2 text-xs font-medium transition-colors",
              name === view ? "bg-active text-ink" : "text-ink-2 hover:bg-hover hover:text-ink",
            )}
          >
            <Icon aria-hidden size={14} />
            {texts.execution.views[name]}
            <Kbd>{String(index + 1)}</Kbd>
          </button>
        );
      })}
    </div>
  );
}
