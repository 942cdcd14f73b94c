/**
 * Where a trial takes from what its steps come to. A source is asked for each dispatch, each question to a person and each
 * child, now and then more than once: it answers the same. What it does not know it leaves to the next one, and what none
 * knows waits for a person.
 */
import type { JsonValue } from "../../contract/json";
import { placeName } from "../../contract/trial-path";
import type { Trial, TrialAnswer, TrialChild, TrialDecision } from "../../contract/trials";

/** Which step asks, as events name it. */
export interface Asker {
  /** The node's path. */
  node: string;
  /** Of each map around it, from the outside in; empty outside maps. */
  index: readonly number[];
  iteration: number;
  /** How often this place (path and index) has asked for its like before: over attempts, rounds and iterations. */
  nth: number;
}

export interface AskedTask extends Asker {
  /** What runs it: a worker, the engine's own call, or a worker that undoes the step. */
  kind: "task" | "http" | "compensation";
  task: string;
  input: JsonValue;
  attempt: number;
  /** 0 where the node does not poll, else 1, 2, … */
  round: number;
  /** The same attempt goes on after what its handler waited for. */
  resumed: boolean;
}

export interface AskedApproval extends Asker {
  /** Null: the approval is a node, and no handler asked. */
  name: string | null;
  fromHandler: boolean;
  title: string | null;
  description: string | null;
  form: JsonValue | null;
  assignees: readonly string[];
}

export interface AskedChild extends Asker {
  workflow: string;
  version: number;
  input: JsonValue;
}

/** Null: it does not know. */
export interface AnswerSource {
  task(asked: AskedTask): TrialAnswer | null;
  approval(asked: AskedApproval): TrialDecision | null;
  child(asked: AskedChild): TrialChild | null;
}

/** Knows nothing: all is answered by hand. */
export const NO_ANSWERS: AnswerSource = { task: () => null, approval: () => null, child: () => null };

/** Of several sources the first that knows. */
export function firstOf(...sources: readonly AnswerSource[]): AnswerSource {
  return {
    task: (asked) => firstAnswer(sources, (source) => source.task(asked)),
    approval: (asked) => firstAnswer(sources, (source) => source.approval(asked)),
    child: (asked) => firstAnswer(sources, (source) => source.child(asked)),
  };
}

function firstAnswer<T>(sources: readonly AnswerSource[], ask: (source: AnswerSource) => T | null): T | null {
  for (const source of sources) {
    const answer = ask(source);
    if (answer !== null) return answer;
  }
  return null;
}

/** What a trial plans. */
export function plannedAnswers(trial: Pick<Trial, "steps" | "compensations" | "approvals" | "children">): AnswerSource {
  return {
    task: (asked) => planned(asked.kind === "compensation" ? trial.compensations : trial.steps, asked),
    approval: (asked) => planned(trial.approvals, asked),
    child: (asked) => planned(trial.children, asked),
  };
}

function planned<T>(plans: { readonly [place: string]: readonly T[] } | undefined, asked: Asker): T | null {
  if (plans === undefined) return null;
  const { node, index, nth } = asked;
  const place = placeName(node, index);
  const list = Object.hasOwn(plans, place) ? plans[place] : Object.hasOwn(plans, node) ? plans[node] : undefined;
  return list?.[Math.min(nth, list.length - 1)] ?? null;
}
