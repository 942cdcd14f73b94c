/** Runs one handler and says how it ended: the same words for the worker and for local execution. Never throws. */
import { isStorableText } from "@/lib/contract/json";
import { type AnyStep, PortResult, type StepContext } from "../dsl/step";
import type { ErrorInfo, JsonValue } from "../types";
import { serialise } from "./payload";

/** How an attempt ended; `output` is JSON text, made once. */
export type Outcome = { status: "completed"; output: string; port?: string } | { status: "failed"; error: ErrorInfo };

const MESSAGE_CHARACTERS = 8_000;
const STACK_CHARACTERS = 16_000;

export async function runHandler(step: AnyStep, input: JsonValue, context: StepContext): Promise<Outcome> {
  try {
    const handler = step.handler as (input: JsonValue, context: StepContext) => unknown;
    const result = await handler(input, context);
    const chosen = result instanceof PortResult ? result : { output: result };
    const output = serialise(chosen.output, `The output of step "${step.id}"`);
    return { status: "completed", output, ...("port" in chosen && { port: chosen.port }) };
  } catch (thrown) {
    return { status: "failed", error: errorInfo(thrown) };
  }
}

/** What was thrown, as the history keeps it. What is no Error is kept in `details` as it is. */
export function errorInfo(thrown: unknown): ErrorInfo {
  if (!(thrown instanceof Error)) return { code: "HANDLER_ERROR", message: describeThrown(thrown), ...details(thrown) };
  const { code, retryable } = thrown as { code?: unknown; retryable?: unknown };
  return {
    code: typeof code === "string" && code !== "" ? storable(code).slice(0, 128) : "HANDLER_ERROR",
    message: storable(thrown.message).slice(0, MESSAGE_CHARACTERS),
    ...details((thrown as { details?: unknown }).details),
    ...(thrown.stack !== undefined && { stack: storable(stackOf(thrown)).slice(0, STACK_CHARACTERS) }),
    ...(typeof retryable === "boolean" && { retryable }),
  };
}

/** With the chain of causes, which is where the reason often is. */
function stackOf(error: Error): string {
  const causes: string[] = [];
  for (let cause = error.cause; cause instanceof Error && causes.length < 5; cause = cause.cause)
    causes.push(`Caused by: ${cause.stack ?? cause.message}`);
  return [error.stack, ...causes].join("\n");
}

function describeThrown(thrown: unknown): string {
  return typeof thrown === "string"
    ? storable(thrown).slice(0, MESSAGE_CHARACTERS)
    : "The handler threw something that is no Error";
}

/** Left out where they cannot be kept: the failure itself matters more than its details. */
function details(value: unknown): { details?: JsonValue } {
  if (value === undefined) return {};
  try {
    return { details: JSON.parse(serialise(value, "details")) as JsonValue };
  } catch {
    return { details: { omitted: "The details could not be kept: too large, or no JSON" } };
  }
}

function storable(text: string): string {
  return isStorableText(text)
    ? text
    : [...text].map((character) => (isStorableText(character) ? character : "\uFFFD")).join("");
}
