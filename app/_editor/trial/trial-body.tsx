"use client";
/**
 * What has happened in the trial, on the timeline and under the scrubber of real executions; and of a step that is picked
 * there, all that is known of a real one.
 */
import { QueryClientProvider } from "@tanstack/react-query";
import { FlaskConical } from "lucide-react";
import { type ReactNode, useCallback, useMemo, useSyncExternalStore } from "react";
import { PermissionsProvider } from "@/lib/client/permissions";
import { trialTexts as words } from "@/lib/client/texts/editor-trial";
import type { CompiledGraph } from "@/lib/core/definition/graph";
import type { TrialRun } from "@/lib/editor/trial/trial-run";
import { executionAt } from "../../_execution/execution-at";
import type { ExecutionFeed } from "../../_execution/execution-feed";
import { Inspector } from "../../_execution/inspector";
import { MomentBar } from "../../_execution/moment-bar";
import { NO_OVERLAY, type Overlay } from "../../_execution/step-overlay";
import { stepKey } from "../../_execution/timeline-model";
import { TimelineView } from "../../_execution/timeline-view";
import { useMoment, useSnapshotAt } from "../../_execution/use-moment";
import { useMedia, WIDE } from "../../_ui/media";
import { useEditorStore } from "../use-editor";
import { trialExecution, trialQueryClient } from "./trial-execution";
import { useOverlay } from "./use-overlay";
import { useTrial } from "./use-trial";

interface Picking {
  /** The key of a step on the timeline; it is looked at in the place of `side`. */
  picked: string | null;
  onPick: (key: string | null) => void;
}

/** @param side stands beside the timeline, or, on phones, in its place; null: on phones the timeline is wanted */
export function TrialBody({ side, ...picking }: { side: ReactNode } & Picking) {
  const { desk, state } = useTrial();
  const { run, runs, moves } = state;
  const { feed } = desk;
  const isWide = useMedia(WIDE);
  if (run !== null && feed !== null)
    return <Running key={runs} run={run} moves={moves} feed={feed} side={side} isWide={isWide} {...picking} />;
  return (
    <div className="flex min-h-0 flex-1">
      {side}
      {(isWide || side === null) && <Nothing />}
    </div>
  );
}

function Nothing() {
  return (
    <div className="flex min-h-0 min-w-0 flex-1 flex-col items-center justify-center gap-1 px-6 py-6 text-center">
      <FlaskConical aria-hidden size={20} className="mb-1 text-ink-3" />
      <p className="text-sm">{words.empty}</p>
      <p className="text-xs text-ink-3">{words.emptyHint}</p>
    </div>
  );
}

function Running({
  run,
  moves,
  feed,
  side,
  isWide,
  picked,
  onPick,
}: Picking & {
  run: TrialRun;
  moves: number;
  feed: ExecutionFeed;
  side: ReactNode;
  isWide: boolean;
}) {
  const store = useEditorStore();
  const client = useMemo(() => trialQueryClient(run), [run]);
  const live = useSyncExternalStore(feed.subscribe, feed.getSnapshot, feed.getSnapshot);
  const moment = useMoment(feed, live, run.history.length, null, keepNothing);
  const snapshot = useSnapshotAt(feed, live, moment.at);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the moves stand for what changed in the run
  const now = useMemo(() => trialExecution(run), [run, moves]);
  const execution = useMemo(
    () => (snapshot.at !== null && snapshot.state ? executionAt(now, snapshot.state) : now),
    [now, snapshot],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: the moves stand for what changed in the run
  const running = useMemo(() => runningIn(run), [run, moves]);
  useOverlay(run, moves, snapshot.at === null ? null : snapshot.state);
  const select = useCallback(
    (key: string | null) => {
      onPick(key);
      const path = key === null ? undefined : feed.getSnapshot().timeline.byKey.get(key)?.node;
      const node = path === undefined ? null : documentNode(run.state.graph, path);
      if (node !== null) store.reveal(node);
    },
    [feed, store, run, onPick],
  );
  const views = { execution, snapshot, overlay: snapshot.at === null ? running : NO_OVERLAY, onSelect: select };
  const row = picked === null ? null : (snapshot.timeline.byKey.get(picked) ?? null);
  const timeline = (
    <div className="flex min-h-0 min-w-0 flex-1 flex-col">
      <TimelineView {...views} selected={picked} isNarrow />
      <MomentBar control={moment} live={live} marks={feed.marks} isNarrow />
    </div>
  );
  const step = row && (
    <aside aria-label={words.pickedStep} className="flex min-h-0 flex-1 flex-col md:w-[320px] md:flex-none md:border-r">
      <Inspector {...views} row={row} step={picked} onShow={showNothing} titled />
    </aside>
  );
  return (
    <div className="flex min-h-0 flex-1">
      {step === null && side}
      {/* Nothing that these ask goes to a server, and nothing can be done to what they show. */}
      <PermissionsProvider permissions={[]}>
        <QueryClientProvider client={client}>
          {step}
          {(isWide || (side === null && step === null)) && timeline}
        </QueryClientProvider>
      </PermissionsProvider>
    </div>
  );
}

/** Tasks that a worker has: all but those that wait for their key. */
function runningIn({ waiting }: TrialRun): Overlay {
  return new Map(
    waiting.flatMap((thing) => {
      if (thing.kind !== "task" || thing.waitsForKey) return [];
      const { node, index, iteration } = thing.asked;
      const key = stepKey({ node, iteration, ...(index.length === 0 ? {} : { index: [...index] }) });
      return [[key, { since: thing.openedAt, worker: null }]];
    }),
  );
}

/** The node that a person would look for: of a body that is written short, its map. */
function documentNode({ nodes, ordinals, scopes }: CompiledGraph, path: string): string | null {
  const node = nodes[ordinals.get(path) ?? -1];
  const scope = node && scopes[node.scope];
  return (scope?.isTask ? nodes[scope.map ?? -1] : node)?.id ?? null;
}

/** The moment that one looks at in a trial is no address. */
function keepNothing() {}

/** Its panel has no other views. */
function showNothing() {}
