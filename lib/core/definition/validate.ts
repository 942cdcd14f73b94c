/** Everything that can be said of a definition before it runs, all of it at once; the same in editor, API and SDK. */
import type { Definition } from "../../contract/definition";
import type { Finding } from "../../contract/findings";
import { placeExpressions } from "./readers";
import { type JudgedScope, scopesOf } from "./scopes";
import { checkCalls } from "./validate-calls";
import { checkExpressions, checkRethrows } from "./validate-expressions";
import { checkCycles, checkEdges, checkIds, checkJoins } from "./validate-graph";
import { checkLoops } from "./validate-loops";
import { checkNodes, checkSettings } from "./validate-nodes";
import { checkUnread } from "./validate-outputs";
import { checkSignals } from "./validate-signals";

/**
 * Findings of a definition whose shape is right (`parseDefinition` judges that), errors before warnings. With an error it
 * must not be published; without one `compileGraph` takes it.
 */
export function validateDefinition(definition: Definition): Finding[] {
  const scopes = scopesOf(definition);
  const all = new Map(scopes.flatMap((scope) => scope.graph.nodes.map(({ id }) => [id, scope] as const)));
  const placed = new Map(scopes.map((scope) => [scope, placeExpressions(scope)]));
  const findings = [
    ...checkIds(scopes),
    ...checkSettings(definition),
    ...scopes.flatMap((scope) => checkScope(scope, all)),
    ...checkCalls(definition, scopes),
    ...scopes.flatMap((scope) => checkExpressions(placed.get(scope) ?? [], all)),
    ...scopes.flatMap((scope) => checkSignals(scope, placed.get(scope) ?? [])),
    ...checkUnread(scopes, [...placed.values()].flat()),
  ];
  return [...findings.filter(isError), ...findings.filter((finding) => !isError(finding))];
}

function checkScope(scope: JudgedScope, all: ReadonlyMap<string, JudgedScope>): Finding[] {
  return [
    ...checkEdges(scope, all),
    ...checkJoins(scope),
    ...checkCycles(scope),
    ...(scope.cycles.length > 0 ? [] : checkLoops(scope)),
    ...checkNodes(scope),
    ...checkRethrows(scope),
  ];
}

function isError({ severity }: Finding): boolean {
  return severity === "error";
}
