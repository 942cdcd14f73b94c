/** The history of a trial as a feed of events, so that the views of real executions draw it: what has happened, and what happens from now on. */
import type { HistoryEvent } from "@/lib/contract/history";
import type { TrialRun } from "@/lib/editor/trial/trial-run";
import { TRIAL_VERSION } from "@/lib/editor/trial/trial-run";
import { ExecutionFeed } from "../../_execution/execution-feed";

export interface TrialFeed {
  readonly feed: ExecutionFeed;
  /** Tells the feed what has happened since. */
  follow(): void;
}

export function feedOfTrial(run: TrialRun): TrialFeed {
  let told = 0;
  let listener: ((events: HistoryEvent[]) => void) | null = null;
  const follow = () => {
    if (listener === null || told >= run.history.length) return;
    listener(run.history.slice(told));
    told = run.history.length;
  };
  const feed = new ExecutionFeed(({ after, onEvents, onConnection, signal }) => {
    told = after;
    listener = onEvents;
    signal.addEventListener("abort", () => {
      if (listener === onEvents) listener = null;
    });
    onConnection({ state: "live" });
    follow();
  });
  feed.bind(TRIAL_VERSION, run.definition);
  return { feed, follow };
}
