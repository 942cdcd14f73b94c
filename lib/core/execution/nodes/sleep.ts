/** A sleep waits for a time: `SleepStarted` freezes when it ends, and waking ends it. */
import type { SleepNode } from "../../../contract/definition";
import type { ErrorInfo } from "../../../contract/history";
import type { JsonValue } from "../../../contract/json";
import type { CompiledNode } from "../../definition/graph";
import { parseDuration } from "../../durations";
import { storableText } from "../../expressions/storable-text";
import { fromInstant, toInstant } from "../../time";
import { completeStep, failStep } from "../endings";
import { evaluateField } from "../scope";
import { emit, placeOf, type Turn } from "../turn";

export function startSleep(turn: Turn, node: CompiledNode, { duration, until }: SleepNode) {
  const field = until === undefined ? "duration" : "until";
  const evaluated = evaluateField(turn, node.ordinal, field, until ?? duration ?? 0);
  if ("error" in evaluated) return failStep(turn, node, evaluated.error);
  const resumeAt = field === "until" ? instantOf(evaluated.value) : later(turn.now, evaluated.value);
  if (resumeAt === null) return failStep(turn, node, notATime(node, field, evaluated.value));
  emit(turn, "SleepStarted", { ...placeOf(turn, node), resumeAt: toInstant(resumeAt) });
}

/** Its time has come. */
export function endSleep(turn: Turn, node: CompiledNode) {
  emit(turn, "SleepCompleted", placeOf(turn, node));
  completeStep(turn, node, {});
}

function instantOf(value: JsonValue): number | null {
  return typeof value === "string" ? fromInstant(value) : null;
}

function later(now: number, value: JsonValue): number | null {
  const ms = typeof value === "string" || typeof value === "number" ? parseDuration(value) : null;
  return ms === null ? null : now + ms;
}

function notATime(node: CompiledNode, field: "duration" | "until", value: JsonValue): ErrorInfo {
  const wanted = field === "until" ? "an RFC 3339 instant" : "a duration such as 90s, or milliseconds";
  return {
    code: "EXPRESSION_ERROR",
    message: `${node.id}, ${field}: ${storableText(JSON.stringify(value), 100)} is not ${wanted}.`,
    details: { node: node.id, field, position: null },
  };
}
