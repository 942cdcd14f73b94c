// Predicates that another one stands behind, so that nobody could notice that one is left out: each with its reason.
import { nameOf, type QueryMutant } from "./mutants";

const EQUIVALENT: readonly [mutant: RegExp, reason: string][] = [
  [
    /^c\.namespace_id = .* from execution_counts /,
    "counts of a workflow that the same statement found in its namespace",
  ],
  [
    /^w\.namespace_id = .* order by v\.version desc$/,
    "versions are shown only of a workflow that was found in its namespace",
  ],
  [
    /^d\.namespace_id = .* d\.workflow_id = \(select id from workflows where namespace_id/,
    "the workflow is looked for in the namespace",
  ],
  [
    /^e\.namespace_id = .* e\.workflow_id = \(select id from workflows where namespace_id/,
    "the workflow is looked for in the namespace",
  ],
  [
    /^[et]\.namespace_id = .* where e\.namespace_id = \$2 and t\.namespace_id = \$2 and t\.tag/,
    "both tables keep to the namespace",
  ],
  [
    /^(?:e\.)?namespace_id = \$2 \([23]\) of: .* where namespace_id = \$2 and tag like/,
    "tags are looked for in the namespace twice",
  ],
  [/^n\.organisation_id = .* and k\.id = \$2$/, "read again by an id that the same call made"],
  [
    /^organisation_id = .* from namespaces where organisation_id = \$1 and name = \$2/,
    "read again by a name that the same call made",
  ],
  [/^organisation_id = .* from namespaces where organisation_id = \$1 and id = \$2/, "the id is the caller's own"],
  [
    /^namespace_id = .* decided_by as "decidedBy", comment from approvals where id/,
    "the door looks for the execution in the namespace",
  ],
  [
    /^namespace_id = .* select id from executions where namespace_id = \$1 and key = \$2$/,
    "the id that it finds is looked for in the namespace",
  ],
  [/^namespace_id = .* as "searchTags",/, "tags of an execution that the same statement looks for in the namespace"],
  [
    /^namespace_id = .* from namespace_settings where/,
    "kept for a while, so that which call asks is chance; tests/http/limits.test.ts has it",
  ],
  [
    /^w\.namespace_id = .* where v\.workflow_id = \$1 and v\.version/,
    "the id was found in the caller's namespace before",
  ],
  [/^t\.namespace_id = .* and t\.lease_token = n\.token and/, "only whoever was given the lease knows its token"],
  [
    /^t\.namespace_id = .* delete from workers where id = /,
    "tasks of a worker that the same statement found in its namespace",
  ],
  [
    /^namespace_id = .*select count\(\*\) from alert_destinations/,
    "counts up to a limit; tests/http/alerts.test.ts has it",
  ],
];

/** Why leaving that predicate out changes no answer; null where it would. */
export function reasonFor(mutant: QueryMutant): string | null {
  const name = nameOf(mutant);
  return EQUIVALENT.find(([pattern]) => pattern.test(name))?.[1] ?? null;
}
