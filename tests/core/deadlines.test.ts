/** Timeouts, wakes and cancels: what ends an execution or a step from outside its workers. */
import { describe, expect, it } from "vitest";
import type { TaskNode } from "@/lib/contract/definition";
import { wakeAt } from "@/lib/core/execution/deadlines";
import { effects } from "@/lib/core/execution/effects";
import { waitingFor } from "@/lib/core/execution/waiting-for";
import { edges, given, START_MS, tasks } from "./support/execution";

const task = (more: Partial<TaskNode> = {}): TaskNode => ({ id: "a", type: "task", task: "a", ...more });

describe("a total timeout", () => {
  const nodes = [task({ timeout: { total: "10s" }, retry: { maxAttempts: 10, initialInterval: "8s", jitter: 0 } })];

  it("runs from the first dispatch, back-off included, and fails the step for good", () => {
    const execution = given({ nodes }).start();
    expect(execution.of("StepScheduled")[0]?.data.totalTimeoutAt).toBe("2030-01-01T00:00:10.000Z");
    execution.now += 4000;
    execution.fail("a");
    expect(wakeAt(execution.state)).toBe(START_MS + 10_000);
    execution.wakeAfter(6000);
    expect(execution.state.error).toMatchObject({ code: "TOTAL_TIMEOUT", node: "a" });
    expect(execution.of("StepAttemptFailed")).toHaveLength(1);
  });

  it("ends the attempt that is out, whose answer then comes too late", () => {
    const execution = given({ nodes: [...nodes, ...tasks("b")], edges: edges("a.error>b") }).start();
    const answer = execution.answer("a");
    execution.wakeAfter(10_000);
    expect(execution.of("StepAttemptFailed")[0]?.data).toMatchObject({
      error: { code: "TOTAL_TIMEOUT" },
      retryAt: null,
    });
    expect(execution.reply({ type: "complete-task", ...answer, output: 1 })).toBe("stale");
  });

  it("does not stand in the event of a later attempt", () => {
    const execution = given({ nodes: [task({ timeout: { total: "1m" } })] })
      .start()
      .fail("a")
      .wakeAfter(1000);
    expect(execution.of("StepScheduled")[1]?.data).not.toHaveProperty("totalTimeoutAt");
    expect(wakeAt(execution.state)).toBe(START_MS + 60_000);
  });
});

describe("an execution's timeout", () => {
  it("closes it and cancels what is open", () => {
    const execution = given({ nodes: tasks("a", "b"), timeout: "1m" })
      .start()
      .wakeAfter(60_000);
    expect(execution.story().slice(-3)).toEqual(["StepCancelled a", "StepCancelled b", "ExecutionTimedOut"]);
    expect(execution.of("StepCancelled")[0]?.data.why).toBe("EXECUTION_TIMED_OUT");
    expect(execution.state.status).toBe("timed_out");
    expect(wakeAt(execution.state)).toBeNull();
  });

  it("may be set at the start", () => {
    const execution = given({ nodes: tasks("a"), timeout: "1m" }).start(null, { timeoutMs: 5 });
    expect(wakeAt(execution.state)).toBe(START_MS + 5);
  });

  it("comes after what was due before it, when both are applied by one late wake", () => {
    const execution = given({
      nodes: [{ id: "z", type: "sleep", duration: "1s" }, ...tasks("b")],
      edges: edges("z>b"),
      timeout: "2s",
    }).start();
    expect(execution.wakeAfter(3_600_000).story().slice(-5)).toEqual([
      "SleepCompleted z",
      "StepCompleted z",
      "StepScheduled b",
      "StepCancelled b",
      "ExecutionTimedOut",
    ]);
  });
});

describe("a wake", () => {
  it("that comes early decides nothing", () => {
    const execution = given({ nodes: [{ id: "z", type: "sleep", duration: "1s" }] }).start();
    const decided = execution.do({ type: "wake" });
    expect(decided).toMatchObject({ reply: "accepted", events: [] });
  });

  it("applies all that is due, earliest first", () => {
    const nodes = [3, 1, 2].map((seconds) => ({ id: `z${seconds}`, type: "sleep" as const, duration: `${seconds}s` }));
    const execution = given({ nodes }).start().wakeAfter(10_000);
    expect(execution.of("SleepCompleted").map(({ data }) => data.node)).toEqual(["z1", "z2", "z3"]);
  });

  it("is asked for at the earliest of many deadlines, as they come and go", () => {
    const count = 1000;
    const nodes = Array.from({ length: count }, (_, i) => ({
      id: `z${i}`,
      type: "sleep" as const,
      duration: ((i * 7919) % count) + 1,
    }));
    const execution = given({ nodes }).start();
    for (let ms = 1; ms <= count; ms++) {
      expect(wakeAt(execution.state)).toBe(START_MS + ms);
      execution.wakeAfter(1);
    }
    expect(execution.state.status).toBe("completed");
  });

  it("with a clock behind the history writes no event before the last one", () => {
    const execution = given({ nodes: tasks("a") }).start();
    execution.now -= 5000;
    execution.complete("a");
    expect(new Set(execution.events.map(({ at }) => at)).size).toBe(1);
  });
});

describe("a cancel", () => {
  it("cancels open steps at once and drops their tasks", () => {
    const execution = given({ nodes: [...tasks("a", "b"), { id: "z", type: "sleep", duration: "1h" }] }).start();
    execution.complete("a").cancel("enough");
    expect(execution.story().slice(-4)).toEqual([
      "ExecutionCancelRequested",
      "StepCancelled b",
      "StepCancelled z",
      "ExecutionCancelled",
    ]);
    expect(execution.state).toMatchObject({ status: "cancelled", cancelReason: "enough", root: { open: 0 } });
    expect(execution.events.flatMap((event) => effects(event, execution.state)).slice(-3)).toEqual([
      { type: "drop-task", taskId: "task-1" },
      { type: "drop-task", taskId: "task-2" },
      { type: "close" },
    ]);
  });

  it("is refused where the execution is closed", () => {
    const execution = given({ nodes: tasks("a") })
      .start()
      .complete("a");
    expect(execution.reply({ type: "cancel" })).toBe("closed");
    expect(execution.reply({ type: "wake" })).toBe("closed");
  });
});

describe("what an execution waits for", () => {
  it("names sleeps, retries and workers, since when and until when", () => {
    const execution = given({ nodes: [...tasks("a", "b"), { id: "z", type: "sleep", duration: "1h" }] }).start();
    execution.now += 500;
    execution.fail("b");
    expect(waitingFor(execution.state)).toEqual([
      {
        kind: "worker",
        node: "a",
        iteration: 1,
        since: "2030-01-01T00:00:00.000Z",
        detail: "attempt 1 of 3 of a on queue default",
      },
      {
        kind: "retry",
        node: "b",
        iteration: 1,
        since: "2030-01-01T00:00:00.500Z",
        until: "2030-01-01T00:00:01.500Z",
        detail: "attempt 1 of 3 failed: BOOM: it broke",
      },
      {
        kind: "sleep",
        node: "z",
        iteration: 1,
        since: "2030-01-01T00:00:00.000Z",
        until: "2030-01-01T01:00:00.000Z",
        detail: "sleeps",
      },
    ]);
  });
});
