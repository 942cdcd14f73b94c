/** IANA time zones, as the runtime's own database knows them. */
import type { OffsetAt } from "@/lib/core/schedule/next-run";

const OFFSET = /GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/;
/** There are some six hundred, each of which costs tens of microseconds to open. */
const opened = new Map<string, OffsetAt>();

/** null where there is no such zone; a mere offset such as +02:00 is none, for it knows no change of the clock. */
export function openTimeZone(name: string): OffsetAt | null {
  const known = opened.get(name);
  if (known !== undefined) return known;
  if (!/^[a-z]/i.test(name)) return null;
  const format = formatIn(name);
  if (format === null) return null;
  const offsetAt: OffsetAt = (epochMs) => offsetOf(format.format(epochMs));
  opened.set(name, offsetAt);
  return offsetAt;
}

function formatIn(timeZone: string): Intl.DateTimeFormat | null {
  try {
    return new Intl.DateTimeFormat("en", { timeZone, timeZoneName: "longOffset" });
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function offsetOf(text: string): number {
  const match = OFFSET.exec(text);
  if (match === null) throw new Error(`no offset in ${text}`);
  const [, sign, hours = 0, minutes = 0, seconds = 0] = match;
  const ms = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
  return sign === "-" ? -ms : ms;
}
