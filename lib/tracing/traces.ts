/** Traces, as the server writes them: spans around calls, and spans of what is over. */

/** Ids, names, counts and codes alone: no payload, no message, nothing that a person wrote. */
export type Attributes = Record<string, string | number | boolean>;

export interface Span {
  name: string;
  /** The span above it, as a W3C traceparent. */
  parent: string;
  /** 16 hexadecimal digits; null: whatever is free. One that follows from a key is the same in every process. */
  spanId: string | null;
  /** Epoch milliseconds. */
  startedAt: number;
  endedAt: number;
  attributes: Attributes;
  /** The code of what went wrong. */
  failed: string | null;
}

export interface OpenSpan {
  /** For whatever goes on below it. */
  readonly traceparent: string;
  end(attributes: Attributes, failed: string | null): void;
}

export interface Traces {
  /** Begins a span of a call that came in; without a usable `parent` it is the first of a trace of its own. */
  begin(name: string, parent: string | null, attributes: Attributes): OpenSpan;
  /** A point in time that others go on from: a trace of its own, as of a schedule that starts something. */
  root(name: string, attributes: Attributes): string;
  /** Writes down a span that is over. Never throws, never waits. */
  record(span: Span): void;
  /** Sends what is left, for as long as that takes within a few seconds. */
  close(): Promise<void>;
}

/** The span of what a 63-bit key names: the same in every process, and stored nowhere. */
export function spanIdOf(key: bigint): string {
  return key.toString(16).padStart(16, "0");
}
