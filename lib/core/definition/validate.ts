/** Everything that can be said of a definition before it runs, all of it at once; the same in editor, API and SDK. */
import type { Definition } from "../../contract/definition";
import type { Finding } from "../../contract/findings";
import { linkNodes, ordinalsOf } from "./graph";
import { type Arc, orderNodes } from "./order";
import { findReachability } from "./reachability";
import { checkExpressions } from "./validate-expressions";
import { checkEdges, checkIds, checkJoins } from "./validate-graph";
import { checkNodes, checkSettings } from "./validate-nodes";

/**
 * Findings of a definition whose shape is right (`parseDefinition` judges that), errors before warnings. With an error it
 * must not be published; without one `compileGraph` takes it.
 */
export function validateDefinition(definition: Definition): Finding[] {
  const nodes = linkNodes(definition);
  const ordinals = ordinalsOf(definition);
  const arcs = definition.edges
    .map(({ from, to }, at) => ({ from: ordinals.get(from) ?? -1, to: ordinals.get(to) ?? -1, at }))
    .filter(({ from, to }) => from >= 0 && to >= 0);
  const { order, cycles } = orderNodes(nodes.length, arcs);
  const findings = [
    ...checkIds(definition),
    ...checkEdges(definition),
    ...checkJoins(definition),
    ...cycles.map((cycle) => cycleFinding(definition, cycle)),
    ...checkSettings(definition),
    ...checkNodes(definition),
    ...checkExpressions(definition, nodes, cycles.length > 0 ? null : findReachability(nodes, order)),
  ];
  return [...findings.filter(isError), ...findings.filter((finding) => !isError(finding))];
}

function isError({ severity }: Finding): boolean {
  return severity === "error";
}

function cycleFinding({ nodes, edges }: Definition, cycle: readonly Arc[]): Finding {
  const closing = cycle.at(-1)?.at ?? 0;
  const ids = cycle.map(({ from }) => nodes[from]?.id);
  const shown = ids.length > 8 ? [...ids.slice(0, 4), "…", ...ids.slice(-3)] : ids;
  return {
    code: "CYCLE",
    severity: "error",
    path: `/edges/${closing}`,
    node: edges[closing]?.from,
    message: `The edges lead in a circle, ${[...shown, ids[0]].join(" → ")}: take one of them out.`,
  };
}
