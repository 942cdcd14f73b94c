/** What two versions differ in that is no node: edges by their ends, with what their loops say, and the workflow's own fields; pure. */
import type { Definition, Edge } from "@/lib/contract/definition";
import { canonicalJson, type JsonValue } from "@/lib/contract/json";
import { type EdgeRef, edgesByEnds, refOf } from "@/lib/editor/document";
import { diffDefinitions } from "../_compare/definition-diff";

export interface EdgeChange extends EdgeRef {
  readonly kind: "added" | "removed" | "changed";
  /** What is written about going round, before and after. */
  readonly before: JsonValue | undefined;
  readonly after: JsonValue | undefined;
}

/** Of the definition's own graph; what changed in a map's body is a change of the map. */
export function edgeChanges(before: Definition, after: Definition): EdgeChange[] {
  const was = edgesByEnds(before);
  const is = edgesByEnds(after);
  const removed = [...was].filter(([ends]) => !is.has(ends)).map(([, edge]) => changeOf("removed", before, edge));
  const rest = [...is].flatMap(([ends, edge]): EdgeChange[] => {
    const old = was.get(ends);
    if (old === undefined) return [changeOf("added", after, edge)];
    if (canonicalJson(old.loop ?? null) === canonicalJson(edge.loop ?? null)) return [];
    return [{ ...changeOf("changed", after, edge), before: loopOf(old) }];
  });
  return [...rest, ...removed];
}

function changeOf(kind: EdgeChange["kind"], graph: Definition, edge: Edge): EdgeChange {
  const ref = refOf(edge, graph);
  return {
    ...ref,
    kind,
    before: kind === "removed" ? loopOf(edge) : undefined,
    after: kind === "removed" ? undefined : loopOf(edge),
  };
}

const loopOf = ({ loop }: Edge) => loop as JsonValue | undefined;

/** How many things a reader has to look at; the workflow's own fields are one. */
export function countChanges(before: Definition, after: Definition): number {
  const { added, changed, removed } = diffDefinitions(before, after);
  const isOtherwise = canonicalJson(settingsOf(before)) !== canonicalJson(settingsOf(after));
  const nodes = added.length + changed.length + removed.length;
  return nodes + edgeChanges(before, after).length + Number(isOtherwise);
}

/** Schemas, defaults, the output: what a definition says of itself. */
export function settingsOf({ nodes: _, edges: __, ...settings }: Definition): JsonValue {
  return settings as unknown as JsonValue;
}
