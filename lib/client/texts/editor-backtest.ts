/** The texts of a backtest: recorded executions replayed against the draft. */
import type { PassedStep } from "@/lib/contract/trials";
import type { Divergence } from "@/lib/editor/backtest/divergence";
import { count, number } from "../format";

export const backtestTexts = {
  lead: "Replays what was recorded against the draft, with the results that its steps had.",
  last: "The last",
  counts: "How many executions",
  of: "of",
  kinds: "Which executions",
  kind: { closed: "All that ended", completed: "Completed", failed: "Failed" },
  run: "Replay",
  again: "Replay again",
  stop: "Stop",
  progress: (done: number, total: number) => `${number(done)} of ${number(total)}`,
  progressLabel: "Executions replayed",
  reading: "Reading which there are",
  stopped: (done: number, total: number) => `Stopped after ${number(done)} of ${number(total)}.`,
  stale: "The draft has changed since.",
  hasErrors: (n: number) => `${count(n, "error")} to put right first: a draft with errors does not run.`,
  emptyTitle: "Nothing to replay",
  empty: "No execution of this workflow has ended in that way yet.",
  begin: "How many of them would take the same path, how many another, and where a result is missing.",
  limits:
    "A step's result is the one it had then. Where the draft gives it another input, the step is named: its result might have been another, too.",
  groups: { same: "Same path", other: "Another path", missing: "Result missing", unplayable: "Not replayed" },
  groupsLabel: "What came of it",
  results: "Executions replayed",
  none: {
    same: "None took the same path.",
    other: "None took another path.",
    missing: "No result is missing.",
    unplayable: "All were replayed.",
  },
  compare: "Compare",
  compareOf: (name: string) => `Compare ${name} as recorded and as replayed`,

  same: "Every step ended the same way.",
  otherOutput: "Its output is another.",
  changedInputs: (steps: readonly string[]) => `Another input for ${listed(steps)}.`,
  missing: (steps: readonly string[]) => `Nothing was recorded for ${listed(steps)}.`,
  fails: (code: string, message: string | null) => `Fails with ${code}${message ? `: ${message}` : ""}`,
  endsAs: (now: string, then: string) => `Ends as ${now} instead of ${then}.`,
  cut: "Compared until it was retried by hand.",
  paused: "It was paused then, which a replay is not.",
  refused: (why: string) => `The draft's input schema refuses its input. ${why}`,
  invalid: "The draft has errors.",
  unplayable: {
    open: "It has not ended.",
    forked: "It was forked from another execution.",
    terminated: "It was terminated in the middle.",
    values: "Large values of it are not here any more.",
    long: "Its history is too long to wait for.",
    unread: "The server did not give its history.",
  },
  divergence,

  comparison: "As recorded, and as the draft replays it",
  comparing: "Replaying it",
  recorded: "Recorded",
  replayed: "Replayed",
  onlyRecorded: "only recorded",
  onlyReplayed: "only replayed",
  step: "Step",
  steps: "Steps of both",
  differs: "Differs in",
  allSteps: "All steps",
  differing: "Different",
  which: "Which steps",
  noDifference: "No step differs.",
  notThere: "–",
  more: (n: number) => `${count(n, "more step")} not listed.`,
  openExecution: "Open the execution",
};

const SHOWN = 3;

function listed(steps: readonly string[]): string {
  const more = steps.length - SHOWN;
  return more > 0 ? `${steps.slice(0, SHOWN).join(", ")} and ${number(more)} more` : steps.join(", ");
}

/** Where the two part, in words. */
function divergence({ after, step, expected, actual }: Divergence): string {
  const place = after === null ? "At its start" : `After ${after}`;
  if (expected === null)
    return `${place}, ${step} ${actual?.ended === "skipped" ? "is skipped" : "runs"}, which was not recorded.`;
  if (actual === null) return `${place}, ${step} does not come, which was recorded.`;
  if (expected.ended === actual.ended) return `${place}, ${step} took ${port(actual)} instead of ${port(expected)}.`;
  return `${place}, ${step} ${ENDED[actual.ended]} instead of ${ENDING[expected.ended]}.`;
}

const port = (passed: PassedStep) => passed.port ?? "its usual port";
const ENDED = { completed: "completes", failed: "fails", skipped: "is skipped", cancelled: "is cancelled" };
const ENDING = { completed: "completing", failed: "failing", skipped: "being skipped", cancelled: "being cancelled" };
