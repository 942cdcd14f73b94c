/** What publishing a draft would come to: a new version, or none and why; pure. */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { Definition } from "@/lib/contract/definition";
import type { Finding } from "@/lib/contract/findings";
import { canonicalJson } from "@/lib/contract/json";
import type { WorkflowDetail } from "@/lib/contract/workflows";

export interface Publication {
  /** The number that it would get. */
  readonly version: number;
  /** The one that is published now; null: none was. */
  readonly latest: number | null;
  /** The version that says exactly this already; a version is its content, so that there is no second one. */
  readonly existing: number | null;
  /** The version that the draft began as, where another was published since. */
  readonly overtaken: number | null;
  readonly errors: readonly Finding[];
  readonly warnings: readonly Finding[];
  /** Nothing stands in the way. */
  readonly isPossible: boolean;
}

export function publicationOf({
  definition,
  workflow,
  baseVersion,
  findings,
}: {
  readonly definition: Definition;
  /** Null: nothing of that name was published yet. */
  readonly workflow: Pick<WorkflowDetail, "version" | "versions"> | null;
  readonly baseVersion: number | null;
  /** Null: it was not judged yet. */
  readonly findings: readonly Finding[] | null;
}): Publication {
  const hash = hashOf(definition);
  const latest = workflow?.version ?? null;
  const existing = workflow?.versions.find((each) => each.hash === hash)?.version ?? null;
  const errors = findings?.filter(({ severity }) => severity === "error") ?? [];
  return {
    version: (latest ?? 0) + 1,
    latest,
    existing,
    overtaken: latest !== null && baseVersion !== null && baseVersion < latest ? baseVersion : null,
    errors,
    warnings: findings?.filter(({ severity }) => severity === "warning") ?? [],
    isPossible: findings !== null && errors.length === 0 && existing === null,
  };
}

/** As the server computes it. */
export function hashOf(definition: Definition): string {
  return bytesToHex(sha256(utf8ToBytes(canonicalJson(definition))));
}
