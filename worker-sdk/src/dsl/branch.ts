/** Reads what was given to `branch` and `diverge`, and puts it behind its node, wherever in the timeline that stands. */
import { DefinitionError } from "../errors";
import { armOf } from "./arms";
import {
  Branch,
  Case,
  type ChoiceOptions,
  type ConditionalArm,
  type Element,
  MapItems,
  type Member,
  Path,
} from "./elements";
import { GraphNode } from "./graph-node";
import { Step } from "./step";

/** A node, and the workflow in which it branches; or a choice, wherever it will stand. */
type Place =
  | { readonly word: "branch" | "diverge"; readonly after: GraphNode; readonly workflow: string }
  | { readonly word: "choice"; readonly after: null; readonly node: ChoiceOptions };

export function branchOf(place: Place, arms: object): Branch {
  const { after, word } = place;
  if (after !== null && !(after instanceof GraphNode))
    throw new DefinitionError(
      `${word}(…) of "${place.workflow}" needs the step that it comes after: ${word}(step, { … }).`,
    );
  const whole = after === null ? `choice("${place.node.id}", …)` : `${word}(${after.id}, …) of "${place.workflow}"`;
  const sorted = { conditions: [] as ConditionalArm[], errors: [] as ConditionalArm[], ports: [] as PortArm[] };
  let otherwise: Path | undefined;
  for (const [port, arm] of Object.entries(arms)) {
    const where = `The arm "${port}" of ${whole}`;
    checkName(port, where);
    if (arm instanceof Case) {
      const { of, condition, path } = arm;
      if (after === null && (of === "error" || condition("a") !== condition("b")))
        throw new DefinitionError(`${where} is about a step. Write when(condition, …): a choice belongs to none.`);
      sorted[of === "error" ? "errors" : "conditions"].push({ port, when: condition(after?.id ?? ""), path });
    } else if (port === "otherwise") otherwise = armOf(arm, where);
    else if (after !== null && portsOf(after).includes(port)) sorted.ports.push({ port, path: armOf(arm, where) });
    else throw new DefinitionError(`${where} has no condition. ${cure(after)}`);
  }
  if (sorted.conditions.length + sorted.errors.length + sorted.ports.length === 0)
    throw new DefinitionError(`${whole} decides nothing. Give it an arm: { adult: when(condition, step) }.`);
  const all = { ...sorted, ...(otherwise && { otherwise }) };
  return after === null ? new Branch(null, "choice", all, place.node) : new Branch(after.id, word, all);
}

interface PortArm {
  readonly port: string;
  readonly path: Path;
}

function checkName(port: string, where: string): void {
  if (/^\d+$/.test(port))
    throw new DefinitionError(`${where} has a number as its name, which would lose the arms' order. Use a word.`);
}

function cure(after: GraphNode | null): string {
  if (after === null) return 'Write when(condition, …), or name it "otherwise".';
  const ports = ["otherwise", ...portsOf(after)].map((port) => `"${port}"`).join(", ");
  const declare = after instanceof Step ? ", or declare it among the step's ports" : "";
  return `Write when(condition, …), name it one of ${ports}${declare}.`;
}

/** The ports of its own that an arm may lead on. */
function portsOf(after: GraphNode): readonly string[] {
  const { kind } = after as { kind?: string };
  if (kind === "approval") return ["rejected", "expired", "error"];
  if (kind === "signal") return ["expired", "error"];
  return after instanceof Step ? [...(after.options.ports ?? []), "error"] : ["error"];
}

/** The elements with the branch behind the node of that id, as one with a branch that is there; null where no such node is. */
export function insertAfter(elements: readonly Element[], id: string, branch: Branch): Element[] | null {
  const position = elements.findIndex((element) => element instanceof GraphNode && element.id === id);
  if (position < 0) return replaceFirst(elements, (element) => insertInside(element, id, branch));
  const there = elements[position + 1];
  const isBranching = there instanceof Branch && there.after === id;
  const merged = isBranching ? merge(there, branch) : branch;
  const rest = elements.slice(position + (isBranching ? 2 : 1));
  return [...elements.slice(0, position + 1), merged, ...rest];
}

/** The arms of both, those of the first first. */
function merge({ after, word, arms }: Branch, { arms: added }: Branch): Branch {
  const taken = new Set(namesOf(arms));
  const twice = namesOf(added).find((name) => taken.has(name));
  if (twice !== undefined)
    throw new DefinitionError(`Two branches after "${after}" have an arm "${twice}". Give one of them another name.`);
  const otherwise = arms.otherwise ?? added.otherwise;
  return new Branch(after, word, {
    conditions: [...arms.conditions, ...added.conditions],
    ports: [...arms.ports, ...added.ports],
    errors: [...arms.errors, ...added.errors],
    ...(otherwise && { otherwise }),
  });
}

function namesOf({ conditions, ports, errors, otherwise }: Branch["arms"]): string[] {
  const names = [...conditions, ...ports, ...errors].map(({ port }) => port);
  return otherwise === undefined ? names : [...names, "otherwise"];
}

function insertInside(element: Element, id: string, branch: Branch): Element | null {
  if (element instanceof Path) return insertInPath(element, id, branch);
  if (element instanceof Branch) return insertInArms(element, id, branch);
  if (element instanceof MapItems) return insertInBody(element, id, branch);
  return Array.isArray(element) ? insertInGroup(element as readonly Member[], id, branch) : null;
}

function insertInArms({ after, word, arms, node }: Branch, id: string, branch: Branch): Branch | null {
  const arm = <A extends { path: Path }>(one: A): A | null => {
    const path = insertInPath(one.path, id, branch);
    return path && { ...one, path };
  };
  const inside = {
    conditions: replaceFirst(arms.conditions, arm),
    ports: replaceFirst(arms.ports, arm),
    errors: replaceFirst(arms.errors, arm),
    otherwise: arms.otherwise ? insertInPath(arms.otherwise, id, branch) : null,
  };
  const changed = Object.entries(inside).filter(([, value]) => value !== null);
  return changed.length === 0 ? null : new Branch(after, word, { ...arms, ...Object.fromEntries(changed) }, node);
}

function insertInPath(path: Path, id: string, branch: Branch): Path | null {
  const elements = insertAfter(path.elements, id, branch);
  return elements && new Path(elements);
}

function insertInBody({ id: mapId, items, body, options }: MapItems, id: string, branch: Branch): MapItems | null {
  const elements = insertAfter(body.elements, id, branch);
  return elements && new MapItems(mapId, items, { ...body, elements }, options);
}

/** A member that is the node itself becomes a path of the node and its branch. */
function insertInGroup(group: readonly Member[], id: string, branch: Branch): Member[] | null {
  return replaceFirst(group, (member) => {
    if (member instanceof GraphNode && member.id === id) return new Path([member, branch]);
    return insertInside(member, id, branch) as Member | null;
  });
}

/** The list with its first element replaced for which `replace` gives another, or null where it gives none. */
function replaceFirst<T>(list: readonly T[], replace: (item: T) => T | null): T[] | null {
  for (const [i, item] of list.entries()) {
    const other = replace(item);
    if (other !== null) return [...list.slice(0, i), other, ...list.slice(i + 1)];
  }
  return null;
}
