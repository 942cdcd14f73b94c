/** Elements of a timeline as the nodes, groups and branches that they stand for. */
import { Branch, type Element, Path } from "./elements";
import { GraphNode } from "./graph-node";
import { type AnyStep, Step } from "./step";

export type FlatElement = Exclude<Element, Path>;

/** Paths stand for their elements, and the actions of a step for a branch behind it. */
export function flatten(element: Element): FlatElement[] {
  if (element instanceof Path) return element.elements.flatMap(flatten);
  return element instanceof Step && !isBare(element) ? [element, actionsOf(element)] : [element];
}

/** Whether it stands for its node alone. */
export function isBare(step: AnyStep): boolean {
  return (step.options.actions ?? []).length === 0;
}

function actionsOf({ id, options: { actions = [] } }: AnyStep): Branch {
  const ports = actions.map((action) => ({ port: action.port, path: new Path([action]) }));
  return new Branch(id, "diverge", { conditions: [], ports, errors: [] });
}

/** The node whose output an element hands on. */
export function nameOf(element: Element | undefined): string | undefined {
  if (element instanceof GraphNode) return element.id;
  if (element instanceof Branch) return element.after ?? element.id;
  return element instanceof Path ? nameOf(element.elements.findLast((part) => !isPassing(part))) : undefined;
}

function isPassing(element: Element): boolean {
  return "kind" in element && (element.kind === "sleep" || element.kind === "proceed");
}
