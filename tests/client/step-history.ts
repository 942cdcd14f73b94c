/** Histories of steps by hand: what ran when, folded into a timeline in order of time. */
import { emptyTimeline, foldTimeline, type TimelineModel } from "@/app/_execution/timeline-model";
import type { EventType, HistoryEvent } from "@/lib/contract/history";

interface Place {
  index?: number[];
  iteration?: number;
  attempt?: number;
}

/** Times are milliseconds since the start. */
export class History {
  private readonly events: { ms: number; type: EventType; data: Record<string, unknown> }[] = [];

  constructor() {
    this.at(0, "ExecutionStarted", { workflow: "w", version: 1, hash: "h" });
  }

  get lastMs(): number {
    return Math.max(...this.events.map(({ ms }) => ms));
  }

  at(ms: number, type: EventType, data: Record<string, unknown>): void {
    this.events.push({ ms, type, data });
  }

  schedule(node: string, ms: number, { index, iteration = 1, attempt = 1 }: Place = {}): void {
    const taskId = `tsk_${node}_${ms}`;
    this.at(ms, "StepScheduled", { node, iteration, ...(index && { index }), attempt, taskId, task: node, queue: "q" });
  }

  /** @returns when it ended */
  run(
    node: string,
    ms: number,
    queuedMs: number,
    ranMs: number,
    place: Place = {},
    failure?: { code: string; retryAfterMs: number | null },
  ): number {
    this.schedule(node, ms, place);
    const { index, iteration = 1, attempt = 1 } = place;
    const data = { node, iteration, ...(index && { index }), attempt, queuedMs, ranMs };
    const end = ms + queuedMs + ranMs;
    if (!failure) this.at(end, "StepCompleted", data);
    else {
      const error = { code: failure.code, message: failure.code };
      const retryAt = failure.retryAfterMs === null ? null : new Date(end + failure.retryAfterMs).toISOString();
      this.at(end, "StepAttemptFailed", { ...data, error, retryAt });
      if (retryAt === null) this.at(end, "StepFailed", { node, iteration, ...(index && { index }), error });
    }
    return end;
  }

  undo(node: string, ms: number, ranMs: number): number {
    const data = { node, iteration: 1, attempt: 1 };
    this.at(ms, "CompensationScheduled", { ...data, taskId: `tsk_${node}`, task: "undo", queue: "q" });
    this.at(ms + ranMs, "CompensationCompleted", { ...data, queuedMs: 0, ranMs });
    return ms + ranMs;
  }

  timeline(): TimelineModel {
    const timeline = emptyTimeline();
    const sorted = this.events
      .map((event, order) => ({ ...event, order }))
      .sort((a, b) => a.ms - b.ms || a.order - b.order);
    for (const [at, { ms, type, data }] of sorted.entries())
      foldTimeline(timeline, {
        sequence: at + 1,
        command: at + 1,
        at: new Date(ms).toISOString(),
        actor: "engine",
        type,
        data,
      } as HistoryEvent);
    return timeline;
  }
}
