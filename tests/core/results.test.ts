/** Answers to tasks: the first counts, repeats are told from late ones, and late ones leave a bounded trace. */
import { describe, expect, it } from "vitest";
import { edges, given, tasks } from "./support/execution";

const two = () => given({ nodes: tasks("a", "b"), edges: edges("a>b") }).start();

describe("an answer", () => {
  it("that repeats the recorded one is a duplicate and changes nothing", () => {
    const execution = two();
    const answer = execution.answer("a");
    execution.complete("a", 1);
    const before = execution.state;
    expect(execution.reply({ type: "complete-task", ...answer, output: 1 })).toBe("duplicate");
    expect(execution.reply({ type: "fail-task", ...answer, error: { code: "X", message: "" } })).toBe("duplicate");
    expect(execution.state).toBe(before);
  });

  it("under another lease than the recorded one is stale, and the history says so once", () => {
    const execution = two();
    const answer = { ...execution.answer("a"), lease: "old", worker: "wrk_1" };
    execution.complete("a", 1);
    expect(execution.reply({ type: "complete-task", ...answer, output: 2 })).toBe("stale");
    expect(execution.reply({ type: "complete-task", ...answer, output: 2 })).toBe("stale");
    expect(execution.of("ResultRejected").map(({ data }) => data)).toMatchObject([{ lease: "old", worker: "wrk_1" }]);
  });

  it("after its attempt expired is stale, even under the lease that expired", () => {
    const execution = two();
    const answer = execution.answer("a");
    execution.expire("a", "LEASE_EXPIRED");
    expect(execution.reply({ type: "complete-task", ...answer, output: 1 })).toBe("stale");
    execution.wakeAfter(1000);
    expect(execution.reply({ type: "complete-task", ...answer, output: 1 })).toBe("stale");
    expect(execution.step("a").status).toBe("scheduled");
  });

  it("for a task that the history does not know writes nothing", () => {
    const execution = two();
    const answer = { step: { ordinal: 0 }, taskId: "task-99", lease: "l" };
    expect(execution.do({ type: "complete-task", ...answer, output: 1 })).toMatchObject({
      reply: "unknown-task",
      events: [],
    });
    expect(execution.reply({ type: "complete-task", ...answer, step: { ordinal: 99 }, output: 1 })).toBe(
      "unknown-task",
    );
    expect(execution.reply({ type: "reject-result", ...answer, why: "dead" })).toBe("unknown-task");
  });

  it("that the host knows to be dead is rejected while the step goes on waiting", () => {
    const execution = two();
    const answer = { ...execution.answer("a"), lease: "released" };
    expect(execution.reply({ type: "reject-result", ...answer, why: "The lease was given to another." })).toBe("stale");
    expect(execution.of("ResultRejected")).toHaveLength(1);
    expect(execution.complete("a").step("a").status).toBe("completed");
  });

  it("leaves at most ten traces a step", () => {
    const execution = two();
    const answer = execution.answer("a");
    execution.complete("a");
    for (let i = 0; i < 25; i++) execution.do({ type: "complete-task", ...answer, lease: `l${i}`, output: 1 });
    expect(execution.of("ResultRejected")).toHaveLength(10);
  });

  it("after the close is judged by what is recorded, and writes nothing", () => {
    const execution = given({ nodes: tasks("a", "b") }).start();
    const [a, b] = [execution.answer("a"), execution.answer("b")];
    execution.complete("a").cancel();
    const before = execution.state;
    expect(execution.reply({ type: "complete-task", ...a, output: null })).toBe("duplicate");
    expect(execution.reply({ type: "complete-task", ...b, output: null })).toBe("stale");
    expect(execution.state).toBe(before);
  });

  it("carries worker, queue time and run time into the event that ends the attempt", () => {
    const execution = two();
    const ran = { worker: "wrk_1", queuedMs: 5, ranMs: 7 };
    execution.do({ type: "complete-task", ...execution.answer("a"), ...ran, output: 1 });
    expect(execution.of("StepCompleted", "a")[0]?.data).toMatchObject({ ...ran, attempt: 1, taskId: "task-1" });
  });
});

describe("an expiry", () => {
  it("of a task that no longer counts is stale and leaves no trace", () => {
    const execution = two();
    const { step, taskId } = execution.answer("a");
    execution.complete("a");
    const decided = execution.do({ type: "expire-task", step, taskId, code: "LEASE_EXPIRED" });
    expect(decided).toMatchObject({ reply: "stale", events: [] });
  });
});

describe("a host", () => {
  it("that starts an execution twice, or asks before the start, has a bug", () => {
    expect(() => two().start()).toThrow();
    expect(() => given({ nodes: tasks("a") }).do({ type: "wake" })).toThrow();
  });
});
