/** What two versions of a workflow differ in, node by node; pure. */

import type { Definition } from "@/lib/contract/definition";
import { canonicalJson } from "@/lib/contract/json";

export interface DefinitionDiff {
  added: string[];
  removed: string[];
  changed: string[];
  /** Edges, defaults, schemas: whatever is not a node. */
  isElsewhere: boolean;
}

/** @param before the right one, which the left is compared with */
export function diffDefinitions(before: Definition, after: Definition): DefinitionDiff {
  const was = new Map(before.nodes.map((node) => [node.id, node]));
  const is = new Map(after.nodes.map((node) => [node.id, node]));
  const rest = ({ nodes: _, ...others }: Definition) => canonicalJson(others);
  return {
    added: [...is.keys()].filter((id) => !was.has(id)),
    removed: [...was.keys()].filter((id) => !is.has(id)),
    changed: [...is]
      .filter(([id, node]) => was.has(id) && canonicalJson(was.get(id)) !== canonicalJson(node))
      .map(([id]) => id),
    isElsewhere: rest(before) !== rest(after),
  };
}
