/** Refuses what is no part of a timeline, and what a definition cannot hold, where it is written. */
import { DefinitionError } from "../errors";
import { Approval } from "./approval";
import { Child } from "./child";
import { describe } from "./condition-text";
import { type Element, MapItems, type Member, Path } from "./elements";
import { End } from "./end";
import { HttpCall } from "./http";
import { Jump, Proceed, Stop } from "./jump";
import { nodeOf } from "./node-of";
import { Signal } from "./signal";
import { Sleep } from "./sleep";
import { Step } from "./step";
import { templateJson } from "./template";
import { Transform } from "./transform";

const NODES = [Step, Transform, Approval, Signal, Child, HttpCall];
const OTHERS = [MapItems, Sleep, End, Jump, Proceed, Stop, Path];

/** One element of a timeline, or a {@link DefinitionError} that says what may stand there. */
export function checkElement(element: unknown, where: string): Element {
  if (!Array.isArray(element)) return checkMember(element, where);
  if (element.length === 0) throw new DefinitionError(`${where} is an empty group. Put at least one step into it.`);
  return element.map((member, i) => checkMember(member, `${where}[${i}]`));
}

function checkMember(element: unknown, where: string): Member {
  if (NODES.some((Node) => element instanceof Node)) nodeOf(element as Parameters<typeof nodeOf>[0], null);
  else if (element instanceof Jump) templateJson(element.loop, `${where} is a jump whose options`);
  else if (!OTHERS.some((Part) => element instanceof Part)) throw refusal(element, where);
  return element as Member;
}

function refusal(element: unknown, where: string): DefinitionError {
  const hint =
    typeof element === "function"
      ? 'Wrap the function: step("name", fn).'
      : "Put a step, sleep, approval, signal, child, map, http, transform, jump or path(…) there.";
  return new DefinitionError(`${where} is ${describe(element)}, which is no part of a timeline. ${hint}`);
}
