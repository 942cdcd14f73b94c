/** Reads what was given to `branch`, and puts it behind its step, wherever in the timeline that stands. */
import { DefinitionError } from "../errors";
import { Branch, Case, checkElement, type Element, type Member, Path } from "./elements";
import { type AnyStep, Step } from "./step";

export function branchOf(workflow: string, after: AnyStep, arms: object): Branch {
  const conditions: { port: string; when: string; path: Path }[] = [];
  const ports: { port: string; path: Path }[] = [];
  let otherwise: Path | undefined;
  for (const [port, arm] of Object.entries(arms)) {
    const where = `The arm "${port}" of branch(${after.id}, …) of "${workflow}"`;
    if (/^\d+$/.test(port))
      throw new DefinitionError(`${where} has a number as its name, which would lose the arms' order. Use a word.`);
    if (arm instanceof Case) conditions.push({ port, when: arm.when, path: arm.path });
    else if (port === "otherwise") otherwise = pathOf(arm, where);
    else if (port === "error" || after.options.ports?.includes(port)) ports.push({ port, path: pathOf(arm, where) });
    else
      throw new DefinitionError(
        `${where} has no condition. Write when(condition, …), name it "otherwise" or "error", or declare it among the step's ports.`,
      );
  }
  if (conditions.length === 0 && ports.length === 0)
    throw new DefinitionError(
      `branch(${after.id}, …) of "${workflow}" decides nothing. Give it an arm: { adult: when(condition, step) }.`,
    );
  return new Branch(after.id, conditions, otherwise, ports);
}

/** The elements with the branch behind the step of that id, and behind earlier branches there; null where no such step is. */
export function insertAfter(elements: readonly Element[], id: string, branch: Branch): Element[] | null {
  const position = elements.findIndex((element) => element instanceof Step && element.id === id);
  if (position >= 0) {
    let end = position + 1;
    while (elements[end] instanceof Branch) end++;
    return [...elements.slice(0, end), branch, ...elements.slice(end)];
  }
  for (const [i, element] of elements.entries()) {
    const inside = insertInside(element, id, branch);
    if (inside !== null) return [...elements.slice(0, i), inside, ...elements.slice(i + 1)];
  }
  return null;
}

function insertInside(element: Element, id: string, branch: Branch): Element | null {
  if (element instanceof Path) return insertInPath(element, id, branch);
  if (element instanceof Branch) return insertInArms(element, id, branch);
  return Array.isArray(element) ? insertInGroup(element as readonly Member[], id, branch) : null;
}

function insertInArms(element: Branch, id: string, branch: Branch): Branch | null {
  const arm = <A extends { path: Path }>(one: A): A | null => {
    const path = insertInPath(one.path, id, branch);
    return path && { ...one, path };
  };
  const conditions = replaceFirst(element.conditions, arm);
  const ports = replaceFirst(element.ports, arm);
  const otherwise = element.otherwise && insertInPath(element.otherwise, id, branch);
  if (!conditions && !ports && !otherwise) return null;
  return new Branch(
    element.after,
    conditions ?? element.conditions,
    otherwise ?? element.otherwise,
    ports ?? element.ports,
  );
}

function insertInPath(path: Path, id: string, branch: Branch): Path | null {
  const elements = insertAfter(path.elements, id, branch);
  return elements && new Path(elements);
}

/** A member that is the step itself becomes a path of the step and its branch. */
function insertInGroup(group: readonly Member[], id: string, branch: Branch): Member[] | null {
  return replaceFirst(group, (member) => {
    if (member instanceof Step) return member.id === id ? new Path([member, branch]) : null;
    return member instanceof Path ? insertInPath(member, id, branch) : null;
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

function pathOf(arm: unknown, where: string): Path {
  return arm instanceof Path ? arm : new Path([checkElement(arm, where)]);
}
