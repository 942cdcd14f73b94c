/** What a history must show of a run: every task once, and none before its parents. Judged from the events alone. */
import type { HistoryEvent } from "@cerebelum/sdk";
import type { RecordedTask } from "./import-wfformat";

export interface Report {
  /** Empty where all is as it must be. */
  problems: string[];
  events: number;
  dispatches: number;
  /** Attempts that ended without a result, by the code of their end: killed workers show here. */
  lostAttempts: Map<string, number>;
  workers: Set<string>;
  mostAtOnce: number;
  durationMs: number;
}

export function checkHistory(tasks: readonly RecordedTask[], history: readonly HistoryEvent[]): Report {
  const scheduled = new Map<string, number>();
  const completed = new Map<string, number[]>();
  const report = emptyReport(history);
  let open = 0;
  for (const event of history) {
    if (event.type === "StepScheduled") {
      report.dispatches++;
      if (!scheduled.has(event.data.node)) scheduled.set(event.data.node, event.sequence);
      report.mostAtOnce = Math.max(report.mostAtOnce, ++open);
    } else if (event.type === "StepCompleted") {
      completed.set(event.data.node, [...(completed.get(event.data.node) ?? []), event.sequence]);
      if (event.data.worker !== undefined) report.workers.add(event.data.worker);
      open--;
    } else if (event.type === "StepAttemptFailed") {
      const { code } = event.data.error;
      report.lostAttempts.set(code, (report.lostAttempts.get(code) ?? 0) + 1);
      open--;
    }
  }
  report.problems.push(...gaps(history), ...tasks.flatMap((task) => orderProblems(task, scheduled, completed)));
  return report;
}

function orderProblems(
  { node, parents }: RecordedTask,
  scheduled: ReadonlyMap<string, number>,
  completed: ReadonlyMap<string, readonly number[]>,
): string[] {
  const times = completed.get(node)?.length ?? 0;
  const begun = scheduled.get(node) ?? 0;
  const early = parents.filter((parent) => (completed.get(parent)?.[0] ?? Number.POSITIVE_INFINITY) > begun);
  return [
    ...(times === 1 ? [] : [`${node} completed ${times} times`]),
    ...early.map((parent) => `${node} was dispatched before ${parent} completed`),
  ];
}

function gaps(history: readonly HistoryEvent[]): string[] {
  return history.flatMap(({ sequence }, i) =>
    sequence === i + 1 ? [] : [`Event ${i + 1} has the sequence ${sequence}`],
  );
}

function emptyReport(history: readonly HistoryEvent[]): Report {
  const at = (event: HistoryEvent | undefined) => Date.parse(event?.at ?? "") || 0;
  return {
    problems: [],
    events: history.length,
    dispatches: 0,
    lostAttempts: new Map(),
    workers: new Set(),
    mostAtOnce: 0,
    durationMs: at(history.at(-1)) - at(history[0]),
  };
}

/** The longest chain of runtimes: no number of workers can be faster. */
export function criticalPathMs(tasks: readonly RecordedTask[]): number {
  const byNode = new Map(tasks.map((task) => [task.node, task]));
  const ends = new Map<string, number>();
  const endOf = (node: string): number => {
    const known = ends.get(node);
    if (known !== undefined) return known;
    const task = byNode.get(node);
    const end = task === undefined ? 0 : task.runtimeMs + Math.max(0, ...task.parents.map(endOf));
    ends.set(node, end);
    return end;
  };
  return Math.max(0, ...tasks.map(({ node }) => endOf(node)));
}
