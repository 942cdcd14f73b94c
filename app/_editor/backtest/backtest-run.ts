/**
 * A backtest of a draft as it stood when it was begun: reads the newest executions a few at a time, replays each beside the
 * page, and keeps what came of it while one looks at other parts of the editor. Knows no React.
 */
import { ApiError } from "@/lib/client/api";
import { listRecorded, readRecording } from "@/lib/client/recordings";
import type { Definition } from "@/lib/contract/definition";
import type { ExecutionStatus, ExecutionSummary } from "@/lib/contract/executions";
import type { BacktestResult } from "@/lib/editor/backtest/backtest";
import type { Recording } from "@/lib/editor/backtest/recording";
import type { EditorStore } from "../store";
import { Replayer } from "./replayer";

/** `long`: more events than anybody waits for. `unread`: the server did not give its history. */
export type RowResult = BacktestResult | { readonly unplayable: "long" | "unread" };

export interface BacktestRow {
  readonly execution: ExecutionSummary;
  readonly result: RowResult;
  readonly recording: Recording | null;
}

export interface BacktestState {
  readonly status: "idle" | "running" | "done" | "stopped" | "failed";
  /** What was replayed against; null: nothing yet. */
  readonly definition: Definition | null;
  readonly total: number;
  /** In the order of the list, as far as they have come. */
  readonly rows: readonly BacktestRow[];
  readonly error: Error | null;
}

const IDLE: BacktestState = { status: "idle", definition: null, total: 0, rows: [], error: null };
const AT_ONCE = 4;
const MOST_EVENTS = 20_000;

export class BacktestRun {
  private current: BacktestState = IDLE;
  private readonly listeners = new Set<() => void>();
  private stopping: AbortController | null = null;

  readonly state = (): BacktestState => this.current;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  async start(definition: Definition, statuses: readonly ExecutionStatus[], most: number): Promise<void> {
    this.stopping?.abort();
    const stopping = new AbortController();
    this.stopping = stopping;
    const { signal } = stopping;
    this.set({ ...IDLE, status: "running", definition });
    const replayer = new Replayer();
    try {
      const executions = await listRecorded(definition.name, statuses, most, signal);
      this.set({ total: executions.length });
      await this.work(executions, definition, replayer, signal);
      if (this.stopping === stopping) this.set({ status: "done" });
    } catch (error) {
      if (this.stopping !== stopping) return;
      if (signal.aborted) this.set({ status: "stopped" });
      else this.set({ status: "failed", error: error instanceof Error ? error : new Error(String(error)) });
    } finally {
      replayer.close();
    }
  }

  stop(): void {
    this.stopping?.abort();
  }

  private async work(
    executions: readonly ExecutionSummary[],
    definition: Definition,
    replayer: Replayer,
    signal: AbortSignal,
  ): Promise<void> {
    const rows: BacktestRow[] = [];
    let next = 0;
    const one = async () => {
      for (let at = next++; at < executions.length; at = next++) {
        const execution = executions[at];
        if (execution === undefined) return;
        rows[at] = await rowOf(execution, definition, replayer, signal);
        signal.throwIfAborted();
        this.set({ rows: rows.filter((row) => row !== undefined) });
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, one));
  }

  private set(change: Partial<BacktestState>): void {
    this.current = { ...this.current, ...change };
    for (const listener of this.listeners) listener();
  }
}

async function rowOf(
  execution: ExecutionSummary,
  definition: Definition,
  replayer: Replayer,
  signal: AbortSignal,
): Promise<BacktestRow> {
  if (execution.sequence > MOST_EVENTS) return { execution, result: { unplayable: "long" }, recording: null };
  try {
    const recording = await readRecording(execution.id, signal);
    const { result } = await replayer.replay(definition, recording);
    return { execution, result, recording };
  } catch (error) {
    if (!(error instanceof ApiError) || signal.aborted) throw error;
    return { execution, result: { unplayable: "unread" }, recording: null };
  }
}

const runs = new WeakMap<EditorStore, BacktestRun>();

/** One for each open editor. */
export function backtestOf(store: EditorStore): BacktestRun {
  const run = runs.get(store) ?? new BacktestRun();
  runs.set(store, run);
  return run;
}
