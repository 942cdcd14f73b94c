/** Tasks: what they are handed, how they are tried again, and how they fail. */
import { expect } from "vitest";
import { port } from "@/worker-sdk/src/dsl/directives";
import { NonRetryableError } from "@/worker-sdk/src/errors";
import { type Behaviour, edges, failing, flow, loop, task } from "../behaviour";

export const tasks: Behaviour[] = [
  {
    name: "steps run one after another, and each is handed what its input says",
    rules: [1, 11],
    given: {
      definitions: flow(
        "tasks_chain",
        [task("a", { input: { n: "=input.n" } }), task("b", { input: "=steps.a.output + 1" })],
        edges("a > b"),
      ),
      handlers: { a: ({ n }: { n: number }) => n * 2, b: (n: number) => n },
      input: { n: 3 },
    },
    then: (told) => {
      expect(told.types).toEqual([
        "ExecutionStarted",
        "StepScheduled",
        "StepCompleted",
        "StepScheduled",
        "StepCompleted",
        "ExecutionCompleted",
      ]);
      expect(told.output).toEqual({ b: 7 });
    },
  },
  {
    name: "a failed attempt is tried again once its back-off is over, and no earlier",
    rules: [4, 12],
    given: {
      definitions: flow("tasks_retry", [
        task("a", { retry: { maxAttempts: 3, initialInterval: "1s", backoff: 2, jitter: 0 } }),
      ]),
      handlers: { a: failing("BUSY", "BUSY") },
    },
    then: (told) => {
      expect(told.all("StepAttemptFailed").map(({ data }) => data.retryAt)).toEqual(["+1000", "+3000"]);
      expect(told.all("StepScheduled").map(({ at, data }) => [at, data.attempt])).toEqual([
        ["+0", 1],
        ["+1000", 2],
        ["+3000", 3],
      ]);
      expect(told.status).toBe("completed");
    },
  },
  {
    name: "the last attempt that fails, fails the step, then the execution",
    rules: [4],
    given: {
      definitions: flow(
        "tasks_spent",
        [task("a", { retry: { maxAttempts: 2, jitter: 0 } }), task("b")],
        edges("a > b"),
      ),
      handlers: { a: failing("BUSY", "WORSE", "NEVER") },
    },
    then: (told) => {
      expect(told.all("StepAttemptFailed").map(({ data }) => [data.error.code, data.retryAt])).toEqual([
        ["BUSY", "+1000"],
        ["WORSE", null],
      ]);
      expect(told.endings).toEqual(["a failed"]);
      expect(told.failure).toEqual({ code: "WORSE", node: "a" });
    },
  },
  {
    name: "an error marked as not retryable, by handler or by policy, is the last",
    rules: [4],
    given: {
      definitions: flow(
        "tasks_not_retryable",
        [task("a"), task("b", { retry: { nonRetryable: ["STOLEN"] } }), task("c")],
        edges("a.error > b", "b.error > c"),
      ),
      handlers: {
        a: () => {
          throw new NonRetryableError("no use", { code: "NO_USE" });
        },
        b: failing("STOLEN"),
      },
    },
    then: (told) => {
      expect(told.count("StepScheduled")).toBe(3);
      expect([told.error("a").code, told.error("b").code]).toEqual(["NO_USE", "STOLEN"]);
      expect(told.endings).toEqual(["a failed", "b failed", "c completed"]);
    },
  },
  {
    name: "an error edge is taken once the step failed for good, never by a single attempt, and sees the error",
    rules: [4],
    given: {
      definitions: flow(
        "tasks_error_edge",
        [
          task("a", { retry: { maxAttempts: 2, initialInterval: "5s", jitter: 0 } }),
          task("ok"),
          task("undo", { input: "=steps.a.error.code + ' ' + steps.a.status" }),
        ],
        edges("a > ok", "a.error > undo"),
      ),
      handlers: { a: failing("BUSY", "BUSY"), undo: (input) => input },
    },
    then: (told) => {
      expect(told.one("StepScheduled", "undo").at).toBe("+5000");
      expect(told.endings).toEqual(["a failed", "ok skipped", "undo completed"]);
      expect(told.output).toEqual({ undo: "BUSY failed" });
    },
  },
  {
    name: "an attempt timeout uses up an attempt",
    rules: [4],
    given: {
      definitions: flow("tasks_attempt_timeout", [
        task("a", { timeout: { attempt: "30s" }, retry: { maxAttempts: 2, initialInterval: "1s", jitter: 0 } }),
      ]),
      held: ["a"],
    },
    then: (told) => {
      expect(told.all("StepAttemptFailed").map(({ at, data }) => [at, data.error.code])).toEqual([
        ["+30000", "ATTEMPT_TIMEOUT"],
        ["+61000", "ATTEMPT_TIMEOUT"],
      ]);
      expect(told.failure?.code).toBe("ATTEMPT_TIMEOUT");
    },
  },
  {
    name: "a worker that falls silent loses its attempt to the heartbeat timeout",
    rules: [4],
    given: {
      definitions: flow("tasks_heartbeat", [
        task("a", { timeout: { heartbeat: "5s" }, retry: { maxAttempts: 2, initialInterval: "1s", jitter: 0 } }),
      ]),
      held: ["a"],
      silent: true,
    },
    when: async (run) => {
      await run.pass(6_000);
      await run.release("a");
    },
    then: (told) => {
      expect(told.one("StepAttemptFailed").data.error.code).toBe("HEARTBEAT_TIMEOUT");
      expect(told.status).toBe("completed");
    },
  },
  {
    name: "a lease that nobody renews uses up an attempt",
    rules: [4],
    only: "engine",
    given: {
      definitions: flow("tasks_lease", [task("a", { retry: { maxAttempts: 2, initialInterval: "1s", jitter: 0 } })]),
      held: ["a"],
      silent: true,
    },
    when: async (run) => {
      await run.pass(11_000);
      await run.release("a");
    },
    then: (told) => {
      expect(told.one("StepAttemptFailed").data).toMatchObject({ error: { code: "LEASE_EXPIRED" }, retryAt: "+11000" });
      expect(told.status).toBe("completed");
    },
  },
  {
    name: "the total timeout runs from the first dispatch over back-off and all attempts",
    rules: [4],
    given: {
      definitions: flow("tasks_total_timeout", [
        task("a", {
          timeout: { total: "10s" },
          retry: { maxAttempts: 9, initialInterval: "4s", backoff: 1, jitter: 0 },
        }),
      ]),
      handlers: { a: failing(...Array(9).fill("BUSY")) },
    },
    then: (told) => {
      expect(told.all("StepScheduled").map(({ at }) => at)).toEqual(["+0", "+4000", "+8000"]);
      expect(told.one("StepFailed")).toMatchObject({ at: "+10000", data: { error: { code: "TOTAL_TIMEOUT" } } });
    },
  },
  {
    name: "a total timeout ends a task under way, whatever it would have answered",
    rules: [4],
    given: {
      definitions: flow(
        "tasks_total_underway",
        [task("a", { timeout: { total: "10s" } }), task("late")],
        edges("a.error > late"),
      ),
      held: ["a"],
    },
    when: async (run) => {
      await run.pass(10_000);
      await run.release("a");
    },
    then: (told) => {
      expect(told.endings).toEqual(["a failed", "late completed"]);
      expect(told.one("StepAttemptFailed", "a").data).toMatchObject({
        error: { code: "TOTAL_TIMEOUT" },
        retryAt: null,
      });
    },
  },
  {
    name: "a task that waits too long in its queue fails its step at once",
    rules: [4],
    given: {
      definitions: flow("tasks_queue_timeout", [
        task("first", { concurrencyKey: "k" }),
        task("second", { concurrencyKey: "k", timeout: { queue: "20s" } }),
      ]),
      held: ["first"],
    },
    when: async (run) => {
      await run.pass(20_000);
    },
    then: (told) => {
      expect(told.one("StepAttemptFailed", "second")).toMatchObject({
        at: "+20000",
        data: { error: { code: "QUEUE_TIMEOUT" }, retryAt: null },
      });
      expect(told.endings).toEqual(["second failed", "first cancelled"]);
    },
  },
  {
    name: "a task without input is handed the execution's input and the nearest outputs before it",
    rules: [1],
    given: {
      definitions: flow(
        "tasks_default_input",
        [
          task("a"),
          task("b"),
          { id: "c", type: "choice", cases: [{ port: "yes", when: "true" }] },
          { id: "nap", type: "sleep", duration: "1s" },
          { id: "d", type: "task", task: "d" },
        ],
        edges("a > b > c", "c.yes > nap", "nap > d"),
      ),
      handlers: { d: (input) => input },
      input: { who: "Ada" },
    },
    then: (told) => expect(told.output).toEqual({ d: { input: { who: "Ada" }, steps: { b: "b" } } }),
  },
  {
    name: "a handler chooses an extra port, and the others are dead",
    rules: [1],
    given: {
      definitions: flow(
        "tasks_ports",
        [task("a", { ports: ["spam"] }), task("b"), task("c", { input: "=steps.a.output" })],
        edges("a > b", "a.spam > c"),
      ),
      handlers: { a: () => port("spam", { score: 9 }), c: (input) => input },
    },
    then: (told) => {
      expect(told.one("StepCompleted", "a").data.port).toBe("spam");
      expect(told.endings).toEqual(["a completed", "b skipped", "c completed"]);
      expect(told.output).toEqual({ b: undefined, c: { score: 9 } });
    },
  },
  {
    name: "a port that the step does not have fails it, and is not tried again",
    rules: [4],
    given: {
      definitions: flow("tasks_unknown_port", [task("a")]),
      handlers: { a: () => port("nowhere") },
    },
    then: (told) => {
      expect(told.failure).toEqual({ code: "UNKNOWN_PORT", node: "a" });
      expect(told.count("StepScheduled")).toBe(1);
    },
  },
  {
    name: "all attempts of a step share an idempotency key, and each iteration has its own",
    rules: [1, 3],
    given: {
      definitions: flow(
        "tasks_keys",
        [task("a", { ports: ["again"], retry: { initialInterval: "1s", jitter: 0 } })],
        [loop("a", "again", "a", { carry: "=steps.a.output" })],
      ),
      handlers: {
        a: (_: unknown, { attempt, iteration, idempotencyKey }) => {
          if (attempt === 1) throw Object.assign(new Error("the first"), { details: idempotencyKey });
          return iteration === 1 ? port("again", idempotencyKey) : idempotencyKey;
        },
      },
    },
    then: (told) => {
      const failed = told.all("StepAttemptFailed").map(({ data }) => data.error.details);
      const passed = told.outputs("a");
      expect(failed).toEqual(passed);
      expect(new Set(passed).size).toBe(2);
    },
  },
];
