/** Times, durations and sizes as people read them; pure, so that tests and server agree with the page. */

const UNITS: [unit: string, ms: number][] = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1000],
];

/**
 * `84 ms`, `3.2 s`, `4 min 12 s`, `2 h 5 min`, `3 d 4 h`: two units at most.
 * `whole` leaves out fractions of a second, for durations that tick.
 */
export function duration(ms: number, options: { whole?: boolean } = {}): string {
  const value = Math.max(0, Math.round(ms));
  if (value < 60_000) {
    if (options.whole) return `${Math.floor(value / 1000)} s`;
    if (value < 1000) return `${value} ms`;
    return value < 10_000
      ? `${(Math.floor(value / 10) / 100).toFixed(2)} s`
      : `${(Math.floor(value / 100) / 10).toFixed(1)} s`;
  }
  const first = UNITS.findIndex(([, unitMs]) => value >= unitMs);
  const [unit, unitMs] = UNITS[first] ?? ["s", 1000];
  const count = Math.floor(value / unitMs);
  const next = UNITS[first + 1];
  const rest = next ? Math.floor((value - count * unitMs) / next[1]) : 0;
  return next && rest > 0 ? `${count} ${unit} ${rest} ${next[0]}` : `${count} ${unit}`;
}

/** As {@link duration}, without zeros that say nothing: `2 s`, `1.5 s`, `4 min`. */
export function roundDuration(ms: number): string {
  return duration(ms)
    .replace(/(\.\d*?)0+ s$/, "$1 s")
    .replace(". s", " s");
}

/** `just now`, `12 s ago`, `in 3 h`, and the date once it is a week away. */
export function relativeTime(at: number, now: number): string {
  const distance = Math.abs(now - at);
  if (distance < 5000) return "just now";
  if (distance >= 7 * 86_400_000) return shortDate(at);
  const [unit, unitMs] = UNITS.find(([, ms]) => distance >= ms) ?? ["s", 1000];
  const text = `${Math.floor(distance / unitMs)} ${unit}`;
  return at > now ? `in ${text}` : `${text} ago`;
}

const dateTime = new Intl.DateTimeFormat("en-GB", {
  year: "numeric",
  month: "short",
  day: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  fractionalSecondDigits: 3,
  timeZoneName: "short",
});
const dayOnly = new Intl.DateTimeFormat("en-GB", { year: "numeric", month: "short", day: "numeric" });
const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const clockMs = new Intl.DateTimeFormat("en-GB", {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  fractionalSecondDigits: 3,
});

/** `24 Nov 2026, 14:02:11.120 UTC`, in the reader's zone. */
export function absoluteTime(at: string | number): string {
  return dateTime.format(new Date(at));
}

export function shortDate(at: string | number): string {
  return dayOnly.format(new Date(at));
}

const toTheMinute = new Intl.DateTimeFormat("en-GB", {
  month: "short",
  day: "numeric",
  hour: "2-digit",
  minute: "2-digit",
});

/** `24 Nov, 14:02`, in the reader's zone. */
export function shortTime(at: string | number): string {
  return toTheMinute.format(new Date(at));
}

/** `14:02:11`, or with milliseconds `14:02:11.120`. */
export function clockTime(at: string | number, options: { ms?: boolean } = {}): string {
  return (options.ms ? clockMs : clock).format(new Date(at));
}

/** `812 B`, `14 KB`, `1.2 MB`, in powers of 1,024. */
export function bytes(count: number): string {
  if (count < 1024) return `${count} B`;
  if (count < 1024 * 1024) return `${Math.round(count / 1024)} KB`;
  return `${(count / (1024 * 1024)).toFixed(1)} MB`;
}

const grouped = new Intl.NumberFormat("en-GB");

/** `12,345`. */
export function number(value: number): string {
  return grouped.format(value);
}

/** `1 step`, `2 steps`. */
export function count(value: number, one: string, many = `${one}s`): string {
  return `${number(value)} ${value === 1 ? one : many}`;
}

/** The end of an id, where ids made close together differ: `…4K7Q2M`. */
export function shortId(id: string): string {
  return id.length > 12 ? `…${id.slice(-8)}` : id;
}
