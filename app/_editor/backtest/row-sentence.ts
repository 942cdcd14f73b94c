/** What came of a replay: into which group it falls, and in words. */
import { texts } from "@/lib/client/texts";
import { backtestTexts as words } from "@/lib/client/texts/editor-backtest";
import type { Backtested } from "@/lib/editor/backtest/backtest";
import type { RowResult } from "./backtest-run";

export const GROUPS = ["same", "other", "missing", "unplayable"] as const;
export type Group = (typeof GROUPS)[number];

export function groupOf(result: RowResult): Group {
  if ("group" in result) return result.group;
  return "unplayable" in result ? "unplayable" : "other";
}

/** The draft fails where the recording did not, or never begins. */
export function isFailing(result: RowResult): boolean {
  return "refused" in result || "invalid" in result || ("fails" in result && result.fails);
}

export function sentenceOf(result: RowResult): string {
  if ("refused" in result) return words.refused(result.refused);
  if ("invalid" in result) return words.invalid;
  return "unplayable" in result ? words.unplayable[result.unplayable] : saidOf(result).join(" ");
}

function saidOf(result: Backtested): string[] {
  const { group, divergence, missing, changedInputs, recorded, replayed, isOutputSame } = result;
  const said: string[] = [];
  if (divergence !== null) said.push(words.divergence(divergence));
  if (group === "missing" && missing.length > 0) said.push(words.missing(missing));
  if (group !== "missing" && replayed.status !== recorded.status) said.push(endOf(result));
  if (group === "same") said.push(words.same);
  if (group !== "missing" && replayed.status === "completed" && recorded.status === "completed" && !isOutputSame)
    said.push(words.otherOutput);
  if (changedInputs.length > 0) said.push(words.changedInputs(changedInputs));
  if (result.isCut) said.push(words.cut);
  if (result.wasPaused) said.push(words.paused);
  return said;
}

function endOf({ replayed, recorded, message }: Backtested): string {
  if (replayed.status === "failed" && replayed.error !== null) return words.fails(replayed.error, message);
  const name = (status: Backtested["replayed"]["status"]) =>
    status === "open" ? status : texts.status[status].toLowerCase();
  return words.endsAs(name(replayed.status), name(recorded.status));
}
