/** Where two ways part first: the earliest step of either that the other does not have, or has otherwise. */
import { comparePaths, type PathDifference } from "../../contract/trial-path";
import type { PassedStep } from "../../contract/trials";

export interface Divergence extends PathDifference {
  /** The last step before it on which both agree; null: they part at the start. */
  readonly after: string | null;
}

/** `expected`: as it was recorded. Null: both went the same way. */
export function firstDivergence(recorded: readonly PassedStep[], replayed: readonly PassedStep[]): Divergence | null {
  const differences = new Map(comparePaths(recorded, replayed).map((difference) => [difference.step, difference]));
  const first = earliest(recorded, differences);
  const other = earliest(replayed, differences);
  const parts = [first, other].filter((part) => part !== null);
  // Of two that come after equally many common steps, the one that both have says more than one that only one of them has.
  return parts.toSorted((a, b) => a.common - b.common || missing(a) - missing(b))[0]?.divergence ?? null;
}

interface Part {
  divergence: Divergence;
  /** How many steps came before it on which both agree. */
  common: number;
}

const missing = ({ divergence: { expected, actual } }: Part) => (expected === null || actual === null ? 1 : 0);

function earliest(path: readonly PassedStep[], differences: ReadonlyMap<string, PathDifference>): Part | null {
  let after: string | null = null;
  for (const [common, { step }] of path.entries()) {
    const difference = differences.get(step);
    if (difference !== undefined) return { divergence: { ...difference, after }, common };
    after = step;
  }
  return null;
}
