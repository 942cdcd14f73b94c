/** What validation says about outputs that nobody reads. */
import type { Node } from "../../contract/definition";
import type { Finding } from "../../contract/findings";
import { warning } from "./place";
import type { PlacedExpression } from "./readers";
import { type JudgedScope, placedNodes } from "./scopes";

/** A transform does nothing but compute: one that nobody reads is a mistake. (A task may be run for what it does.) */
export function checkUnread(scopes: readonly JudgedScope[], placed: readonly PlacedExpression[]): Finding[] {
  const read = new Set<string>();
  for (const { reads } of placed) {
    if ("fault" in reads || reads.anyStep) return [];
    for (const step of reads.steps) read.add(step);
  }
  return scopes.flatMap((scope) =>
    placedNodes(scope).flatMap(({ node: { id, type }, place }, ordinal): Finding[] => {
      if (type !== "transform" || read.has(id) || isResult(scope, ordinal) || feedsTask(scope, ordinal)) return [];
      return [warning("OUTPUT_UNREAD", place, `Nobody reads the output of ${id}: read it, or take the node out.`)];
    }),
  );
}

/** It is part of what its graph gives where nothing else is said. */
function isResult({ graph, nodes }: JudgedScope, ordinal: number): boolean {
  const node = nodes[ordinal];
  return graph.output === undefined && node?.outs.length === 0 && node.loopEdges.length === 0;
}

/** A task without an input of its own gets what the steps before it gave. */
function feedsTask(scope: JudgedScope, ordinal: number): boolean {
  return behind(scope, ordinal).some((it) => it.type === "task" && it.input === undefined);
}

/** The nodes that come next, through the choices and sleeps that an output passes unseen. */
function behind({ nodes }: JudgedScope, ordinal: number): Node[] {
  const found = new Map<number, Node>();
  const stack = [ordinal];
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    for (const { to } of nodes[at]?.outs ?? []) {
      const next = nodes[to]?.definition;
      if (next === undefined || found.has(to)) continue;
      found.set(to, next);
      if (next.type === "choice" || next.type === "sleep") stack.push(to);
    }
  }
  return [...found.values()];
}
