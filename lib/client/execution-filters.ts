/**
 * The filters of the executions list as they stand in the URL; for page and server alike. They have the names that the API
 * gives them. Where a time is asked for, an age (`24h`) or `today` may stand, so that a view kept for later stays about now.
 */
import { parseDuration } from "@/lib/core/durations";

export const FILTER_NAMES = [
  "status",
  "workflow",
  "version",
  "tag",
  "errorCode",
  "correlationId",
  "startedAfter",
  "startedBefore",
  "closedAfter",
  "closedBefore",
  "minDurationMs",
  "maxDurationMs",
  "fingerprint",
  "parent",
  "q",
] as const;
export type FilterName = (typeof FILTER_NAMES)[number];
export type ExecutionFilters = { [name in FilterName]?: string };

/** How many executions a page of the list has. */
export const EXECUTIONS_PAGE = 50;

/** Only those that are given, in one order, so that the same filters are the same key of the cache. */
export function readFilters(get: (name: FilterName) => string | null | undefined): ExecutionFilters {
  return Object.fromEntries(
    FILTER_NAMES.flatMap((name) => {
      const value = get(name);
      return value ? [[name, value]] : [];
    }),
  );
}

export const TODAY = "today";
const TIMES: readonly FilterName[] = ["startedAfter", "startedBefore", "closedAfter", "closedBefore"];

/** `today` begins when the reader's day does, which the server does not know. */
export function needsReadersDay(filters: ExecutionFilters): boolean {
  return TIMES.some((name) => filters[name] === TODAY);
}

/** As the API is asked at this moment: ages become instants, everything else stays as it is. */
export function askedNow(filters: ExecutionFilters, nowMs: number): ExecutionFilters {
  return readFilters((name) => {
    const value = filters[name];
    return value && TIMES.includes(name) ? instantOf(value, nowMs) : value;
  });
}

/** What is neither an age nor `today` is left to the API to judge. */
function instantOf(text: string, nowMs: number): string {
  if (text === TODAY) return new Date(new Date(nowMs).setHours(0, 0, 0, 0)).toISOString();
  const age = ageMs(text);
  return age === null ? text : new Date(nowMs - age).toISOString();
}

/** Milliseconds of an age such as `15m` or `7d`; null where the text is no age. */
export function ageMs(text: string): number | null {
  return /^\d+[mhd]$/.test(text) ? parseDuration(text) : null;
}

/** A list in one parameter, as `status` has it. */
export function listed(value: string | undefined): string[] {
  return value ? value.split(",") : [];
}
