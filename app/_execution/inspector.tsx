"use client";
/** Everything about the selected step, or about the execution while none is selected. */
import { X } from "lucide-react";
import { texts } from "@/lib/client/texts";
import { inspectorTexts as words } from "@/lib/client/texts/inspector";
import type { Execution } from "@/lib/contract/executions";
import { Button } from "../_ui/button";
import { Skeleton } from "../_ui/skeleton";
import type { Snapshot } from "./execution-feed";
import { EditorLink } from "./inspector/editor-link";
import { ExecutionInspector } from "./inspector/execution-inspector";
import { placeOf } from "./inspector/place-of";
import { Places } from "./inspector/places";
import { StepInspector } from "./inspector/step-inspector";
import type { Overlay } from "./step-overlay";
import type { Row } from "./timeline-model";
import type { ViewState } from "./use-view";

interface InspectorProps {
  execution: Execution;
  snapshot: Snapshot;
  /** Null where nothing is selected, or where the selected step has not started. */
  row: Row | null;
  step: string | null;
  overlay: Overlay;
  onSelect: (key: string | null) => void;
  onShow: (change: Partial<ViewState>) => void;
  /** Where it stands in a dialog, that has the title. */
  titled: boolean;
}

export function Inspector(props: InspectorProps) {
  const { execution, snapshot, step, onSelect, titled } = props;
  if (step !== null) return <SelectedStep {...props} step={step} />;
  return (
    <>
      {titled && (
        <div className="flex h-10 shrink-0 items-center border-b px-4">
          <h2 className="text-xs font-medium">{words.executionTitle}</h2>
        </div>
      )}
      <ExecutionInspector execution={execution} snapshot={snapshot} onSelect={onSelect} />
    </>
  );
}

function SelectedStep(props: InspectorProps & { step: string }) {
  const { execution, snapshot, row, step, onSelect, titled } = props;
  const place = placeOf(step);
  return (
    <>
      {titled && (
        <div className="flex h-10 shrink-0 items-center justify-between gap-2 border-b pr-2 pl-4">
          <h2 title={step} className="min-w-0 truncate font-mono text-xs font-medium">
            {step}
          </h2>
          <span className="flex shrink-0">
            {place && <EditorLink workflow={execution.workflow} path={place.node} />}
            <Button
              variant="ghost"
              size="sm"
              aria-label={words.close}
              onClick={() => onSelect(null)}
              className="px-1.5"
            >
              <X aria-hidden size={14} />
            </Button>
          </span>
        </div>
      )}
      {place && (
        <div className="flex shrink-0 flex-wrap gap-x-3 border-b px-2 py-1 empty:hidden">
          <Places snapshot={snapshot} place={place} onSelect={onSelect} />
          {!titled && <EditorLink workflow={execution.workflow} path={place.node} />}
        </div>
      )}
      {row ? (
        <StepInspector {...props} row={row} />
      ) : isComing(props) ? (
        <div role="status" aria-label={texts.common.loading} className="flex flex-col gap-3 px-4 py-4">
          <Skeleton className="h-4 w-1/3" />
          <Skeleton className="h-16 w-full" />
        </div>
      ) : (
        <div className="flex flex-col gap-1 px-4 py-4 text-xs text-ink-3">
          <p className="text-ink-2">{snapshot.at === null ? words.notStarted : words.notStartedThen}</p>
          <p>{words.notStartedHint}</p>
        </div>
      )}
    </>
  );
}

/** Its history is on its way: whether the step has started is not known yet. */
function isComing({ snapshot: { at, backlog, events }, execution }: InspectorProps): boolean {
  return at === null && (backlog > 0 || events.length < execution.sequence);
}
