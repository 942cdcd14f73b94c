/** What a handler threw, as the history keeps it. */
import { types } from "node:util";
import { isStorableText } from "@/lib/contract/json";
import type { JsonValue } from "../types/definition";
import type { ErrorInfo } from "../types/history";
import { asJson } from "./payload";

const MESSAGE_CHARACTERS = 8_000;
const STACK_CHARACTERS = 16_000;
const CODE_CHARACTERS = 128;

/** What is no Error is kept in `details` as it is. */
export function errorInfo(thrown: unknown): ErrorInfo {
  if (!isError(thrown)) return { code: "HANDLER_ERROR", message: describeThrown(thrown), ...details(thrown) };
  const { code, retryable } = thrown as { code?: unknown; retryable?: unknown };
  return {
    code: typeof code === "string" && code !== "" ? storable(code).slice(0, CODE_CHARACTERS) : "HANDLER_ERROR",
    message: storable(String(thrown.message)).slice(0, MESSAGE_CHARACTERS),
    ...details((thrown as { details?: unknown }).details),
    ...(thrown.stack !== undefined && { stack: storable(stackOf(thrown)).slice(0, STACK_CHARACTERS) }),
    ...(typeof retryable === "boolean" && { retryable }),
  };
}

/** One of another realm, a test runner's for instance, is one too. */
function isError(thrown: unknown): thrown is Error {
  return thrown instanceof Error || types.isNativeError(thrown);
}

/** With the chain of causes, which is where the reason often is. */
function stackOf(error: Error): string {
  const causes: string[] = [];
  for (let { cause } = error; isError(cause) && causes.length < 5; { cause } = cause)
    causes.push(`Caused by: ${cause.stack ?? cause.message}`);
  return [error.stack, ...causes].join("\n");
}

function describeThrown(thrown: unknown): string {
  const message = (thrown as { message?: unknown } | null | undefined)?.message;
  const said = typeof thrown === "string" ? thrown : message;
  return typeof said === "string"
    ? storable(said).slice(0, MESSAGE_CHARACTERS)
    : "The handler threw something that is no Error";
}

/** Left out where they cannot be kept: the failure itself matters more than its details. */
function details(value: unknown): { details?: JsonValue } {
  if (value === undefined) return {};
  try {
    return { details: asJson(value, "details") };
  } catch {
    return { details: { omitted: "The details could not be kept: too large, or no JSON" } };
  }
}

function storable(text: string): string {
  return isStorableText(text)
    ? text
    : [...text].map((character) => (isStorableText(character) ? character : "\uFFFD")).join("");
}
