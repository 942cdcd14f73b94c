/** What a route answers, before any transport: cheap to make on the hot routes, where a Web Response is not. */

export interface Answer {
  status: number;
  /** Lower-case names. */
  headers: Record<string, string>;
  /** A stream is pulled no faster than the client reads it. */
  body: string | AsyncIterable<string> | null;
}

const JSON_HEADERS = { "content-type": "application/json", "cache-control": "no-store" };

export function json(status: number, value: unknown): Answer {
  return { status, headers: JSON_HEADERS, body: JSON.stringify(value) };
}

export function empty(status: number): Answer {
  return { status, headers: {}, body: null };
}
