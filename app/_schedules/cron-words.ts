/** A cron expression in words; the expression itself where it has none. */
import cronstrue from "cronstrue";

export function cronWords(cron: string): string {
  try {
    return cronstrue.toString(cron, { use24HourTimeFormat: true, verbose: false });
  } catch {
    return cron;
  }
}
