/** Cron expressions: what their fields mean is the parser's, which is asked about a clock that never changes. */
import { Cron, CronPattern } from "croner";
import type { Calendar } from "@/lib/core/schedule/next-run";

/** Five fields, or six with seconds first: neither years nor nicknames, which not every reader of a schedule knows. */
const FIELDS = /^\s*\S+(?:\s+\S+){4,5}\s*$/;
const MODE = "5-or-6-parts";

export type ParsedCron = { calendar: Calendar } | { problem: string };

export function parseCron(text: string): ParsedCron {
  if (!FIELDS.test(text)) return { problem: "It must have five fields, or six with seconds first." };
  try {
    const { hour } = new CronPattern(text, undefined, { mode: MODE });
    const cron = new Cron(text, { mode: MODE, utcOffset: 0, paused: true });
    return {
      calendar: {
        next: (after) => cron.nextRun(new Date(after))?.getTime() ?? null,
        everyHour: hour.every((named) => named === 1),
      },
    };
  } catch (error) {
    return { problem: sentence(error) };
  }
}

/** The parser counts months and days from zero in some of its messages, so that the number is better left out. */
function sentence(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const [told = ""] = message.replace(/^CronPattern: /, "").split("\n");
  const plain = told.replace(/^(Invalid value for [a-z]+): -?\d+$/i, "$1").replace(/\.$/, "");
  return `${plain.charAt(0).toUpperCase()}${plain.slice(1)}.`;
}
