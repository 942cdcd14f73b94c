/** The history of an execution as it grows: every event once, in order, as many at once as are there, up to the one that closes it. */
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
): AsyncGenerator<readonly HistoryEvent[], void, undefined> {
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
      if (signal.aborted) return;
      if (page.events.length > 0) yield page.events;
      last = page.events.at(-1)?.sequence ?? last;
      if (last < page.sequence) continue;
      if (page.closed) return;
      await watch.past(last, signal);
    }
  } finally {
    watch.stop();
  }
}
