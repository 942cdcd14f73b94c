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

  it("takes each round of a poll for a dispatch, and waits between them", () => {
    const nextAt = new Date(START + 1000).toISOString();
    const { rows } = history(
      started,
      [0, "StepScheduled", { ...dispatch(1), round: 1 }],
      [100, "StepPolled", { ...step, round: 1, output: 0, nextAt, queuedMs: 0, ranMs: 100 }],
      [1000, "StepScheduled", { ...dispatch(1), round: 2 }],
      [1100, "StepCompleted", { ...step, queuedMs: 0, ranMs: 100 }],
    );
    expect(spansOf(rows[0])).toEqual([
      ["queued", 0, 0, null],
      ["running", 0, 100, "completed"],
      ["waiting", 100, 1000, null],
      ["queued", 1000, 1000, null],
      ["running", 1000, 1100, "completed"],
    ]);
    expect(rows[0]?.attempts.map(({ number, round }) => [number, round])).toEqual([
      [1, 1],
      [1, 2],
    ]);
  });

  it("ends a dispatch with the wait that its handler asked for", () => {
    const resumeAt = new Date(START + 5000).toISOString();
    const { rows, busy } = history(
      started,
      [0, "StepScheduled", dispatch(1)],
      [10, "SleepStarted", { ...step, resumeAt, directive: { then: "resume", name: "n" }, queuedMs: 4, ranMs: 6 }],
      [5000, "SleepCompleted", step],
      [5000, "StepScheduled", { ...dispatch(1), taskId: "tsk_2", resumed: true }],
      [5100, "ApprovalRequested", { ...step, approvalId: "apr_1" }],
    );
    expect(spansOf(rows[0])).toEqual([
      ["queued", 0, 4, null],
      ["running", 4, 10, "completed"],
      ["sleeping", 10, 5000, null],
      ["queued", 5000, 5100, "completed"],
      ["waiting", 5100, null, null],
    ]);
    expect(rows[0]).toMatchObject({ status: "waiting" });
    expect(busy).toBe(0);
  });

  it("shows how long a step waits for a person, a signal, a child, and its items", () => {
    const expiresAt = new Date(START + 9000).toISOString();
    const child = { executionId: "exe_1", workflow: "c", version: 1, hash: "h", wait: true };
    const { rows } = history(
      started,
      [0, "ApprovalRequested", { node: "ask", iteration: 1, approvalId: "apr_1", expiresAt }],
      [0, "SignalAwaited", { node: "paid", iteration: 1, signal: "paid" }],
      [0, "ChildStarted", { node: "child", iteration: 1, ...child }],
      [0, "MapStarted", { node: "each", iteration: 1, count: 0 }],
      [
        5,
        "ApprovalDecided",
        { node: "ask", iteration: 1, approvalId: "apr_1", decision: "rejected", decidedBy: "user:u" },
      ],
      [5, "StepCompleted", { node: "ask", iteration: 1, port: "rejected" }],
      [6, "SignalReceived", { signal: "paid" }],
      [6, "SignalConsumed", { node: "paid", iteration: 1, signal: "paid", received: 8 }],
      [6, "StepCompleted", { node: "paid", iteration: 1, output: 1 }],
      [7, "ChildClosed", { node: "child", iteration: 1, executionId: "exe_1", status: "failed" }],
      [7, "StepFailed", { node: "child", iteration: 1, error }],
      [8, "MapCompleted", { node: "each", iteration: 1, completed: 0, failed: 0 }],
      [8, "StepCompleted", { node: "each", iteration: 1, output: [] }],
    );
    expect(rows.map((row) => [row.key, row.status, row.port, ...(spansOf(row) ?? [])])).toEqual([
      ["ask", "completed", "rejected", ["waiting", 0, 5, null]],
      ["paid", "completed", "success", ["waiting", 0, 6, null]],
      ["child", "failed", "error", ["waiting", 0, 7, null]],
      ["each", "completed", "success", ["waiting", 0, 8, null]],
    ]);
    expect(rows[0]?.spans[0]?.dueAt).toBe(START + 9000);
  });

  it("says where a step led back to", () => {
    const { rows } = history(
      started,
      [0, "StepScheduled", dispatch(1)],
      [1, "StepCompleted", { ...step, port: "again" }],
      [1, "LoopTaken", { ...step, port: "again", to: "charge", turn: 2 }],
      [1, "StepScheduled", { ...dispatch(1), iteration: 2 }],
    );
    expect(rows.map(({ key, loop }) => [key, loop])).toEqual([
      ["charge", { to: "charge", turn: 2 }],
      ["charge#2", null],
    ]);
  });

  it("shows a completed step that is undone, and that it has completed all the same", () => {
    const retryAt = new Date(START + 300).toISOString();
    const { rows, busy } = history(
      started,
      [0, "StepScheduled", dispatch(1)],
      [10, "StepCompleted", { ...step, output: 1 }],
      [100, "CompensationScheduled", { ...dispatch(1), taskId: "tsk_2" }],
      [200, "CompensationFailed", { ...step, attempt: 1, error, retryAt, queuedMs: 0, ranMs: 100 }],
      [300, "CompensationScheduled", { ...dispatch(2), taskId: "tsk_3" }],
      [400, "CompensationCompleted", { ...step, attempt: 2, queuedMs: 0, ranMs: 100 }],
    );
    expect(rows[0]).toMatchObject({ status: "completed", endedAt: START + 10, output: { json: 1 }, error: null });
    expect(rows[0]?.attempts).toHaveLength(1);
    expect(rows[0]?.compensation).toMatchObject({ status: "completed", error: null });
    expect(rows[0]?.compensation?.attempts.map(({ outcome }) => outcome)).toEqual(["failed", "completed"]);
    expect(spansOf(rows[0])?.slice(1)).toEqual([
      ["queued", 100, 100, null],
      ["running", 100, 200, "failed"],
      ["backoff", 200, 300, null],
      ["queued", 300, 300, null],
      ["running", 300, 400, "completed"],
    ]);
    expect(busy).toBe(0);
  });

  it("ends a compensation that was out when the execution was terminated", () => {
    const { rows, busy, closedAt, cancelReason } = history(
      started,
      [0, "StepCompleted", step],
      [1, "CompensationScheduled", { ...dispatch(1), taskId: "tsk_2" }],
      [2, "ExecutionTerminated", { reason: "enough", taskId: "tsk_2" }],
    );
    expect(rows[0]?.compensation?.attempts[0]).toMatchObject({ outcome: "cancelled", endedAt: START + 2 });
    expect([busy, closedAt, cancelReason]).toEqual([0, START + 2, "enough"]);
  });

  it("opens again what a retry of the execution opens again", () => {
    const model = history(
      started,
      [0, "StepScheduled", dispatch(1)],
      [1, "StepAttemptFailed", { ...step, attempt: 1, error, retryAt: null }],
      [1, "StepFailed", { ...step, error }],
      [1, "ExecutionFailed", { code: "DECLINED", message: "no", node: "charge" }],
      [500, "ExecutionRetried", {}],
      [500, "StepScheduled", dispatch(2)],
    );
    expect(model).toMatchObject({ closedAt: null, error: null, busy: 1, input: { json: { a: 1 } } });
    expect(model.rows).toHaveLength(1);
    expect(model.rows[0]).toMatchObject({ status: "scheduled", endedAt: null, port: null });
    expect(model.gaps.at(-1)).toEqual({ from: START + 500, to: START + 500 });
  });

  it("leaves behind what was open in the execution that a fork copies", () => {
    const forked = { source: "exe_1", at: 3, version: 2, hash: "h", overrides: { a: { output: 9 } } };
    const { rows, busy } = history(
      started,
      [0, "StepCompleted", { node: "a", iteration: 1, output: 1 }],
      [0, "StepScheduled", dispatch(1)],
      [700, "ExecutionForked", forked],
      [700, "StepScheduled", { ...dispatch(2), taskId: "tsk_9" }],
    );
    expect(rows.map(({ key, status, output }) => [key, status, output])).toEqual([
      ["a", "completed", { json: 9 }],
      ["charge", "scheduled", null],
    ]);
    expect(rows[1]?.attempts.map(({ outcome }) => outcome)).toEqual(["cancelled", null]);
    expect(busy).toBe(1);
  });

  it("waits no longer for what was left behind, until it comes to it anew", () => {
    const forked = { source: "exe_1", at: 2, version: 2, hash: "h" };
    const slept = { node: "nap", iteration: 1, resumeAt: new Date(START + 3_600_000).toISOString() };
    const before = history(started, [0, "SleepStarted", slept], [700, "ExecutionForked", forked]);
    expect(before.rows[0]).toMatchObject({ status: "pending", endedAt: START + 700, spans: [{ to: START + 700 }] });
    const anew = history(
      started,
      [0, "SleepStarted", slept],
      [700, "ExecutionForked", forked],
      [700, "SleepStarted", slept],
    );
    expect(anew.rows[0]).toMatchObject({ status: "waiting", endedAt: null });
  });

  it("keeps the input of an execution that started later than it was scheduled", () => {
    const startAt = new Date(START + 60_000).toISOString();
    const start = { workflow: "w", version: 1, hash: "h" };
    const scheduled = history([0, "ExecutionScheduled", { ...start, input: { a: 1 }, startAt }]);
    expect(scheduled).toMatchObject({ startedAt: null, input: { json: { a: 1 } }, gaps: [] });
    const later = history(
      [0, "ExecutionScheduled", { ...start, input: { a: 1 }, startAt }],
      [60_000, "ExecutionStarted", start],
    );
    expect(later).toMatchObject({ startedAt: START + 60_000, input: { json: { a: 1 } } });
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

  it("folds a hundred thousand events within three seconds of work, however busy the machine is", () => {
    const model = emptyTimeline();
    const at = new Date(START).toISOString();
    const before = process.cpuUsage();
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
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(3000);
  });
});
