/** Ranges as they are typed: moments of the reader's clock, durations in short. Pure; the zone is the one the page runs in. */
import { ageMs, TODAY } from "@/lib/client/execution-filters";
import { parseDuration } from "@/lib/core/durations";

/** Offered for a begin that stays about now. */
export const RECENT = ["15m", "1h", "6h", "24h", "7d", "30d"] as const;
/** Offered for an end that stays about now. */
export const LONG_AGO = ["1h", "24h", "7d"] as const;

/** As a field for date and time holds it; empty for an age, which no clock shows. */
export function localField(text: string | undefined): string {
  const at = text && text !== TODAY && ageMs(text) === null ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at)) return "";
  const local = new Date(at - new Date(at).getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}

/** The instant of a field for date and time; undefined where it is empty. */
export function fieldInstant(field: string): string | undefined {
  const at = Date.parse(field);
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}

/** `90s` or `1h 30m` in milliseconds; undefined for nothing, null for what is no duration. */
export function typedDuration(text: string): number | null | undefined {
  const parts = text.trim().toLowerCase().split(/\s+/).filter(Boolean);
  if (parts.length === 0) return undefined;
  const ms = parts.map((part) => parseDuration(part.toUpperCase().startsWith("P") ? part.toUpperCase() : part));
  return ms.some((part) => part === null) ? null : ms.reduce((sum: number, part) => sum + (part ?? 0), 0);
}

const UNITS = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1000],
  ["ms", 1],
] as const;

/** As {@link typedDuration} reads it. */
export function durationField(ms: string | undefined): string {
  let rest = Number(ms ?? Number.NaN);
  if (!Number.isSafeInteger(rest) || rest < 0) return "";
  if (rest === 0) return "0s";
  const parts: string[] = [];
  for (const [unit, unitMs] of UNITS) {
    const n = Math.floor(rest / unitMs);
    if (n > 0) parts.push(`${n}${unit}`);
    rest -= n * unitMs;
  }
  return parts.join(" ");
}
