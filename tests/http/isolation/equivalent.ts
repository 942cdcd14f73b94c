// Predicates that another one stands behind, so that nobody could notice that one is left out: each with its reason.
import { nameOf, type QueryMutant } from "./mutants";

const EQUIVALENT: readonly [mutant: RegExp, reason: string][] = [
  [
    /^c\.namespace_id = .* from execution_counts /,
    "counts are of a workflow that was found in its namespace in the same statement",
  ],
  [
    /^w\.namespace_id = .* order by v\.version desc$/,
    "versions are shown of a workflow that was found in its namespace alone",
  ],
];

/** Why leaving that predicate out changes no answer; null where it would. */
export function reasonFor(mutant: QueryMutant): string | null {
  const name = nameOf(mutant);
  return EQUIVALENT.find(([pattern]) => pattern.test(name))?.[1] ?? null;
}
