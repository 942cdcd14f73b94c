"use client";
/** All about one step: why it is where it is, what went in and out, its attempts, logs, items, settings and events. */
import { GitFork, RotateCcw } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useNow } from "@/lib/client/clock";
import { useExplanation } from "@/lib/client/controls";
import { absoluteTime, duration, relativeTime } from "@/lib/client/format";
import { useMay } from "@/lib/client/permissions";
import { actionTexts } from "@/lib/client/texts/actions";
import { inspectorTexts as words } from "@/lib/client/texts/inspector";
import type { Execution } from "@/lib/contract/executions";
import { findStep } from "@/lib/core/execution/find-step";
import { isClosed } from "@/lib/core/execution/statuses";
import { Button } from "../../_ui/button";
import { Status } from "../../_ui/status";
import { type Tab, Tabs } from "../../_ui/tabs";
import { ask } from "../actions/asked";
import { canRerunFrom, usePossible } from "../actions/use-possible";
import { WaitSteps, WorkerCommand } from "../actions/wait-item";
import { AttemptList } from "../attempt-list";
import type { Snapshot } from "../execution-feed";
import { type Overlay, shownStatus } from "../step-overlay";
import { type Row, stepKey } from "../timeline-model";
import type { ViewState } from "../use-view";
import { Configuration } from "./configuration";
import { Fact, Facts, TabBody } from "./fact";
import { LogsView } from "./logs-view";
import { MapItems } from "./map-items";
import { StepEvents } from "./step-events";
import { useTab } from "./use-tab";
import { CarriedView, Cases, ErrorView } from "./values";

type TabName = "summary" | "items" | "attempts" | "logs" | "configuration" | "events";
const TABS: readonly TabName[] = ["summary", "items", "attempts", "logs", "configuration", "events"];

interface StepProps {
  execution: Execution;
  snapshot: Snapshot;
  row: Row;
  overlay: Overlay;
  onSelect: (key: string | null) => void;
  onShow: (change: Partial<ViewState>) => void;
}

export function StepInspector(props: StepProps) {
  const { execution, snapshot, row, overlay, onSelect, onShow } = props;
  const hasItems = row.items !== null;
  const [wanted, setTab] = useTab(TABS);
  // Whoever reads a file has no server to ask for what lies beside the history.
  const mayAsk = useMay("read");
  const [attempt, setAttempt] = useState<{ row: string; taskId: string } | null>(null);
  const isOpen = row.endedAt === null;
  const live = snapshot.at === null;
  const ticking = useNow(isOpen && live ? 1000 : null);
  const now = live ? ticking : snapshot.timeline.lastAt;
  const tabs: Tab<TabName>[] = [
    tab("summary", <Summary {...props} now={now} isOpen={isOpen} />),
    ...(hasItems
      ? [tab("items", <MapItems key={row.key} snapshot={snapshot} row={row} onSelect={onSelect} />, row.items ?? 0)]
      : []),
    tab(
      "attempts",
      <TabBody label={words.tabs.attempts}>
        <AttemptList
          execution={execution}
          snapshot={snapshot}
          row={row}
          running={overlay.get(row.key)}
          now={now}
          onLogs={({ taskId }) => {
            setAttempt({ row: row.key, taskId });
            setTab("logs");
          }}
        />
      </TabBody>,
      row.attempts.length + (row.compensation?.attempts.length ?? 0),
    ),
    ...(mayAsk
      ? [
          tab(
            "logs",
            <StepLogs
              key={row.key}
              {...props}
              attempt={attempt?.row === row.key ? attempt.taskId : null}
              onAttempt={(taskId) => setAttempt(taskId === null ? null : { row: row.key, taskId })}
            />,
          ),
        ]
      : []),
    tab("configuration", <Configuration execution={execution} snapshot={snapshot} node={row.node} />),
    tab("events", <StepEvents snapshot={snapshot} row={row} onShow={(event) => onShow({ view: "events", event })} />),
  ];
  const open = tabs.some(({ name }) => name === wanted) ? wanted : "summary";
  return <Tabs label={words.tabsLabel} tabs={tabs} open={open} onOpen={setTab} />;
}

function tab(name: TabName, content: ReactNode, count?: number): Tab<TabName> {
  return { name, title: words.tabs[name], content, ...(count !== undefined && count > 0 && { count }) };
}

function StepLogs({
  execution,
  snapshot,
  row,
  attempt,
  onAttempt,
}: StepProps & { attempt: string | null; onAttempt: (taskId: string | null) => void }) {
  const live = snapshot.at === null;
  return (
    <LogsView
      executionId={execution.id}
      filter={{ node: row.node }}
      place={row}
      attempts={[...row.attempts, ...(row.compensation?.attempts ?? [])]}
      attempt={attempt}
      onAttempt={onAttempt}
      onSelect={null}
      follows={live && row.endedAt === null && !isClosed(execution)}
      until={live ? null : snapshot.timeline.lastAt}
    />
  );
}

function Summary({
  execution,
  snapshot,
  row,
  overlay,
  onSelect,
  now,
  isOpen,
}: StepProps & { now: number; isOpen: boolean }) {
  const due = row.spans.at(-1)?.dueAt ?? null;
  const last = row.attempts.at(-1);
  return (
    <TabBody label={words.tabs.summary}>
      <Actions execution={execution} snapshot={snapshot} row={row} />
      <Why execution={execution} snapshot={snapshot} row={row} onSelect={onSelect} />
      {row.error && <ErrorView error={row.error} />}
      <Facts>
        <Fact name={words.status}>
          <Status status={shownStatus(row, overlay)} />
        </Fact>
        <Fact name={words.started}>{absoluteTime(row.startedAt)}</Fact>
        {row.spans.length > 0 && (
          <Fact name={words.duration}>{duration((row.endedAt ?? now) - row.startedAt, { whole: isOpen })}</Fact>
        )}
        {isOpen && due !== null && (
          <Fact name={words.resumesAt}>{`${relativeTime(due, now)}, ${absoluteTime(due)}`}</Fact>
        )}
        {row.port && row.port !== "success" && <Fact name={words.port}>{row.port}</Fact>}
        {last && <Fact name={words.task}>{last.task}</Fact>}
        {last && <Fact name={words.queue}>{last.queue}</Fact>}
        {row.rejected > 0 && <Fact name={words.decided}>{words.rejected(row.rejected)}</Fact>}
      </Facts>
      {row.status === "skipped" && <p className="text-xs text-ink-2">{words.skipped}</p>}
      {row.cancelledBecause && <p className="text-xs text-ink-2">{words.cancelled(row.cancelledBecause)}</p>}
      {row.cases && <Cases cases={row.cases} chosen={row.port} />}
      {row.output && <CarriedView executionId={execution.id} value={row.output} title={words.output} />}
      {row.input && <CarriedView executionId={execution.id} value={row.input} title={words.input} />}
      <Checkpoints execution={execution} snapshot={snapshot} row={row} />
    </TabBody>
  );
}

/** What one can do from here. */
function Actions({ execution, snapshot, row }: Pick<StepProps, "execution" | "snapshot" | "row">) {
  const possible = usePossible(execution, snapshot);
  const mayRerun = possible.has("retry") && row.index === null && canRerunFrom(snapshot, row.node);
  if (!mayRerun && !possible.has("fork")) return null;
  return (
    <div className="flex flex-wrap gap-1.5">
      {mayRerun && (
        <Button size="sm" onClick={() => ask(execution.id, { action: "retry", fromNode: row.node })}>
          <RotateCcw aria-hidden size={13} />
          {actionTexts.names.rerunFrom}
        </Button>
      )}
      {possible.has("fork") && (
        <Button size="sm" onClick={() => ask(execution.id, { action: "fork", at: row.firstSequence, step: row.key })}>
          <GitFork aria-hidden size={13} />
          {actionTexts.names.forkFrom}
        </Button>
      )}
    </div>
  );
}

/** What the explanation of the execution says of this step. */
function Why({ execution, snapshot, row, onSelect }: Pick<StepProps, "execution" | "snapshot" | "row" | "onSelect">) {
  const live = snapshot.at === null && row.endedAt === null && !isClosed(execution);
  const items = useExplanation(execution.id, live).data?.items;
  const item = live ? items?.find((each) => stepKey({ iteration: 1, ...each }) === row.key) : undefined;
  if (item === undefined) return null;
  const last = row.attempts.at(-1);
  return (
    <section aria-label={words.waits} className="flex flex-col gap-2 rounded-md border bg-sunken px-2.5 py-2">
      <p className="text-xs break-words">{item.sentence}</p>
      {item.workers === 0 && last && <WorkerCommand task={last.task} queue={last.queue} />}
      <div className="flex flex-wrap gap-1.5 empty:hidden">
        <WaitSteps execution={execution} snapshot={snapshot} item={item} onSelect={onSelect} live isSelected />
      </div>
    </section>
  );
}

/** What the handler noted down on its way, in the order it came. */
function Checkpoints({ execution, snapshot: { state }, row }: Pick<StepProps, "execution" | "snapshot" | "row">) {
  const ordinal = state?.graph.ordinals.get(row.node);
  const step =
    state && ordinal !== undefined ? findStep(state, { ordinal, ...(row.index && { index: row.index }) }) : undefined;
  if (step === undefined || step.iteration !== row.iteration || step.checkpoints.length === 0) return null;
  return (
    <section aria-label={words.checkpoints} className="flex flex-col gap-2">
      <h3 className="text-xs font-medium text-ink-2">{words.checkpoints}</h3>
      {step.checkpoints.map(({ name, value }) => (
        <CarriedView key={name} executionId={execution.id} value={value} title={name} />
      ))}
    </section>
  );
}
