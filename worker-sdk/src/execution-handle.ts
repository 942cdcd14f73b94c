/** An execution in one's hand: watched, answered and controlled by the same calls, wherever it runs. */
import type { Explanation, LogItem, RequestedApproval } from "./types/answers";
import type { Execution } from "./types/executions";
import type { HistoryEvent } from "./types/history";

export interface Decision {
  /** What the form asks for. */
  data?: unknown;
  comment?: string;
}

export interface ForkHandleOptions {
  /** Copies the history up to the end of the command that wrote this sequence, or of the one before a close. */
  at: number;
  /** What expressions see as `input` from then on. */
  input?: unknown;
  /** Other outputs for completed steps outside maps, by node. */
  overrides?: { [node: string]: { output: unknown } };
  reason?: string;
}

/**
 * Refusals are {@link CerebelumError}s with the codes of the API, also where there is no server: `EXECUTION_CLOSED`,
 * `APPROVAL_CLOSED`, `NOT_RETRYABLE`, …
 */
export interface ExecutionHandle<Output = unknown> {
  readonly id: string;

  /**
   * What the execution returns, once it is closed.
   * @throws ExecutionFailedError when it closes otherwise than completed, with its history.
   */
  result(): Promise<Output>;

  /** All events up to now. */
  history(): Promise<HistoryEvent[]>;
  /** What is known of it now: status, steps, what it waits for. */
  state(): Promise<Execution>;
  /** Why it is where it is, in a sentence. */
  explain(): Promise<Explanation>;
  /** What its handlers logged. */
  logs(): Promise<LogItem[]>;
  /** Those that its steps started, in order. */
  children(): Promise<ExecutionHandle[]>;

  /**
   * The state, as soon as the condition holds for it.
   *
   *     await run.waitFor(({ waitingFor }) => waitingFor.some(({ kind }) => kind === "signal"));
   *
   * @throws Error when the execution closes and the condition still does not hold.
   */
  waitFor(condition: (state: Execution) => boolean): Promise<Execution>;

  /** Kept, if nobody waits for it yet. */
  signal(name: string, payload?: unknown): Promise<void>;

  /** Those that wait for a decision. */
  approvals(): Promise<RequestedApproval[]>;
  /**
   * Decides the approval of that id, or the one of that node, which is waited for; inside maps of all items, the first
   * that is pending.
   */
  approve(approval: string, decision?: Decision): Promise<void>;
  reject(approval: string, decision?: Decision): Promise<void>;

  /** `compensate` undoes completed steps before it closes. */
  cancel(options?: { reason?: string; compensate?: boolean }): Promise<void>;
  /** Ends it at once; nothing is undone. */
  terminate(options?: { reason?: string }): Promise<void>;
  /** What comes is recorded, and nothing follows from it until it is resumed. */
  pause(options?: { reason?: string }): Promise<void>;
  resume(options?: { reason?: string }): Promise<void>;
  /** A failed or timed-out execution goes on: what failed, or with `fromNode` that node and all after it, run anew. */
  retry(options?: { fromNode?: string; input?: unknown; reason?: string }): Promise<void>;
  /** A new execution whose history begins as a copy of this one's. */
  fork(options: ForkHandleOptions): Promise<ExecutionHandle<Output>>;
}
