/** What validation says about expressions: those that do not parse, and those that read what cannot be there, or may not. */
import type { Finding } from "../../contract/findings";
import type { Fault, Path, References } from "../expressions/references";
import { UNTIL_FIELD } from "./fields";
import { at, error, warning } from "./place";
import type { PlacedExpression } from "./readers";
import { type JudgedScope, outwards, placedNodes } from "./scopes";
import { missingRoot, sightOf } from "./visibility";

/** `all`: by id, the scope of every node of the definition. */
export function checkExpressions(
  placed: readonly PlacedExpression[],
  all: ReadonlyMap<string, JudgedScope>,
): Finding[] {
  return placed.flatMap((expression) => {
    const { reads } = expression;
    if ("fault" in reads) return [syntaxFinding(expression, reads.fault)];
    return [
      ...checkRoots(expression, reads),
      ...[...reads.steps].flatMap((step) => checkStep(expression, reads, step, all)),
    ];
  });
}

function syntaxFinding({ place, source }: PlacedExpression, { message, position }: Fault): Finding {
  const where = position === null ? "" : ` (at ${position} of ${JSON.stringify(source)})`;
  return error("EXPRESSION_SYNTAX", place, `Correct the expression: ${message}${where}`);
}

/** Each thing that is missing is said once, however often it is read. */
function checkRoots(expression: PlacedExpression, { paths }: References): Finding[] {
  const missing = new Set(paths.map((path) => missingRoot(expression, path)));
  return [...missing].flatMap((message) =>
    message === null ? [] : [error("NOT_IN_SCOPE", expression.place, message)],
  );
}

function checkStep(
  expression: PlacedExpression,
  { paths }: References,
  step: string,
  all: ReadonlyMap<string, JudgedScope>,
): Finding[] {
  const { place, scope } = expression;
  const of = outwards(scope).find(({ ordinals }) => ordinals.has(step));
  if (of === undefined) {
    const elsewhere = all.get(step);
    if (elsewhere !== undefined) return [error("NOT_IN_SCOPE", place, outOfSight(scope, elsewhere, step))];
    return [error("UNKNOWN_STEP", place, `There is no node ${step}: name one that there is.`)];
  }
  const sight = sightOf(expression, of, of.ordinals.get(step) ?? -1);
  if (sight === null) return [];
  if (!sight.canHaveRun) return [error("STEP_NOT_BEFORE", place, notBefore(expression, of, step))];
  if (sight.isCertain || !readsUntested(paths, step)) return [];
  return [
    warning("MAY_BE_MISSING", place, `${step} may have no output here: ask with has(${pathOf(step)}.output) first.`),
  ];
}

function outOfSight(scope: JudgedScope, of: JudgedScope, step: string): string {
  const seen = outwards(scope);
  const around =
    outwards(of).find(({ inside }) => inside !== null && seen.includes(inside.scope))?.inside?.map.id ?? "";
  return `${step} is inside the map ${around}, where it runs once for each item: read ${pathOf(around)}.output.`;
}

function notBefore({ scope, reader }: PlacedExpression, of: JudgedScope, step: string): string {
  if (of !== scope) {
    const map = outwards(scope).find(({ inside }) => inside?.scope === of)?.inside?.map.id;
    return `${step} cannot have run before the map ${map}: read a step that comes before the map.`;
  }
  const own = scope.nodes[reader.ordinal ?? -1];
  if (step === own?.id && reader.kind === "field" && reader.field === UNTIL_FIELD) {
    return `${step} has not ended while it polls: read output, which is what the round gave.`;
  }
  const other = scope.nodes[of.ordinals.get(step) ?? -1];
  const cannot = `${step} cannot have run before ${own?.id}`;
  if (!own?.loops.some((loop) => other?.loops.includes(loop))) return `${cannot}: read a step that comes before it.`;
  return `${cannot} in this turn of the loop: let the loop edge carry what the turn before gave, and read loop.value.`;
}

/** Whether it reads the output of the step without asking, anywhere, whether there is one. */
function readsUntested(paths: readonly Path[], step: string): boolean {
  const ofStep = paths.filter(({ root, segments }) => root === "steps" && segments[0] === step);
  const asks = ofStep.some(({ tested, segments }) => tested || segments[1] === "status");
  return !asks && ofStep.some(({ segments }) => segments[1] === "output");
}

function pathOf(step: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(step) ? `steps.${step}` : `steps[${JSON.stringify(step)}]`;
}

/** A failure is thrown again in the graph in which it happened, by a node that comes after it. */
export function checkRethrows(scope: JudgedScope): Finding[] {
  return placedNodes(scope).flatMap(({ node, place }, ordinal): Finding[] => {
    if (node.type !== "fail" || node.rethrow === undefined) return [];
    const step = scope.ordinals.get(node.rethrow);
    if (step !== undefined && (scope.reachability?.isBefore(step, ordinal) ?? true)) return [];
    const code = step === undefined ? "UNKNOWN_STEP" : "STEP_NOT_BEFORE";
    const message = `Let ${node.id} rethrow the error of a step before it: ${node.rethrow} is none.`;
    return [error(code, at(place, "/rethrow"), message)];
  });
}
