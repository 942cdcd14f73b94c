/**
 * The live stream of one execution's events, read by fetch and not by EventSource: so event types newer than this page
 * arrive too, many events come as one batch, and a refusal can be told from a lost connection. After a loss it goes on
 * behind the last event that was delivered; what comes twice or out of order is never handed on.
 *
 *   connecting --answer--> live --event: end--> ended
 *        ^                   |
 *        +---- back-off -----+ loss          (a refusal ends in `failed`)
 */
import type { HistoryEvent } from "@/lib/contract/history";
import { ApiError, problemOf } from "./api";
import { holdConnection } from "./changes";
import { namespaceHeader } from "./namespace";
import { readServerSentEvents, type ServerSentEvent } from "./server-sent-events";

export type Connection =
  | { state: "connecting" }
  | { state: "live" }
  | { state: "reconnecting"; since: number }
  | { state: "ended" }
  | { state: "failed"; error: ApiError };

export interface EventStreamOptions {
  executionId: string;
  /** The last sequence already known; 0 for none. */
  after: number;
  onEvents: (events: HistoryEvent[]) => void;
  onConnection: (connection: Connection) => void;
  signal: AbortSignal;
}

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 5000;
/** The server sends a comment at least every 15 s; a longer silence is a dead connection. */
const SILENCE_MS = 40_000;

/** Runs until the execution's last event, a refusal, or `signal`. Meanwhile it is the page's only stream. */
export async function followEvents(options: EventStreamOptions): Promise<void> {
  const release = holdConnection();
  try {
    await followUntilEnd(options);
  } finally {
    release();
  }
}

async function followUntilEnd(options: EventStreamOptions): Promise<void> {
  const { signal, onConnection } = options;
  let after = options.after;
  let waitMs = FIRST_WAIT_MS;
  let lostAt: number | null = null;
  const deliver = (events: HistoryEvent[]) => {
    const fresh = events.filter((event) => event.sequence > after);
    const last = fresh.at(-1);
    if (!last) return;
    after = last.sequence;
    options.onEvents(fresh);
  };
  onConnection({ state: "connecting" });
  while (!signal.aborted) {
    try {
      const ended = await readOnce(options.executionId, after, signal, deliver, () => {
        lostAt = null;
        waitMs = FIRST_WAIT_MS;
        onConnection({ state: "live" });
      });
      if (ended) return onConnection({ state: "ended" });
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof ApiError && error.status >= 400 && error.status < 500 && error.status !== 429)
        return onConnection({ state: "failed", error });
    }
    if (signal.aborted) return;
    lostAt ??= Date.now();
    onConnection({ state: "reconnecting", since: lostAt });
    await pause(waitMs, signal);
    waitMs = Math.min(LONGEST_WAIT_MS, waitMs * 2);
  }
}

/** One connection. True: the execution has closed and its last event was delivered. */
async function readOnce(
  executionId: string,
  after: number,
  signal: AbortSignal,
  deliver: (events: HistoryEvent[]) => void,
  onOpen: () => void,
): Promise<boolean> {
  const connection = new AbortController();
  const stop = () => connection.abort();
  signal.addEventListener("abort", stop);
  let silence = setTimeout(stop, SILENCE_MS);
  try {
    const headers: Record<string, string> = { ...namespaceHeader(), accept: "text/event-stream" };
    if (after > 0) headers["last-event-id"] = String(after);
    const response = await fetch(`/api/v1/executions/${encodeURIComponent(executionId)}/events/stream`, {
      headers,
      signal: connection.signal,
    });
    if (!response.ok || !response.body) throw await problemOf(response);
    onOpen();
    let ended = false;
    for await (const messages of readServerSentEvents(response.body)) {
      clearTimeout(silence);
      silence = setTimeout(stop, SILENCE_MS);
      ended ||= messages.some((message) => message.event === "end");
      deliver(eventsIn(messages));
    }
    return ended;
  } finally {
    clearTimeout(silence);
    signal.removeEventListener("abort", stop);
    connection.abort();
  }
}

/** Parsed at once: of thousands that come together, one text takes less than thousands. */
function eventsIn(messages: readonly ServerSentEvent[]): HistoryEvent[] {
  const texts = messages.flatMap(({ event, data }) => (event === "end" ? [] : data));
  return JSON.parse(`[${texts.join(",")}]`) as HistoryEvent[];
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done() {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      window.removeEventListener("online", done);
      resolve();
    }
    signal.addEventListener("abort", done);
    window.addEventListener("online", done);
  });
}
