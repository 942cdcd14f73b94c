/** What the engine counts. The server hands in counters that Prometheus reads; tests may hand in none. */

export interface EngineMetrics {
  executionStarted(workflow: string): void;
  /** `status` is the one it closed with. */
  executionClosed(status: string, workflow: string): void;
  /** A step of any type ended, by its outcome. */
  stepEnded(outcome: "completed" | "failed" | "skipped" | "cancelled"): void;
  /** One for each task handed out: how long it had been ready. */
  tasksLeased(waitedMs: readonly number[]): void;
  /** A dispatch ended with a result, so long after its lease. */
  taskRan(ranMs: number): void;
  /** What came due in an execution was applied so long after its time. */
  woken(latenessMs: number): void;
  /** One committed flush of the one door. */
  flushed(flush: { commands: number; events: number; tasksLeased: number; durationMs: number }): void;
  /** A flush that had to be decided again, split, or whose outcome is unknown. */
  flushTroubled(kind: "conflict" | "split" | "unknown" | "failed"): void;
  leaseExpired(count: number): void;
}

export const noMetrics: EngineMetrics = {
  executionStarted() {},
  executionClosed() {},
  stepEnded() {},
  tasksLeased() {},
  taskRan() {},
  woken() {},
  flushed() {},
  flushTroubled() {},
  leaseExpired() {},
};
