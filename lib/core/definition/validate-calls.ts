/** What validation says about a workflow that calls itself. */
import type { Definition } from "../../contract/definition";
import type { Finding } from "../../contract/findings";
import { error } from "./place";
import { defaultPort } from "./ports";
import { type JudgedScope, placeOf } from "./scopes";
import { isExpression } from "./validate-nodes";

/** One that does so whatever happens never ends: something on the way must be able to decide otherwise. */
export function checkCalls({ name }: Definition, scopes: readonly JudgedScope[]): Finding[] {
  const undecided = new Map<JudgedScope, ReadonlySet<number>>();
  return scopes.flatMap((scope): Finding[] => {
    const { inside } = scope;
    if (inside !== null && (isExpression(inside.map.items) || !undecided.get(inside.scope)?.has(inside.ordinal)))
      return [];
    const reached = reachedUndecided(scope);
    undecided.set(scope, reached);
    return [...reached].flatMap((ordinal) => {
      const node = scope.graph.nodes[ordinal];
      if (node?.type !== "workflow" || node.workflow !== name || node.version !== undefined) return [];
      const message = `Put a choice before ${node.id}: it calls ${name} itself, every time, without an end.`;
      return [error("SELF_CALL", placeOf(scope, ordinal), message)];
    });
  });
}

/** The nodes that a way leads to on which no step decides: none is a choice, and each ends as such steps do where all is well. */
function reachedUndecided({ nodes }: JudgedScope): Set<number> {
  const reached = new Set(nodes.filter(({ ins }) => ins.length === 0).map(({ ordinal }) => ordinal));
  for (const ordinal of reached) {
    const node = nodes[ordinal];
    if (node === undefined || node.definition.type === "choice") continue;
    for (const { port, to } of node.outs) if (port === defaultPort(node.definition)) reached.add(to);
  }
  return reached;
}
