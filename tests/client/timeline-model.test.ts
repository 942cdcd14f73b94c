/** The timeline says of each step when it was queued, ran, backed off and slept, from the events alone. */
import { describe, expect, it } from "vitest";
import { emptyTimeline, foldTimeline, type Row, stepKey, type TimelineModel } from "@/app/_execution/timeline-model";
import type { EventData, EventType, HistoryEvent } from "@/lib/contract/history";

const START = Date.parse("2026-01-01T00:00:00.000Z");

function history(
  ...entries: { [T in EventType]: [atMs: number, type: T, data: EventData<T>] }[EventType][]
): TimelineModel {
  const model = emptyTimeline();
  for (const [index, [atMs, type, data]] of entries.entries()) {
    const sequence = index + 1;
    const at = new Date(START + atMs).toISOString();
    foldTimeline(model, { sequence, type, at, actor: "engine", command: sequence, data } as HistoryEvent);
  }
  return model;
}

const started = [0, "ExecutionStarted", { workflow: "w", version: 1, hash: "h", input: { a: 1 } }] as [
  number,
  "ExecutionStarted",
  EventData<"ExecutionStarted">,
];
const step = { node: "charge", iteration: 1 };
const dispatch = (attempt: number) => ({
  ...step,
  attempt,
  taskId: `tsk_${attempt}`,
  task: "charge",
  queue: "default",
});
const error = { code: "DECLINED", message: "no" };

function spansOf(row: Row | undefined) {
  return row?.spans.map(({ kind, from, to, outcome }) => [
    kind,
    from - START,
    to === null ? null : to - START,
    outcome,
  ]);
}

describe("timeline model", () => {
  it("splits an attempt where a worker took it", () => {
    const { rows } = history(
      started,
      [10, "StepScheduled", { ...dispatch(1), input: { id: 7 } }],
      [110, "StepCompleted", { ...step, attempt: 1, output: true, worker: "wrk_1", queuedMs: 30, ranMs: 70 }],
    );
    expect(spansOf(rows[0])).toEqual([
      ["queued", 10, 40, null],
      ["running", 40, 110, "completed"],
    ]);
    expect(rows[0]).toMatchObject({
      status: "completed",
      input: { json: { id: 7 } },
      output: { json: true },
      port: "success",
    });
    expect(rows[0]?.attempts[0]).toMatchObject({ worker: "wrk_1", queuedMs: 30, ranMs: 70, outcome: "completed" });
  });

  it("leaves an attempt that nobody has answered open, for the page to lay leases over it", () => {
    const { rows, busy } = history(started, [10, "StepScheduled", dispatch(1)]);
    expect(spansOf(rows[0])).toEqual([["queued", 10, null, null]]);
    expect(busy).toBe(1);
  });

  it("shows back-off between attempts, and forgets the error once an attempt succeeded", () => {
    const retryAt = new Date(START + 1000).toISOString();
    const { rows } = history(
      started,
      [0, "StepScheduled", dispatch(1)],
      [100, "StepAttemptFailed", { ...step, attempt: 1, error, retryAt, queuedMs: 0, ranMs: 100 }],
      [1000, "StepScheduled", dispatch(2)],
      [1200, "StepCompleted", { ...step, attempt: 2, queuedMs: 50, ranMs: 150 }],
    );
    expect(spansOf(rows[0])).toEqual([
      ["queued", 0, 0, null],
      ["running", 0, 100, "failed"],
      ["backoff", 100, 1000, null],
      ["queued", 1000, 1050, null],
      ["running", 1050, 1200, "completed"],
    ]);
    expect(rows[0]?.error).toBeNull();
    expect(rows[0]?.attempts[0]?.error).toEqual(error);
  });

  it("ends a step that failed for good with its error", () => {
    const { rows } = history(
      started,
      [0, "StepScheduled", dispatch(1)],
      [100, "StepAttemptFailed", { ...step, attempt: 1, error, retryAt: null }],
      [100, "StepFailed", { ...step, error }],
      [100, "ExecutionFailed", { code: "DECLINED", message: "no", node: "charge" }],
    );
    expect(rows[0]).toMatchObject({ status: "failed", error, endedAt: START + 100 });
  });

  it("sleeps until it is due, and closes the span when it woke", () => {
    const resumeAt = new Date(START + 5000).toISOString();
    const sleeping = history(started, [0, "SleepStarted", { ...step, resumeAt }]);
    expect(sleeping.rows[0]?.spans[0]).toMatchObject({ kind: "sleeping", to: null, dueAt: START + 5000 });
    const woken = history(
      started,
      [0, "SleepStarted", { ...step, resumeAt }],
      [5010, "SleepCompleted", step],
      [5010, "StepCompleted", step],
    );
    expect(spansOf(woken.rows[0])).toEqual([["sleeping", 0, 5010, null]]);
  });

  it("knows the gaps in which no task was queued or running", () => {
    const { gaps, closedAt } = history(
      started,
      [10, "StepScheduled", dispatch(1)],
      [20, "StepCompleted", step],
      [500, "StepScheduled", { ...dispatch(1), node: "ship" }],
      [510, "StepCompleted", { ...step, node: "ship" }],
      [510, "ExecutionCompleted", {}],
    );
    expect(gaps.map(({ from, to }) => [from - START, (to ?? 0) - START])).toEqual([
      [0, 10],
      [20, 500],
      [510, 510],
    ]);
    expect(closedAt).toBe(START + 510);
  });

  it("keeps rows in the order in which steps started, one for each iteration and item", () => {
    const second = { ...dispatch(1), iteration: 2 };
    const item = { ...dispatch(1), index: [3] };
    const { rows } = history(
      started,
      [0, "StepScheduled", dispatch(1)],
      [1, "StepScheduled", second],
      [2, "StepScheduled", item],
    );
    expect(rows.map((row) => row.key)).toEqual(["charge", "charge#2", "charge[3]"]);
    expect(stepKey({ node: "charge", iteration: 2, index: [1, 0] })).toBe("charge[1,0]#2");
  });

  it("lets events pass that it does not know", () => {
    const model = history(started);
    const newer = {
      sequence: 2,
      type: "StepTeleported",
      at: new Date(START).toISOString(),
      actor: "engine",
      command: 2,
      data: {},
    };
    foldTimeline(model, newer as unknown as HistoryEvent);
    expect(model.rows).toEqual([]);
  });

  it("folds a hundred thousand events within three seconds, on a busy machine too", () => {
    const model = emptyTimeline();
    const at = new Date(START).toISOString();
    const startedAt = performance.now();
    for (let sequence = 1; sequence <= 100_000; sequence += 2) {
      const data = { ...dispatch(1), node: `n${sequence}` };
      foldTimeline(model, { sequence, type: "StepScheduled", at, actor: "engine", command: sequence, data });
      const done = { node: data.node, iteration: 1, queuedMs: 1, ranMs: 1 };
      foldTimeline(model, {
        sequence: sequence + 1,
        type: "StepCompleted",
        at,
        actor: "engine",
        command: sequence,
        data: done,
      });
    }
    expect(model.rows).toHaveLength(50_000);
    expect(performance.now() - startedAt).toBeLessThan(3000);
  });
});
