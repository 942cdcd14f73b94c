/** A sleep waits for a time: `SleepStarted` freezes when it ends, and waking ends it. A handler may ask for one, too. */
import type { SleepNode } from "../../../contract/definition";
import type { ErrorInfo } from "../../../contract/history";
import type { JsonValue } from "../../../contract/json";
import { parseDuration } from "../../durations";
import { storableText } from "../../expressions/storable-text";
import { fromInstant, MAX_INSTANT_MS, toInstant } from "../../time";
import { endOf } from "../attempts";
import type { CommandOf } from "../commands";
import { directiveData, directiveFields, resumeAfterWait } from "../directives";
import type { At } from "../draft";
import { completeStep, failStep } from "../endings";
import { evaluateField } from "../scope";
import type { Wait } from "../state";
import { emit, placeOf, stepAt, type Turn } from "../turn";

type Sleeping = Extract<Wait, { kind: "sleep" }>;

export function startSleep(turn: Turn, at: At, { duration, until }: SleepNode) {
  const { wait } = stepAt(turn, at);
  if (wait?.kind === "sleep") return sleepAgain(turn, at, wait);
  const field = until === undefined ? "duration" : "until";
  const evaluated = evaluateField(turn, at, field, until ?? duration ?? 0);
  if ("error" in evaluated) return failStep(turn, at, evaluated.error);
  const resumeAt = field === "until" ? instantOf(evaluated.value) : later(turn.now, evaluated.value);
  if (resumeAt === null) return failStep(turn, at, notATime(at, field, evaluated.value));
  emit(turn, "SleepStarted", { ...placeOf(turn, at), resumeAt: toInstant(resumeAt) });
}

/** Opened again before it was over: it goes on until the same time. */
export function sleepAgain(turn: Turn, at: At, { at: resumeAt, directive }: Sleeping) {
  emit(turn, "SleepStarted", { ...placeOf(turn, at), resumeAt: toInstant(resumeAt), ...directiveFields(directive) });
}

export function sleepTask(turn: Turn, at: At, command: CommandOf<"sleep-task">) {
  const directive = directiveData(turn, at, command);
  if ("error" in directive) return directive;
  const resumeAt = Math.min(turn.now + command.durationMs, MAX_INSTANT_MS);
  emit(turn, "SleepStarted", {
    ...placeOf(turn, at),
    resumeAt: toInstant(resumeAt),
    ...directive.fields,
    ...endOf(command),
  });
  return null;
}

/** Its time has come. */
export function endSleep(turn: Turn, at: At, { directive }: Sleeping) {
  emit(turn, "SleepCompleted", placeOf(turn, at));
  if (directive === null) completeStep(turn, at, {});
  else if (directive.then === "complete") completeStep(turn, at, { output: directive.data });
  else resumeAfterWait(turn, at, directive, { kind: "sleep" });
}

function instantOf(value: JsonValue): number | null {
  return typeof value === "string" ? fromInstant(value) : null;
}

/** From now on; what reaches further than instants can be written ends with them. */
export function later(now: number, value: JsonValue): number | null {
  const ms = typeof value === "string" || typeof value === "number" ? parseDuration(value) : null;
  return ms === null ? null : Math.min(now + ms, MAX_INSTANT_MS);
}

function notATime({ node }: At, field: "duration" | "until", value: JsonValue): ErrorInfo {
  const wanted = field === "until" ? "an RFC 3339 instant" : "a duration such as 90s, or milliseconds";
  return {
    code: "EXPRESSION_ERROR",
    message: `${node.path}, ${field}: ${storableText(JSON.stringify(value), 100)} is not ${wanted}.`,
    details: { node: node.path, field, position: null },
  };
}
