/** What a trial came to, in sentences: the first difference is the one that matters, for the others may follow from it. */

import { canonicalJson, type JsonValue } from "@/lib/contract/json";
import type { TrialDifference } from "@/lib/contract/trial-path";
import type { PassedStep } from "@/lib/contract/trials";
import type { RanTrial } from "./run-trial";

/** Why it did not pass; none: it did. */
export function complaintsOf({ outcome, unanswered, problems, differences }: RanTrial): string[] {
  const asked = unanswered.map((place) => `${place} waits for an answer that the trial does not plan.`);
  const others = [...problems, ...differences.map(sentenceOf)];
  if (outcome.status === "open" && asked.length === 0 && others.length === 0)
    others.push("It came to rest without an end: what it waits for is not planned.");
  return [...asked, ...others];
}

function sentenceOf(difference: TrialDifference): string {
  switch (difference.of) {
    case "path":
      return ofPath(difference.step, difference.expected, difference.actual);
    case "status":
      return `It ${statusText(difference.actual)}, and should have ${statusText(difference.expected)}.`;
    case "error":
      return `It ended with ${difference.actual ?? "no error"}, and should have with ${difference.expected}.`;
    case "output": {
      const { at, expected, actual } = firstDifference(difference.expected, difference.actual, "");
      return `Its output${at === "" ? "" : ` at ${at}`} is ${shown(actual)}, and should be ${shown(expected)}.`;
    }
  }
}

function ofPath(step: string, expected: PassedStep | null, actual: PassedStep | null): string {
  if (actual === null) return `${step} should have ${been(expected?.ended)}, and was never reached.`;
  if (expected === null) return `${step} ${was(actual.ended)}, and should not have been reached.`;
  if (expected.ended !== actual.ended) return `${step} ${was(actual.ended)}, and should have ${been(expected.ended)}.`;
  return `${step} ended on ${portText(actual)}, and should have on ${portText(expected)}.`;
}

function portText({ port }: PassedStep): string {
  return port === undefined ? "its usual port" : `the port ${port}`;
}

type Ended = PassedStep["ended"];

function was(ended: Ended): string {
  return ended === "completed" || ended === "failed" ? ended : `was ${ended}`;
}

function been(ended: Ended | undefined): string {
  return ended === "skipped" || ended === "cancelled" ? `been ${ended}` : (ended ?? "ended");
}

function statusText(status: string): string {
  if (status === "open") return "did not end";
  if (status === "timed_out") return "timed out";
  return status === "completed" || status === "failed" ? status : `been ${status}`;
}

interface Difference {
  at: string;
  expected: JsonValue | undefined;
  actual: JsonValue | undefined;
}

/** Where two values differ first, as a JSON pointer. */
function firstDifference(expected: JsonValue | undefined, actual: JsonValue | undefined, at: string): Difference {
  if (isContainer(expected) && isContainer(actual) && Array.isArray(expected) === Array.isArray(actual)) {
    for (const key of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
      const [a, b] = [memberOf(expected, key), memberOf(actual, key)];
      if (a === undefined || b === undefined || canonicalJson(a) !== canonicalJson(b))
        return firstDifference(a, b, `${at}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`);
    }
  }
  return { at, expected, actual };
}

type Container = JsonValue[] | { [key: string]: JsonValue };

function isContainer(value: JsonValue | undefined): value is Container {
  return typeof value === "object" && value !== null;
}

function memberOf(container: Container, key: string): JsonValue | undefined {
  return Object.hasOwn(container, key) ? Reflect.get(container, key) : undefined;
}

const SHOWN = 200;

function shown(value: JsonValue | undefined): string {
  if (value === undefined) return "not there";
  const text = JSON.stringify(value);
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN)}…`;
}
