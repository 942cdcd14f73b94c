/** What a test says will happen to an execution: what people answer, which signals come, which attempts fail, what URLs answer. */

import type { EventOf } from "@/lib/contract/history";
import { compileGraph } from "@/lib/core/definition/graph";
import { parseDuration } from "@/lib/core/durations";
import { type AnyWorkflow, withChildren } from "../any-workflow";
import type { StepContext } from "../dsl/step-context";
import { type Failure, StepError } from "../errors";
import type { Duration, JsonValue } from "../types/definition";

/** `expired`: nobody decides. */
export type ApprovalAnswer =
  | "approved"
  | "rejected"
  | "expired"
  | {
      decision?: "approved" | "rejected";
      /** What the form asks for. */
      data?: unknown;
      comment?: string;
      /** How long after it was asked. Default: at once. */
      after?: Duration;
    };

/** What is asked of a person. */
export interface AskedApproval {
  /** The node's id; inside maps a path. */
  node: string;
  index: readonly number[];
  /** Of a wait in the middle of a handler. */
  name?: string;
  title?: string;
  description?: string;
  assignees: readonly string[];
  form?: unknown;
}

export interface ScriptedSignal {
  name: string;
  payload?: unknown;
  /** How long after the start. Default: at once. */
  at?: Duration;
}

/** Default 200, without headers and body. */
export interface HttpAnswer {
  status?: number;
  headers?: { [name: string]: string };
  body?: JsonValue;
}

export interface Script {
  /**
   * By the node's id or path, or the name that the handler gave to `ctx.approval`. An approval that is not named here
   * waits until it expires.
   */
  approvals?: { [node: string]: ApprovalAnswer | ((asked: AskedApproval) => ApprovalAnswer) };
  signals?: readonly ScriptedSignal[];
  /**
   * By the step's id or path, or the name of its task: what its first, second, … attempt fails with, in each iteration and item; null lets the
   * attempt through to the handler. Text, an Error, or `{ code, message, details?, retryable? }`.
   */
  fail?: { [step: string]: readonly (string | Error | Failure | null)[] };
  /** Handlers in place of the steps' own, by the step's id or path, or the name of its task. */
  handlers?: { [step: string]: (input: never, ctx: StepContext) => unknown };
  /** What http steps are answered, by the node's id or path; each call of a node counts from 1. Or let them call. */
  http?: { [node: string]: HttpAnswer | ((request: JsonValue, call: number) => HttpAnswer) } | "network";
}

/** Throws where a script speaks of a step that there is none of: what is misspelt would do nothing. */
export function checkScript({ fail, handlers, http }: Script, workflows: readonly AnyWorkflow[]): void {
  const nodes = withChildren(workflows).flatMap(({ definition }) => compileGraph(definition).nodes);
  const names = new Set(nodes.flatMap(({ id, path }) => [id, path]));
  const tasks = nodes.flatMap(({ task, compensation }) => [task?.task ?? "", compensation?.task ?? ""]);
  const namesAndTasks = new Set([...names, ...tasks]);
  const known = { fail: namesAndTasks, handlers: namesAndTasks, http: names };
  for (const [part, entries] of Object.entries({ fail, handlers, http: http === "network" ? {} : http }))
    for (const name of Object.keys(entries ?? {}))
      if (!known[part as keyof typeof known].has(name))
        throw new TypeError(`The script's ${part} speaks of "${name}", and no step is named that.`);
}

/** The first entry that there is for one of these names. */
export function entryFor<T>(entries: { [name: string]: T } | undefined, names: readonly string[]): T | undefined {
  const name = names.find((name) => entries !== undefined && Object.hasOwn(entries, name));
  return name === undefined ? undefined : entries?.[name];
}

/** What a script may call a node: its path, or its own id. */
export function namesOfNode(node: string): string[] {
  return [node, node.split("/").at(-1) ?? node];
}

/** How an approval is answered, and how many milliseconds after it was asked; null: not at all. */
export function answerTo(
  script: Script,
  { node, index = [], directive, title, description, assignees = [], form }: EventOf<"ApprovalRequested">["data"],
): { decision: "approved" | "rejected"; data?: unknown; comment?: string; afterMs: number } | null {
  const name = directive?.name;
  const entry = entryFor(script.approvals, [...namesOfNode(node), ...(name === undefined ? [] : [name])]);
  const asked = { node, index, name, title, description, assignees, form };
  const answer = typeof entry === "function" ? entry(asked) : entry;
  if (answer === undefined || answer === "expired") return null;
  if (typeof answer === "string") return { decision: answer, afterMs: 0 };
  const { decision = "approved", data, comment, after = 0 } = answer;
  return { decision, data, comment, afterMs: durationMs(after, `approvals.${node}.after`) };
}

/** What that attempt fails with; null: nothing. */
export function failureOf(script: Script, names: readonly string[], attempt: number): Error | null {
  const failure = entryFor(script.fail, names)?.[attempt - 1] ?? null;
  if (failure === null || failure instanceof Error) return failure;
  return typeof failure === "string" ? new Error(failure) : new StepError(failure);
}

export function durationMs(duration: Duration, where: string): number {
  const ms = parseDuration(duration);
  if (ms !== null) return ms;
  throw new TypeError(`${where} is no duration: ${JSON.stringify(duration)}. Write 90s, 15m, 36h, 7d or milliseconds.`);
}
