/** Every error that the SDK throws or understands: what a handler throws to be judged, what a call throws to be caught. */
import type { Finding } from "./types/definition";
import type { ExecutionStatus } from "./types/executions";
import type { ErrorInfo, HistoryEvent } from "./types/history";

/** How a step fails: what stands in the history, and whether it is worth another attempt. */
export interface Failure {
  /** Stable, SCREAMING_SNAKE; `retry.nonRetryable` and error branches look at it. Default `HANDLER_ERROR`. */
  code?: string;
  message: string;
  /** Any JSON that helps whoever repairs it. */
  details?: unknown;
  /** Default true: the step is tried again as its retry policy says. False ends it at once. */
  retryable?: boolean;
  cause?: unknown;
}

/** A failure with a code. Any other exception is a failure too, with the code `HANDLER_ERROR` or its own `code`. */
export class StepError extends Error {
  readonly code: string;
  readonly details: unknown;
  readonly retryable: boolean;

  constructor(failure: Failure) {
    super(failure.message, { cause: failure.cause });
    this.name = "StepError";
    this.code = failure.code ?? "HANDLER_ERROR";
    this.details = failure.details;
    this.retryable = failure.retryable ?? true;
  }
}

/** Ends the step at once: the same attempt again could only fail again. */
export class NonRetryableError extends StepError {
  constructor(message: string, failure: Omit<Failure, "message" | "retryable"> = {}) {
    super({ ...failure, message, retryable: false });
    this.name = "NonRetryableError";
  }
}

/** Fails the step: `if (!card) fail({ code: "NO_CARD", message: "…", retryable: false })`. Never returns. */
export function fail(failure: Failure): never {
  throw new StepError(failure);
}

/** A workflow cannot be built. `findings` are all that is wrong with it, at once; empty for a value that cannot be sent. */
export class DefinitionError extends Error {
  constructor(
    message: string,
    readonly findings: readonly Finding[] = [],
  ) {
    super(message);
    this.name = "DefinitionError";
  }
}

/** An execution closed without completing; the same error locally and distributed. */
export class ExecutionFailedError extends Error {
  /** Of the step that failed, or `EXECUTION_CANCELLED`, `EXECUTION_TIMED_OUT`, … */
  readonly code: string;
  readonly executionId: string;
  readonly status: ExecutionStatus;
  /** The failed step's own error, with its stack and details, or null where no step is to blame. */
  readonly error: (ErrorInfo & { node?: string }) | null;
  /** All events, in order. */
  readonly history: readonly HistoryEvent[];

  constructor(execution: {
    executionId: string;
    status: ExecutionStatus;
    error: (ErrorInfo & { node?: string }) | null;
    history: readonly HistoryEvent[];
  }) {
    const { error, status, executionId } = execution;
    const where = error?.node === undefined ? "" : ` at ${error.node}`;
    const why = error === null ? "" : `: ${error.code}: ${error.message}`;
    super(`Execution ${executionId} ${status.replace("_", " ")}${where}${why}`);
    this.name = "ExecutionFailedError";
    this.code = error?.code ?? `EXECUTION_${status.toUpperCase()}`;
    this.executionId = executionId;
    this.status = status;
    this.error = error;
    this.history = execution.history;
  }
}

/** The server refused a call, or could not be reached (`code` `UNREACHABLE`, `status` 0). */
export class CerebelumError extends Error {
  /** Stable: `WORKFLOW_NOT_FOUND`, `IDEMPOTENCY_CONFLICT`, `INVALID_DEFINITION`, … */
  readonly code: string;
  /** Of HTTP; 0 where no answer came. */
  readonly status: number;
  /** Names the call in the server's log. */
  readonly requestId: string | null;
  /** What is wrong with the input, each with a JSON pointer. */
  readonly errors: readonly { path: string; code: string; message: string }[];

  constructor(problem: {
    code: string;
    status: number;
    message: string;
    requestId?: string | null;
    errors?: readonly { path: string; code: string; message: string }[];
    cause?: unknown;
  }) {
    super(problem.message, { cause: problem.cause });
    this.name = "CerebelumError";
    this.code = problem.code;
    this.status = problem.status;
    this.requestId = problem.requestId ?? null;
    this.errors = problem.errors ?? [];
  }
}
