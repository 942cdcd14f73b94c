/** How one dispatch of a handler ended, from what it returned or threw: the same words for the worker and for local execution. */
import { DIRECTIVE, type Directive, directiveOf, type Then } from "../dsl/directives";
import { NonRetryableError } from "../errors";
import type { JsonValue } from "../types/definition";
import type { ErrorInfo } from "../types/history";
import { errorInfo } from "./error-info";
import { asJson, serialise } from "./payload";

/** A wish to wait, as the protocol sends it. */
interface Wish {
  data?: JsonValue;
  then?: Then;
  name?: string;
}

/** `output` is JSON text, made once. */
export type Outcome =
  | { status: "completed"; output: string; port?: string }
  | { status: "failed"; error: ErrorInfo }
  | { status: "sleep"; sleep: { durationMs: number } & Wish }
  | {
      status: "approval";
      approval: {
        title?: string;
        description?: string;
        assignees?: readonly string[];
        form?: JsonValue;
        timeoutMs?: number;
      } & Wish;
    };

export type Waiting = Extract<Outcome, { status: "sleep" | "approval" }>;

/** A value, or a directive. `of` names the step in what is said of an output that cannot be kept. */
export function outcomeOf(result: unknown, of: string): Outcome {
  const directive = directiveOf(result);
  try {
    if (directive === null) return { status: "completed", output: serialise(result, `The output of ${of}`) };
    return outcomeOfDirective(directive, of);
  } catch (problem) {
    return { status: "failed", error: errorInfo(problem) };
  }
}

/** A directive may be thrown, too, from wherever the handler is. */
export function outcomeOfThrown(thrown: unknown, of: string): Outcome {
  return directiveOf(thrown) === null ? { status: "failed", error: errorInfo(thrown) } : outcomeOf(thrown, of);
}

function outcomeOfDirective(directive: Directive, of: string): Outcome {
  switch (directive[DIRECTIVE]) {
    case "port":
      return { status: "completed", output: serialise(directive.output, `The output of ${of}`), port: directive.port };
    case "fail":
      return { status: "failed", error: errorInfo(directive.error) };
    case "sleep":
      return { status: "sleep", sleep: { durationMs: directive.durationMs, ...wishOf(directive, of) } };
    case "approval":
      return {
        status: "approval",
        approval: asJson({ ...directive.request, ...wishOf(directive, of) }, `What ${of} asks`),
      };
  }
}

function wishOf({ data, then, name }: { data: unknown; then: Then; name?: string | undefined }, of: string): Wish {
  if (then === "resume" && (name === undefined || name === "")) {
    const message = `${of} wants to be resumed, and gives no name: { then: "resume", name: "…" }.`;
    throw new NonRetryableError(message, { code: "INVALID_NAME" });
  }
  return { data: asJson(data, `The data of ${of}'s directive`), then, ...(name === undefined ? {} : { name }) };
}
