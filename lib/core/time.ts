/** Instants between their three forms: epoch milliseconds in the core, RFC 3339 in events, timestamps in expressions. */

/** The latest instant that RFC 3339 can write: the last millisecond of the year 9999. */
export const MAX_INSTANT_MS = 253_402_300_799_999;

const RFC_3339 = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/;

/** RFC 3339 in UTC with milliseconds, as every event carries it. */
export function toInstant(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

/** Epoch milliseconds of an instant that {@link toInstant} wrote: those in events. Throws on any other text. */
export function epochMs(instant: string): number {
  const ms = Date.parse(instant);
  if (Number.isNaN(ms)) throw new Error(`not an instant: ${instant}`);
  return ms;
}

/** Epoch milliseconds of an RFC 3339 instant with its offset; null where the text is none, or names no real day. */
export function fromInstant(text: string): number | null {
  if (!RFC_3339.test(text)) return null;
  const epochMs = Date.parse(text.toUpperCase().replace(" ", "T"));
  return Number.isNaN(epochMs) || epochMs > MAX_INSTANT_MS || !isRealDay(text) ? null : epochMs;
}

/** What the expression language takes for a timestamp. */
export function toTimestamp(epochMs: number): object {
  return new Date(epochMs);
}

/** The instant of an expression's timestamp, or null where the value is none. */
export function timestampInstant(value: unknown): string | null {
  return value instanceof Date && !Number.isNaN(value.getTime()) ? value.toISOString() : null;
}

/** `Date.parse` takes 30 February for the first of March. */
function isRealDay(text: string): boolean {
  const [year, month, day] = [text.slice(0, 4), text.slice(5, 7), text.slice(8, 10)].map(Number) as [
    number,
    number,
    number,
  ];
  return day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}
