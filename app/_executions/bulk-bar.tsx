"use client";
/** What can be done with the selection: a bar at the bottom of the list, and a question before anything is changed. */
import { Ellipsis, type LucideIcon, OctagonX, Pause, Play, Radio, RotateCw, Square, X } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import type { ExecutionFilters } from "@/lib/client/execution-filters";
import { number } from "@/lib/client/format";
import { executionsTexts } from "@/lib/client/texts/executions";
import type { OperationAction } from "@/lib/contract/operations";
import { Button } from "../_ui/button";
import { Kbd } from "../_ui/kbd";
import { useMedia, WIDE } from "../_ui/media";
import { Menu } from "../_ui/menu";
import { BULK_ACTIONS, isDestructive } from "./bulk";
import { applicable, type Selection, type Tally, total } from "./selection";

const words = executionsTexts.selection;
const loadDialog = () => import("./bulk-dialog");
const BulkDialog = lazy(loadDialog);

const ICONS: Record<OperationAction, LucideIcon> = {
  retry: RotateCw,
  resume: Play,
  pause: Pause,
  signal: Radio,
  cancel: Square,
  terminate: OctagonX,
};

export default function BulkBar({
  selection,
  tally,
  matching,
  filters,
  onSelectAll,
  onClear,
}: {
  selection: Selection;
  /** Of the selection. */
  tally: Tally;
  /** Of all that match. */
  matching: Tally;
  filters: ExecutionFilters;
  onSelectAll: () => void;
  onClear: () => void;
}) {
  const wide = useMedia(WIDE, true);
  const [asked, setAsked] = useState<OperationAction | null>(null);
  const n = total(tally);
  const counted = (action: OperationAction) => {
    const able = applicable(action, tally);
    return able === n || able === 0 ? words.verbs[action] : words.some(action, number(able));
  };
  return (
    <>
      <div
        role="toolbar"
        aria-label={words.label}
        onPointerEnter={loadDialog}
        className="flex min-h-12 shrink-0 animate-fade flex-wrap items-center gap-x-3 gap-y-1 border-t bg-raised px-4 py-2 md:px-6"
      >
        <span role="status" className="text-sm font-medium tabular">
          {selection.isAll ? words.selectedAll(n, tally.capped) : words.selected(n)}
        </span>
        {!selection.isAll && (matching.capped || total(matching) > n) && (
          <button type="button" onClick={onSelectAll} className="rounded-sm text-xs text-accent hover:underline">
            {words.matchAll(total(matching), matching.capped)}
          </button>
        )}
        <div className="ml-auto flex items-center gap-1.5">
          {wide ? (
            BULK_ACTIONS.map((action) => {
              const Icon = ICONS[action];
              const able = applicable(action, tally);
              return (
                <Button
                  key={action}
                  size="sm"
                  disabled={able === 0}
                  title={able === 0 ? words.inapplicable(action) : undefined}
                  onClick={() => setAsked(action)}
                  className={isDestructive(action) ? "text-danger!" : undefined}
                >
                  <Icon aria-hidden size={13} />
                  {counted(action)}
                </Button>
              );
            })
          ) : (
            <Menu
              trigger={
                <Button size="sm">
                  <Ellipsis aria-hidden size={14} />
                  {words.more}
                </Button>
              }
              groups={[false, true].map((danger) =>
                BULK_ACTIONS.filter((action) => isDestructive(action) === danger).map((action) => ({
                  name: counted(action),
                  icon: ICONS[action],
                  danger,
                  disabled: applicable(action, tally) === 0,
                  onSelect: () => setAsked(action),
                })),
              )}
            />
          )}
          <Button variant="ghost" size="sm" onClick={onClear} aria-label={words.clear} title={words.clear}>
            <X aria-hidden size={14} />
            <Kbd>Esc</Kbd>
          </Button>
        </div>
      </div>
      {asked && (
        <Suspense>
          <BulkDialog
            action={asked}
            selection={selection}
            tally={tally}
            filters={filters}
            onClose={() => setAsked(null)}
            onStarted={onClear}
          />
        </Suspense>
      )}
    </>
  );
}
