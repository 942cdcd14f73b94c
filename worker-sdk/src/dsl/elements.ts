/** What a timeline is made of, beside steps: groups, paths, branches, sleeps, transforms and ends. */
import { DefinitionError } from "../errors";
import type { Duration } from "../types";
import { Condition, celOf, type Expression } from "./references";
import { type AnyStep, Step } from "./step";
import { type Template, templateJson } from "./template";

/** Waits, holding nothing in memory, and hands on what it was given. */
export class Sleep {
  readonly kind = "sleep";
  constructor(
    readonly id: string | undefined,
    readonly wait: { duration: Duration } | { until: string },
  ) {}
}

/** Computes a value in the engine, without a worker. */
export class Transform<Name extends string = string, Out = unknown> {
  readonly kind = "transform";
  declare readonly types?: { out: Out };
  constructor(
    readonly id: Name,
    readonly value: Template,
  ) {}
}

/** Ends the execution where it stands. */
export class End {
  readonly kind = "end";
  constructor(
    readonly id: string | undefined,
    readonly how: { type: "fail"; code: string; message?: string } | { type: "succeed"; output?: Template },
  ) {}
}

/** Elements one after another, as one element: an arm of a branch, or a strand of a parallel group. */
export class Path<In = never, Out = unknown, Name extends string = string> {
  readonly kind = "path";
  declare readonly types?: { accepts: (input: In) => void; out: Out; name: Name };
  constructor(readonly elements: readonly Element[]) {}
}

/** A path that is taken if the condition holds. */
export class Case<In = never, Out = unknown> {
  readonly kind = "case";
  constructor(
    readonly when: string,
    readonly path: Path<In, Out>,
  ) {}
}

/** What `branch` put after a step: by port, in the order in which the conditions are judged. */
export class Branch {
  readonly kind = "branch";
  constructor(
    readonly after: string,
    readonly conditions: readonly { port: string; when: string; path: Path }[],
    /** Absent: what no condition takes goes on past the branch. */
    readonly otherwise: Path | undefined,
    /** Paths from the step's own extra ports and from `error`. */
    readonly ports: readonly { port: string; path: Path }[],
  ) {}
}

/** What may stand in a parallel group. */
export type Member = AnyStep | Sleep | Transform | End | Path;
export type Element = Member | Branch | readonly Member[];

/** Waits for a duration (`"7d"`, milliseconds, or an expression) and hands on what it was given. */
export function sleep(duration: Duration | Expression, options: { id?: string } = {}): Sleep {
  return new Sleep(options.id, { duration: celText(duration) ?? (duration as Duration) });
}

/** Waits until an instant: RFC 3339, a `Date`, or an expression. */
export function sleepUntil(instant: string | Date | Expression, options: { id?: string } = {}): Sleep {
  const until = instant instanceof Date ? instant.toISOString() : (celText(instant) ?? (instant as string));
  return new Sleep(options.id, { until });
}

/** A value computed by the engine: `transform("greeting", { to: on(fetchUser).email })`. */
export function transform<Out = unknown, const Name extends string = string>(
  id: Name,
  value: Template,
): Transform<Name, Out> {
  return new Transform(id, value);
}

/** Ends the execution as failed. */
export function failExecution(code: string, message?: string, options: { id?: string } = {}): End {
  return new End(options.id, { type: "fail", code, message });
}

/** Ends the execution as completed, now, whatever else is open. */
export function completeExecution(output?: Template, options: { id?: string } = {}): End {
  return new End(options.id, { type: "succeed", output });
}

/** The CEL text of a condition. Refuses closures: they could be evaluated neither after a restart nor by another machine. */
export function conditionText(condition: unknown, where: string): string {
  const text =
    typeof condition === "string" ? condition : condition instanceof Condition ? celOf(condition) : undefined;
  if (text !== undefined && text.trim() !== "") return text;
  const what =
    typeof condition === "function"
      ? "a function"
      : text !== undefined
        ? "empty"
        : `no condition (${describe(condition)})`;
  throw new DefinitionError(
    `${where} is ${what}. A condition is data that the engine evaluates: write on(fetchUser).age.gte(18), or CEL text such as "steps.fetch_user.output.age >= 18".`,
  );
}

/** One element of a timeline, or a {@link DefinitionError} that says what may stand there. */
export function checkElement(element: unknown, where: string): Element {
  if (Array.isArray(element)) {
    if (element.length === 0) throw new DefinitionError(`${where} is an empty group. Put at least one step into it.`);
    return element.map((member, i) => checkMember(member, `${where}[${i}]`));
  }
  return checkMember(element, where);
}

function checkMember(element: unknown, where: string): Member {
  if (element instanceof Step) {
    if (element.input !== undefined) templateJson(element.input, `The input of step "${element.id}"`);
    return element as AnyStep;
  }
  if (element instanceof Transform) templateJson(element.value, `The value of transform "${element.id}"`);
  if (element instanceof Sleep || element instanceof Transform || element instanceof End || element instanceof Path)
    return element as Member;
  const hint =
    typeof element === "function"
      ? 'Wrap the function: step("name", fn).'
      : "Put a step, sleep, transform or path(…) there.";
  throw new DefinitionError(`${where} is ${describe(element)}, which is no part of a timeline. ${hint}`);
}

function celText(value: unknown): string | undefined {
  const text = celOf(value);
  return text === undefined ? undefined : `=${text}`;
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
