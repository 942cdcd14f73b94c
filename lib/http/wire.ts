/** A request as a transport hands it in: the little that routes need, without the cost of a Web Request. */

export interface WireRequest {
  method: string;
  /** As sent, percent-encoded, without the query. */
  path: string;
  /** Without the question mark; empty where there is none. */
  search: string;
  /** `name` in lower case. */
  header(name: string): string | undefined;
  /** Of the client, as far as it can be trusted; null where it is unknown. */
  readonly address: string | null;
  /** Aborted when the client goes away, and when the server stops: parked work then ends at once. */
  readonly signal: AbortSignal;
  /** The whole body, or `too-large` as soon as it is known to exceed the limit. Called at most once. */
  read(limitBytes: number): Promise<Uint8Array | "too-large">;
}
