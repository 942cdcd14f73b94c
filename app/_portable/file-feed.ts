/** The history in a file as a feed of events: all of them at once, and then the end. */
import { followEvents } from "@/lib/client/event-stream";
import { ExecutionFeed, keepFeed } from "../_execution/execution-feed";
import type { HistoryFile } from "./history-file";

/** The pages of that execution read the file, until the returned function is called. */
export function feedFromFile({ execution, events }: HistoryFile): () => void {
  const feed = new ExecutionFeed(({ after, onEvents, onConnection }) => {
    if (after < events.length) onEvents(events.slice(after));
    onConnection({ state: "ended" });
  });
  keepFeed(execution.id, feed);
  return () => {
    const executionId = execution.id;
    keepFeed(executionId, new ExecutionFeed((options) => void followEvents({ executionId, ...options })));
  };
}
