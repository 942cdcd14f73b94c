/** The history of an execution as it grows: every event once, in order, up to the one that closes it. */
import type { HistoryEvent } from "@/lib/contract/history";
import type { Caller } from "./caller";
import { findExecution } from "./execution-ref";
import type { Services } from "./services";

/**
 * Ends after the closing event, once the signal is aborted, and at once where there is no such execution. Nothing is read
 * ahead of who consumes it, and many followers of one execution share their reads.
 * @param after the sequence to begin after; 0 for the whole history
 */
export async function* followEvents(
  services: Pick<Services, "announcements" | "db" | "tail">,
  caller: Caller,
  ref: string,
  after: number,
  signal: AbortSignal,
): AsyncGenerator<HistoryEvent, void, undefined> {
  const target = await findExecution(services, caller, ref);
  if (!target.ok) return;
  const { namespaceId, executionId } = target.value;
  // Watched before the first read: what is committed after it is heard of, and ends the wait below at once.
  const watch = services.announcements.watch(executionId);
  try {
    let last = after;
    while (!signal.aborted) {
      const page = await services.tail.read(namespaceId, executionId, last);
      if (page === null) return;
      for (const event of page.events) {
        if (signal.aborted) return;
        yield event;
        last = event.sequence;
      }
      if (last < page.sequence) continue;
      if (page.closed) return;
      await watch.past(last, signal);
    }
  } finally {
    watch.stop();
  }
}
