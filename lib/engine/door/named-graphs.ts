/** The versions that folding a history binds: the one it began with, and where it was forked, those that forks went on with. */
import type { Queryable } from "@/db/client";
import { readNamedVersions } from "@/db/stores/histories";
import type { CompiledGraph } from "@/lib/core/definition/graph";
import { initialState } from "@/lib/core/execution/initial-state";
import type { ExecutionState } from "@/lib/core/execution/state";
import type { Graphs } from "../graphs";

export interface NamedGraphs {
  first: CompiledGraph;
  /** By version; empty where the history names no other. */
  others: ReadonlyMap<number, CompiledGraph>;
}

interface Pinned {
  id: bigint;
  namespaceId: number;
  workflowId: number;
  version: number;
  forkedFrom: bigint | null;
}

/** A history without a fork names one version, and its row says which. */
export async function namedGraphs(db: Queryable, graphs: Graphs, pinned: Pinned): Promise<NamedGraphs> {
  const { id, namespaceId, workflowId, version, forkedFrom } = pinned;
  const load = (number: number) => graphs.load(namespaceId, workflowId, number);
  if (forkedFrom === null) return { first: await load(version), others: new Map() };
  const numbers = await readNamedVersions(db, id);
  const loaded = new Map(
    await Promise.all([...new Set([...numbers, version])].map(async (n) => [n, await load(n)] as const)),
  );
  return { first: loaded.get(numbers[0] ?? version) ?? (await load(version)), others: loaded };
}

export function boundState({ first, others }: NamedGraphs): ExecutionState {
  return initialState(first, others);
}
