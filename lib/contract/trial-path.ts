/**
 * Which way an execution took, and where it differs from the way that was expected. A path lists how each iteration of each
 * step ended, in the order of the history. What ends at one instant may end in another order on another host, so two paths
 * are compared without it: a step's name holds its iteration and item, and what led to what follows from the graph.
 */
import type { HistoryEvent } from "./history";
import { canonicalJson, type JsonValue } from "./json";
import type { PassedStep, TrialExpectation } from "./trials";

/** `charge`, `each/pack[2]`, `review#3` in its third iteration. */
export function stepName({
  node,
  index,
  iteration = 1,
}: {
  node: string;
  index?: readonly number[] | undefined;
  iteration?: number;
}): string {
  return `${placeName(node, index)}${iteration === 1 ? "" : `#${iteration}`}`;
}

/** `each/pack[2]`: a step whatever its iteration, as a trial plans its answers. */
export function placeName(node: string, index: readonly number[] | undefined): string {
  return index === undefined || index.length === 0 ? node : `${node}[${index.join(",")}]`;
}

export function pathOf(history: readonly HistoryEvent[]): PassedStep[] {
  return history.flatMap((event) => passedBy(event) ?? []);
}

function passedBy(event: HistoryEvent): PassedStep | null {
  switch (event.type) {
    case "StepCompleted": {
      const { port } = event.data;
      return { step: stepName(event.data), ended: "completed", ...(port === undefined ? {} : { port }) };
    }
    case "StepFailed":
      return { step: stepName(event.data), ended: "failed" };
    case "StepSkipped":
      return { step: stepName(event.data), ended: "skipped" };
    case "StepCancelled":
      return { step: stepName(event.data), ended: "cancelled" };
    case "CompensationCompleted":
      return { step: `${stepName(event.data)}:compensate`, ended: "completed" };
    case "CompensationFailed":
      return event.data.retryAt === null ? { step: `${stepName(event.data)}:compensate`, ended: "failed" } : null;
    default:
      return null;
  }
}

/** Where a path leaves the expected one: a step that ended otherwise, did not end, or was not expected. */
export interface PathDifference {
  step: string;
  expected: PassedStep | null;
  actual: PassedStep | null;
}

/** In the order of the expected path, then of the actual one; empty where both are the same. */
export function comparePaths(expected: readonly PassedStep[], actual: readonly PassedStep[]): PathDifference[] {
  const found = byName(actual);
  const wanted = byName(expected);
  const differing = [...wanted].flatMap(([step, passed]) => {
    const other = found.get(step) ?? null;
    return other !== null && isSame(passed, other) ? [] : [{ step, expected: passed, actual: other }];
  });
  const unexpected = [...found].flatMap(([step, passed]) =>
    wanted.has(step) ? [] : [{ step, expected: null, actual: passed }],
  );
  return [...differing, ...unexpected];
}

/** What came of a run, as an expectation speaks of it; `open`: it did not end. */
export interface TrialOutcome {
  status: TrialExpectation["status"] | "open";
  output: JsonValue | null;
  /** The code it failed with. */
  error: string | null;
  path: readonly PassedStep[];
}

export type TrialDifference =
  | { of: "status"; expected: string; actual: string }
  | { of: "error"; expected: string; actual: string | null }
  | { of: "output"; expected: JsonValue; actual: JsonValue | null }
  | ({ of: "path" } & PathDifference);

/** The path first, for where it differs lies why the rest does. */
export function compareOutcome(expected: TrialExpectation, actual: TrialOutcome): TrialDifference[] {
  const { status, output, error, path } = expected;
  const differences: TrialDifference[] =
    path === undefined ? [] : comparePaths(path, actual.path).map((difference) => ({ of: "path", ...difference }));
  if (status !== actual.status) differences.push({ of: "status", expected: status, actual: actual.status });
  if (error !== undefined && error !== actual.error)
    differences.push({ of: "error", expected: error, actual: actual.error });
  if (output !== undefined && canonicalJson(output) !== canonicalJson(actual.output))
    differences.push({ of: "output", expected: output, actual: actual.output });
  return differences;
}

function byName(path: readonly PassedStep[]): Map<string, PassedStep> {
  return new Map(path.map((passed) => [passed.step, passed]));
}

function isSame(a: PassedStep, b: PassedStep): boolean {
  return a.ended === b.ended && a.port === b.port;
}
