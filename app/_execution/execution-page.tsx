"use client";
/** One execution: its header, one of three views, and an inspector, all on one live history, one moment of it and one selection. */
import { PanelRight } from "lucide-react";
import dynamic from "next/dynamic";
import { useRouter } from "next/navigation";
import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { ApiError } from "@/lib/client/api";
import { useExecution } from "@/lib/client/queries";
import { texts } from "@/lib/client/texts";
import { inspectorTexts } from "@/lib/client/texts/inspector";
import type { Execution } from "@/lib/contract/executions";
import { useKeys } from "../_shell/keys";
import { Button } from "../_ui/button";
import { Dialog } from "../_ui/dialog";
import { Failure } from "../_ui/failure";
import { useMedia } from "../_ui/media";
import { ConnectionBadge } from "./connection-badge";
import { EventsView } from "./events-view";
import { feedOf } from "./execution-feed";
import { ExecutionHeader } from "./execution-header";
import { Inspector } from "./inspector";
import { MomentBar } from "./moment-bar";
import { HeaderSkeleton, ViewSkeleton } from "./skeletons";
import { NO_OVERLAY, useOverlay } from "./step-overlay";
import { TimelineView } from "./timeline-view";
import { useMoment, useSnapshotAt } from "./use-moment";
import { useNeighbours } from "./use-neighbours";
import { useShownExecution } from "./use-shown-execution";
import { useView, VIEWS } from "./use-view";
import { ViewTabs } from "./view-tabs";

const GraphView = dynamic(() => import("./graph-view").then((module) => module.GraphView), {
  ssr: false,
  loading: () => <ViewSkeleton />,
});

/** Leases and waits are no events, so that an open execution is asked for again. */
const OPEN_REFRESH_MS = 3000;
const INSPECTOR_BESIDE = "(min-width: 1100px)";

/** @param id its id, or `key:` and its key: then the address becomes that of the id */
export function ExecutionPage({ id }: { id: string }) {
  const router = useRouter();
  const [closed, setClosed] = useState(false);
  const query = useExecution(id, closed ? false : OPEN_REFRESH_MS);
  const execution = query.data;
  const isClosed = execution !== undefined && execution.closedAt !== null;
  if (isClosed !== closed) setClosed(isClosed);
  const canonical = execution?.id ?? id;
  useEffect(() => {
    if (canonical !== id) router.replace(`/executions/${canonical}`);
  }, [canonical, id, router]);

  if (query.isError && !execution) {
    const missing = query.error instanceof ApiError && query.error.status === 404;
    return missing ? (
      <Failure error={query.error} title={texts.execution.notFound} level={1} />
    ) : (
      <Failure error={query.error} onRetry={() => query.refetch()} level={1} />
    );
  }
  if (!execution)
    return (
      <>
        <HeaderSkeleton />
        <ViewSkeleton />
      </>
    );
  return <LoadedExecution key={execution.id} answer={execution} />;
}

function LoadedExecution({ answer }: { answer: Execution }) {
  const feed = feedOf(answer.id);
  const live = useSyncExternalStore(feed.subscribe, feed.getSnapshot, feed.getSnapshot);
  const { show, ...state } = useView();
  const { view, step } = state;
  const writeMoment = useCallback((at: number | null) => show({ at }), [show]);
  const moment = useMoment(feed, live, answer.sequence, state.at, writeMoment);
  const snapshot = useSnapshotAt(feed, live, moment.at);
  const execution = useShownExecution(answer, feed, live, snapshot);
  const leases = useOverlay(answer);
  const overlay = snapshot.at === null ? leases : NO_OVERLAY;
  const select = useCallback((key: string | null) => show({ step: key }), [show]);
  const beside = useMedia(INSPECTOR_BESIDE);
  const [sheet, setSheet] = useState(false);
  useKeys(
    texts.execution.viewsLabel,
    VIEWS.map((name, index) => ({
      keys: String(index + 1),
      name: texts.execution.views[name],
      run: () => show({ view: name, event: null }),
    })),
  );
  useNeighbours(answer.id, view);
  const row = useMemo(() => (step === null ? null : (snapshot.timeline.byKey.get(step) ?? null)), [step, snapshot]);
  const inspector = (
    <Inspector
      execution={execution}
      snapshot={snapshot}
      row={row}
      step={step}
      overlay={overlay}
      onSelect={select}
      onShow={show}
      titled={beside}
    />
  );
  const selectAndOpen = useCallback(
    (key: string | null) => {
      select(key);
      if (!beside && key !== null) setSheet(true);
    },
    [select, beside],
  );
  const views = { execution, snapshot, overlay, selected: step, onSelect: selectAndOpen };

  return (
    <>
      <ExecutionHeader execution={execution} snapshot={snapshot} />
      {live.newer && (
        <p role="status" className="border-b bg-warning-tint px-4 py-2 text-xs text-warning md:px-6">
          {texts.execution.unknownEvents}
        </p>
      )}
      <div className="flex min-h-0 flex-1">
        <div className="flex min-w-0 flex-1 flex-col">
          <div className="flex h-10 shrink-0 items-center justify-between gap-2 border-b px-2 md:px-4">
            <ViewTabs view={view} onView={(next) => show({ view: next, event: null })} />
            <div className="flex items-center gap-2">
              <ConnectionBadge snapshot={live} total={answer.sequence} />
              {!beside && (
                <Button variant="ghost" size="sm" onClick={() => setSheet(true)} aria-label={inspectorTexts.label}>
                  <PanelRight aria-hidden size={15} />
                </Button>
              )}
            </div>
          </div>
          <div
            role="tabpanel"
            id="view"
            aria-label={texts.execution.views[view]}
            className="flex min-h-0 flex-1 flex-col"
          >
            {view === "timeline" && <TimelineView {...views} />}
            {view === "graph" && <GraphView {...views} />}
            {view === "events" && (
              <EventsView
                live={live}
                shown={snapshot}
                state={state}
                onSelect={select}
                onShow={show}
                onMoment={moment.moveTo}
              />
            )}
          </div>
        </div>
        {beside && (
          <aside
            aria-label={inspectorTexts.label}
            className="flex w-[372px] shrink-0 flex-col overflow-y-auto border-l"
          >
            {inspector}
          </aside>
        )}
      </div>
      <MomentBar control={moment} live={live} marks={feed.marks} />
      {!beside && (
        <Dialog open={sheet} onOpenChange={setSheet} title={step ?? inspectorTexts.executionTitle} wide>
          <div className="min-h-0 overflow-y-auto pb-4">{inspector}</div>
        </Dialog>
      )}
    </>
  );
}
