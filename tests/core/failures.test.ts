/** Failures: what is tried again and when, what ends a step for good, and what that does to the execution. */
import { describe, expect, it } from "vitest";
import type { TaskNode } from "@/lib/contract/definition";
import { edges, given, tasks } from "./support/execution";

const task = (more: Partial<TaskNode> = {}): TaskNode => ({ id: "a", type: "task", task: "a", ...more });

describe("an attempt that failed", () => {
  it("is tried again after its back-off, under a new task id", () => {
    const execution = given({ nodes: [task()] })
      .start()
      .fail("a");
    expect(execution.of("StepAttemptFailed")[0]?.data.retryAt).toBe("2030-01-01T00:00:01.000Z");
    expect(execution.state.status).toBe("waiting");
    execution.wakeAfter(999);
    expect(execution.of("StepScheduled")).toHaveLength(1);
    execution.wakeAfter(1);
    const [first, second] = execution.of("StepScheduled").map(({ data }) => data);
    expect(second).toMatchObject({ attempt: 2 });
    expect(second?.taskId).not.toBe(first?.taskId);
    expect(second).not.toHaveProperty("input");
  });

  it("waits longer each time, up to the longest interval", () => {
    const retry = { maxAttempts: 5, initialInterval: "1s", backoff: 3, maxInterval: "10s", jitter: 0 };
    const execution = given({ nodes: [task({ retry })] }).start();
    const waits: number[] = [];
    for (const expected of [1000, 3000, 9000, 10_000]) {
      execution.fail("a");
      waits.push((execution.step("a").wait?.at ?? 0) - execution.now);
      execution.wakeAfter(expected);
    }
    expect(waits).toEqual([1000, 3000, 9000, 10_000]);
  });

  it("has its jitter frozen in the event", () => {
    const retry = { jitter: 0.2, initialInterval: "10s" };
    const early = given({ nodes: [task({ retry })] }).start();
    early.random = 0;
    const late = given({ nodes: [task({ retry })] }).start();
    late.random = 0.999_999;
    expect(early.fail("a").of("StepAttemptFailed")[0]?.data.retryAt).toBe("2030-01-01T00:00:08.000Z");
    expect(late.fail("a").of("StepAttemptFailed")[0]?.data.retryAt).toBe("2030-01-01T00:00:12.000Z");
  });

  it("fails the step and the execution when it was the last", () => {
    const execution = given({ nodes: [task({ retry: { maxAttempts: 2 } }), ...tasks("b")] }).start();
    execution
      .fail("a")
      .wakeAfter(1000)
      .fail("a", { code: "WORSE", details: { at: 1 } });
    expect(execution.story().slice(-4)).toEqual([
      "StepAttemptFailed a",
      "StepFailed a",
      "StepCancelled b",
      "ExecutionFailed",
    ]);
    expect(execution.of("StepAttemptFailed").map(({ data }) => data.retryAt === null)).toEqual([false, true]);
    expect(execution.state.error).toMatchObject({ code: "WORSE", node: "a", details: { at: 1 } });
    expect(execution.of("StepCancelled")[0]?.data).toMatchObject({ why: "EXECUTION_FAILED", taskId: "task-2" });
  });

  it.each([
    ["its code is one that the node names", { code: "CARD_DECLINED" }],
    ["it says so itself", { retryable: false }],
  ])("is not tried again where %s", (_, error) => {
    const execution = given({ nodes: [task({ retry: { nonRetryable: ["CARD_DECLINED"] } })] })
      .start()
      .fail("a", error);
    expect(execution.state.status).toBe("failed");
  });

  it.each(["LEASE_EXPIRED", "HEARTBEAT_TIMEOUT", "ATTEMPT_TIMEOUT"] as const)("is tried again after %s", (code) => {
    const execution = given({ nodes: [task()] })
      .start()
      .expire("a", code);
    expect(execution.step("a")).toMatchObject({ status: "retrying", error: { code } });
  });

  it("is not tried again after QUEUE_TIMEOUT", () => {
    expect(
      given({ nodes: [task()] })
        .start()
        .expire("a", "QUEUE_TIMEOUT").state.error?.code,
    ).toBe("QUEUE_TIMEOUT");
  });

  it("is not tried again where the handler chose a port that there is not", () => {
    for (const port of ["nope", "error"]) {
      const execution = given({ nodes: [task({ ports: ["yes"] })] })
        .start()
        .complete("a", 1, port);
      expect(execution.state.error).toMatchObject({ code: "UNKNOWN_PORT", node: "a" });
      expect(execution.of("StepAttemptFailed")[0]?.data.retryAt).toBeNull();
    }
  });

  it("is not tried again where its output is too large", () => {
    const execution = given({ nodes: [task()] })
      .start()
      .complete("a", "x".repeat(1024 * 1024));
    expect(execution.state.error?.code).toBe("PAYLOAD_TOO_LARGE");
  });

  it("takes its retry policy from the definition's defaults, field by field", () => {
    const execution = given({
      nodes: [task({ retry: { maxAttempts: 2 } })],
      defaults: { retry: { initialInterval: "7s", jitter: 0, maxAttempts: 9 } },
    }).start();
    execution.fail("a");
    expect(execution.step("a").wait?.at).toBe(execution.now + 7000);
    expect(execution.wakeAfter(7000).fail("a").state.status).toBe("failed");
  });
});

describe("a step that failed for good", () => {
  const once = { retry: { maxAttempts: 1 } };

  it("goes on over its error edge, where its error can be read", () => {
    const execution = given({
      nodes: [task(once), { id: "b", type: "task", task: "b", input: "=steps.a.error.code" }, ...tasks("c")],
      edges: edges("a.error>b", "a>c"),
    }).start();
    execution.fail("a", { code: "GONE" });
    expect(execution.statuses()).toEqual({ a: "failed", b: "scheduled", c: "skipped" });
    expect(execution.step("b").input).toEqual({ json: "GONE" });
  });

  it("does not take its error edge while an attempt is left", () => {
    const execution = given({ nodes: [task(), ...tasks("b")], edges: edges("a.error>b") })
      .start()
      .fail("a");
    expect(execution.step("b").status).toBe("pending");
  });

  it("can be told from one that did not run", () => {
    const execution = given({
      nodes: [
        task(once),
        { id: "c", type: "choice", cases: [{ port: "bad", when: "has(steps.a.error)" }] },
        ...tasks("b"),
      ],
      edges: edges("a>c", "a.error>c", "c.bad>b"),
    }).start();
    expect(execution.fail("a").step("b").status).toBe("scheduled");
  });

  it("is one whose expression fails, and the error says where", () => {
    const execution = given({ nodes: [task({ input: { x: { "a/b": "=1 + input.missing" } } })] }).start({});
    expect(execution.story()).toEqual(["ExecutionStarted", "StepFailed a", "ExecutionFailed"]);
    expect(execution.state.error).toMatchObject({
      code: "EXPRESSION_ERROR",
      details: { node: "a", field: "input/x/a~1b", expression: "1 + input.missing", position: 10 },
    });
  });
});

describe("a fail node", () => {
  it("fails the execution with its code and message", () => {
    const execution = given({
      nodes: [{ id: "f", type: "fail", code: "TOO_YOUNG", message: "=input.name + ' is too young'" }, ...tasks("b")],
    }).start({ name: "Bo" });
    expect(execution.state).toMatchObject({
      status: "failed",
      error: { code: "TOO_YOUNG", message: "Bo is too young", node: "f" },
    });
    expect(execution.statuses()).toMatchObject({ f: "failed" });
  });

  it("rethrows the error of another step in that step's name", () => {
    const execution = given({
      nodes: [task({ retry: { maxAttempts: 1 } }), { id: "f", type: "fail", rethrow: "a" }],
      edges: edges("a.error>f"),
    }).start();
    execution.fail("a", { code: "GONE", stack: "at x" });
    expect(execution.state.error).toMatchObject({ code: "GONE", stack: "at x", node: "a" });
    expect(execution.of("StepFailed").map(({ data }) => data.node)).toEqual(["a", "f"]);
  });

  it("says so where the step it should rethrow has not failed", () => {
    const execution = given({
      nodes: [...tasks("a"), { id: "f", type: "fail", rethrow: "a" }],
      edges: edges("a>f"),
    }).start();
    expect(execution.complete("a").state.error).toMatchObject({ code: "FAILED", node: "f" });
  });
});
