/** Paths, and the conditions under which they are taken: arms of a branch, rules of a divergence. */
import { DefinitionError } from "../errors";
import type { ErrorInfo } from "../types/history";
import { checkElement } from "./check-element";
import { conditionText } from "./condition-text";
import { Case, type Element, Path } from "./elements";
import type { Chain, FirstInput, LastName, PathOutcome } from "./flow-types";
import { codeCel, type Pattern, patternCel } from "./pattern";
import { Condition, stepPath } from "./references";

/**
 * Elements one after another, where one is wanted: an arm without a condition, a strand of a parallel group, the body of
 * a map. It is named by its last node, and gives what that gives.
 *
 *     timeline(order, [path(pack, ship), invoice], report)
 */
export function path<const Elements extends readonly Element[]>(
  ...elements: Elements & Chain<Elements, unknown>
): Path<FirstInput<Elements>, PathOutcome<Elements>, LastName<Elements, never>> {
  return pathOf(elements, "path(…)");
}

/**
 * Taken if the condition holds: one made from references, or CEL text. In `diverge` the elements may be a single jump.
 *
 *     when(on(fetchUser).age.gte(18), welcome)
 *     when("size(steps.fetch_orders.output) > 3", upgrade, sleep("1d"), thank)
 *
 * @throws DefinitionError for a function: a condition is evaluated after a restart and on another machine.
 */
export function when<const Elements extends readonly Element[]>(
  condition: Condition | string,
  ...elements: Elements & Chain<Elements, unknown>
): Case<FirstInput<Elements>, PathOutcome<Elements>, "result"> {
  const text = conditionText(condition, "The condition of when(…)");
  return new Case("result", () => text, pathOf(elements, "when(…)"));
}

/**
 * Taken if what the step returned has these fields with these values; objects in the pattern are patterns again, lists
 * match item by item. A field that the step does not return is a compile error.
 *
 *     .diverge(fetchUser, { minor: matches({ age: 17, address: { country: "DE" } }, skipTo(askParents)) })
 *
 * @throws DefinitionError for an empty pattern, and for values that are no JSON.
 */
export function matches<const Asked, const Elements extends readonly Element[]>(
  pattern: Asked,
  ...elements: Elements & Chain<Elements, unknown>
): Case<FirstInput<Elements>, PathOutcome<Elements>, "result", Asked> {
  const cel = (after: string) => patternCel(`${stepPath({ id: after })}.output`, pattern, `The pattern of ${after}`);
  cel("the step");
  return new Case("result", cel, pathOf(elements, "matches(…)"));
}

/**
 * Taken if the step failed for good with this error: a code, with at most one `*` in it, several codes, a pattern of
 * fields, or a condition. What no rule takes fails as if there were none.
 *
 *     .diverge(charge, {
 *       broke: onError("INSUFFICIENT_FUNDS", askForOtherCard),
 *       flaky: onError(["HTTP_ERROR", "*_TIMEOUT"], sleep("10m"), retry({ maxIterations: 3 })),
 *       missing: onError({ code: "HTTP_ERROR", details: { status: 404 } }, skipTo(report)),
 *     })
 *
 * @throws DefinitionError for what is no code, pattern or condition.
 */
export function onError<const Elements extends readonly Element[]>(
  error: string | readonly string[] | Pattern<ErrorInfo> | Condition,
  ...elements: Elements & Chain<Elements, unknown>
): Case<FirstInput<Elements>, PathOutcome<Elements>, "error"> {
  const cel = (after: string) => errorCel(error, `${stepPath({ id: after })}.error`);
  cel("the step");
  return new Case("error", cel, pathOf(elements, "onError(…)"));
}

function errorCel(error: unknown, path: string): string {
  const where = "The error of onError(…)";
  if (error instanceof Condition || typeof error === "function") return conditionText(error, where);
  if (typeof error === "string") return codeCel(`${path}.code`, [error], where);
  if (Array.isArray(error)) return codeCel(`${path}.code`, error, where);
  return patternCel(path, error, where);
}

/** One element, or several in a path, as an arm. */
export function armOf(arm: unknown, where: string): Path {
  return arm instanceof Path ? arm : pathOf([arm], where);
}

function pathOf<In, Out, Name extends string>(elements: readonly unknown[], where: string): Path<In, Out, Name> {
  if (elements.length === 0) throw new DefinitionError(`${where} needs at least one step, or proceed().`);
  return new Path<In, Out, Name>(elements.map((element, i) => checkElement(element, `Element ${i + 1} of ${where}`)));
}
