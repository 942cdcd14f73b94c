/** Which log lines are shown, and what they are as text; pure. */
import type { LogItem } from "@/lib/contract/logs";

export interface LogChoice {
  /** Lower ones are left out. */
  level: LogItem["level"];
  words: string;
  /** One attempt's lines; null: all. */
  taskId: string | null;
  /** Only lines of that place; null: of any. */
  place: { iteration: number; index: readonly number[] | null } | null;
  /** Only lines up to then, by the worker's clock; null: all. */
  until: number | null;
}

export const LEVELS: readonly LogItem["level"][] = ["debug", "info", "warn", "error"];

export function chosenLines(lines: readonly LogItem[], choice: LogChoice): LogItem[] {
  const wanted = choice.words.trim().toLowerCase();
  const lowest = LEVELS.indexOf(choice.level);
  return lines.filter(
    (line) =>
      LEVELS.indexOf(line.level) >= lowest &&
      (choice.taskId === null || line.taskId === choice.taskId) &&
      (choice.place === null || isAt(line, choice.place)) &&
      (choice.until === null || Date.parse(line.at) <= choice.until) &&
      (wanted === "" || textOf(line).toLowerCase().includes(wanted)),
  );
}

function isAt({ iteration, index = [] }: LogItem, place: NonNullable<LogChoice["place"]>): boolean {
  const wanted = place.index ?? [];
  return iteration === place.iteration && index.length === wanted.length && index.every((at, i) => at === wanted[i]);
}

/** Text and fields. */
function textOf({ text, fields }: LogItem): string {
  return fields === undefined ? text : `${text} ${JSON.stringify(fields)}`;
}

/** As a file of them would have it. */
export function copiedLine(line: LogItem): string {
  return `${line.at} ${line.level.toUpperCase().padEnd(5)} ${line.node}#${line.attempt} ${textOf(line)}`;
}
