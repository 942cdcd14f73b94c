/** The history of an execution as it grows: every event once, in order, as many at once as are there, up to the one that closes it. */
import type { Caller } from "./caller";
import { findExecution } from "./execution-ref";
import type { ToldEvent } from "./process/history-tail";
import type { Services } from "./services";

/**
 * Ends after the closing event, once the signal is aborted, and at once where there is no such execution. One page is read
 * while the one before it is consumed and none beyond, and many followers of one execution share their reads.
 * @param after the sequence to begin after; 0 for the whole history
 */
export async function* followEvents(
  services: Pick<Services, "announcements" | "db" | "tail">,
  caller: Caller,
  ref: string,
  after: number,
  signal: AbortSignal,
): AsyncGenerator<readonly ToldEvent[], void, undefined> {
  const target = await findExecution(services, caller, ref);
  if (!target.ok) return;
  const { namespaceId, executionId } = target.value;
  // Watched before the first read: what is committed after it is heard of, and ends the wait below at once.
  const watch = services.announcements.watch(executionId);
  try {
    let last = after;
    const read = () => services.tail.read(namespaceId, executionId, last);
    for (let reading = read(); !signal.aborted; ) {
      const page = await reading;
      if (page === null || signal.aborted) return;
      last = page.events.at(-1)?.sequence ?? last;
      const isBehind = last < page.sequence;
      if (isBehind) {
        reading = read();
        // Whoever stops consuming never hears of it.
        reading.catch(() => {});
      }
      if (page.events.length > 0) yield page.events;
      if (isBehind) continue;
      if (page.closed) return;
      await watch.past(last, signal);
      reading = read();
    }
  } finally {
    watch.stop();
  }
}
