/** Server-sent events: a history as it grows, resumable without loss or repeat, and the changes of a namespace. */
import type { Changes } from "@/lib/contract/changes";
import { done, type Outcome, refused } from "@/lib/engine/outcome";
import type { ToldEvent } from "@/lib/engine/process/history-tail";
import type { Answer } from "@/lib/http/answer";
import type { WireRequest } from "@/lib/http/wire";

/** A comment this often keeps proxies from closing a quiet stream. */
const KEEP_ALIVE_MS = 15_000;
/** How long a browser waits before it resumes. */
const RESUME_MS = 1_000;
const END = "event: end\ndata: {}\n\n";

/** After which sequence to begin: what a resuming client says it has got wins over what the URL said at first. */
export function resumeAfter(request: WireRequest, after: number | undefined): Outcome<number> {
  const last = request.header("last-event-id");
  if (last === undefined) return done(after ?? 0);
  if (/^[0-9]{1,9}$/.test(last)) return done(Number(last));
  return refused("INVALID_REQUEST", "Last-Event-ID must be the sequence of an event.");
}

/** Events that come together are written together. A stream that was cut off ends without its `end`, so that its client resumes. */
export function eventStream(pages: AsyncIterable<readonly ToldEvent[]>, signal: AbortSignal): Answer {
  return streamOf(
    messages(
      pages,
      (events) => events.map(messageOf).join(""),
      () => (signal.aborted ? "" : END),
    ),
  );
}

/** It has no end of its own: whoever is cut off connects again, and is told to look at everything. */
export function changeStream(changes: AsyncIterable<Changes>): Answer {
  return streamOf(
    messages(
      changes,
      (told) => `event: changes\ndata: ${JSON.stringify(told)}\n\n`,
      () => "",
    ),
  );
}

function streamOf(body: AsyncIterable<string>): Answer {
  const headers = { "content-type": "text/event-stream", "cache-control": "no-store", "x-accel-buffering": "no" };
  return { status: 200, headers, body };
}

async function* messages<T>(
  items: AsyncIterable<T>,
  messageOf: (item: T) => string,
  last: () => string,
): AsyncGenerator<string> {
  yield `retry: ${RESUME_MS}\n\n`;
  const iterator = items[Symbol.asyncIterator]();
  try {
    for (let next = iterator.next(); ; ) {
      const got = await orQuiet(next);
      if (got === "quiet") {
        yield ": keep-alive\n\n";
        continue;
      }
      if (got.done) break;
      yield messageOf(got.value);
      next = iterator.next();
    }
    yield last();
  } finally {
    await iterator.return?.();
  }
}

/** JSON text has no line breaks, so one data line holds it. */
function messageOf({ sequence, type, text }: ToldEvent): string {
  return `id: ${sequence}\nevent: ${type}\ndata: ${text}\n\n`;
}

async function orQuiet<T>(next: Promise<T>): Promise<T | "quiet"> {
  let timer: NodeJS.Timeout | undefined;
  const quiet = new Promise<"quiet">((resolve) => {
    timer = setTimeout(resolve, KEEP_ALIVE_MS, "quiet");
  });
  try {
    return await Promise.race([next, quiet]);
  } finally {
    clearTimeout(timer);
  }
}
