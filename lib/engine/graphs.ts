/** Published versions as compiled graphs, kept as long as they are used and memory allows: a version never changes. */
import type { Queryable } from "@/db/client";
import { type StoredVersion, versionById, workflowByName } from "@/db/queries/workflow-versions";
import type { Clock } from "@/lib/clock";
import type { Definition } from "@/lib/contract/definition";
import { type CompiledGraph, compileGraph } from "@/lib/core/definition/graph";
import { BoundedCache } from "./door/bounded-cache";

export interface PublishedVersion {
  workflowId: number;
  name: string;
  version: number;
  hash: string;
  definition: Definition;
  graph: CompiledGraph;
}

export interface Graphs {
  /** The compiled graph that an execution is pinned to. Throws where it is gone: no execution outlives its version. */
  load(namespaceId: number, workflowId: number, version: number): Promise<CompiledGraph>;
  /** What a new execution gets: the named version, or the latest; null for an unknown or archived workflow or version. */
  find(namespaceId: number, name: string, version?: number): Promise<PublishedVersion | null>;
  /** A version whose execution was decided before its workflow was archived; null where it was never published. */
  named(namespaceId: number, name: string, version: number): Promise<PublishedVersion | null>;
  /** The latest version; see {@link Graphs.find}. */
  latest(namespaceId: number, name: string): Promise<PublishedVersion | null>;
  /** This process archived it, or took it back in: its next start must see that. */
  forget(namespaceId: number, name: string): void;
  /** This process published: its next start must see it, whatever is remembered. */
  published(namespaceId: number, name: string, workflowId: number, version: number): void;
}

/** How long another process's publishing may go unnoticed. */
const LATEST_FRESH_MS = 1_000;
/** Of definition text; a compiled graph is some ten times its text. */
const CACHED_BYTES = 8 * 1024 * 1024;
const REMEMBERED_NAMES = 10_000;

interface Latest {
  workflowId: number;
  version: number;
  archived: boolean;
  asOf: number;
}

export function createGraphs(db: Queryable, clock: Clock): Graphs {
  const versions = new BoundedCache<string, PublishedVersion>(CACHED_BYTES);
  const loading = new Map<string, Promise<PublishedVersion | null>>();
  const names = new Map<string, Latest>();

  async function read(key: string, namespaceId: number, workflowId: number, version: number) {
    const stored = await versionById(db, namespaceId, workflowId, version);
    if (stored === null) return null;
    const published = compile(stored);
    versions.set(key, published, stored.definition.length);
    return published;
  }

  /** Callers that ask at once share one read. */
  async function version(namespaceId: number, workflowId: number, number: number): Promise<PublishedVersion | null> {
    const key = `${namespaceId}/${workflowId}/${number}`;
    const cached = versions.get(key);
    if (cached !== undefined) return cached;
    const underWay = loading.get(key);
    if (underWay !== undefined) return underWay;
    const reading = read(key, namespaceId, workflowId, number).finally(() => loading.delete(key));
    loading.set(key, reading);
    return reading;
  }

  function remember(name: string, latest: Latest) {
    names.delete(name);
    names.set(name, latest);
    if (names.size > REMEMBERED_NAMES) names.delete(names.keys().next().value ?? name);
  }

  async function workflow(namespaceId: number, name: string): Promise<Latest | null> {
    const key = `${namespaceId}/${name}`;
    const known = names.get(key);
    const asOf = clock.now();
    if (known !== undefined && asOf - known.asOf < LATEST_FRESH_MS) return known;
    const row = await workflowByName(db, namespaceId, name);
    if (row === null) {
      names.delete(key);
      return null;
    }
    // A publish of this process may have overtaken the read: versions only grow.
    const since = names.get(key);
    const version =
      since?.workflowId === row.workflowId ? Math.max(since.version, row.latestVersion) : row.latestVersion;
    const latest = { workflowId: row.workflowId, version, archived: row.archived, asOf };
    remember(key, latest);
    return latest;
  }

  async function find(namespaceId: number, name: string, number?: number): Promise<PublishedVersion | null> {
    const latest = await workflow(namespaceId, name);
    if (latest === null || latest.archived) return null;
    return version(namespaceId, latest.workflowId, number ?? latest.version);
  }

  return {
    async load(namespaceId, workflowId, number) {
      const found = await version(namespaceId, workflowId, number);
      if (found === null) throw new Error(`version ${number} of workflow ${workflowId} is not stored`);
      return found.graph;
    },
    find,
    async named(namespaceId, name, number) {
      const known = await workflow(namespaceId, name);
      return known === null ? null : version(namespaceId, known.workflowId, number);
    },
    latest: (namespaceId, name) => find(namespaceId, name),
    forget(namespaceId, name) {
      names.delete(`${namespaceId}/${name}`);
    },
    published(namespaceId, name, workflowId, number) {
      const key = `${namespaceId}/${name}`;
      const known = names.get(key);
      if (known !== undefined && known.workflowId === workflowId && known.version >= number) return;
      remember(key, { workflowId, version: number, archived: false, asOf: clock.now() });
    },
  };
}

function compile(stored: StoredVersion): PublishedVersion {
  const definition = JSON.parse(stored.definition) as Definition;
  return {
    workflowId: stored.workflowId,
    name: stored.name,
    version: stored.version,
    hash: stored.hash,
    definition,
    graph: compileGraph(definition),
  };
}
