/** Times and numbers as sentences say them. English, UTC. */
import { toInstant } from "../time";

const UNITS = [
  { ms: 86_400_000, name: "day" },
  { ms: 3_600_000, name: "hour" },
  { ms: 60_000, name: "minute" },
  { ms: 1000, name: "second" },
] as const;

/** `4 minutes`, in the largest unit that fits; below a second `less than a second`. */
export function ago(ms: number): string {
  const unit = UNITS.find((it) => ms >= it.ms);
  if (unit === undefined) return "less than a second";
  const count = Math.floor(ms / unit.ms);
  return `${count} ${unit.name}${count === 1 ? "" : "s"}`;
}

const DAY_MS = 86_400_000;

/** `14:05:10 UTC` within a day, else with its date. */
export function clockTime(epochMs: number, now: number): string {
  const text = toInstant(epochMs);
  const time = `${text.slice(11, 19)} UTC`;
  return Math.abs(epochMs - now) < DAY_MS && text.slice(0, 10) === toInstant(now).slice(0, 10)
    ? time
    : `${text.slice(0, 10)} ${time}`;
}

const ORDINALS = ["First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth"];

/** `Third`, above ten `Attempt`-ready: `11th`. */
export function ordinalWord(number: number): string {
  const word = ORDINALS[number - 1];
  if (word !== undefined) return word;
  const tens = number % 100;
  const suffix = tens >= 11 && tens <= 13 ? "th" : ({ 1: "st", 2: "nd", 3: "rd" }[number % 10] ?? "th");
  return `${number}${suffix}`;
}
