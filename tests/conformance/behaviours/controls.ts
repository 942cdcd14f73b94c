/** What is done to executions from outside: paused, cancelled, tried again, forked. */
import { expect } from "vitest";
import { port } from "@/worker-sdk/src/dsl/directives";
import { type Behaviour, echo, edges, failing, flow, loop, ONCE, refusal, task, transform } from "../behaviour";

export const controls: Behaviour[] = [
  {
    name: "a paused execution records what comes and lets nothing follow; resuming judges it in order",
    rules: [9],
    given: {
      definitions: flow(
        "pause",
        [
          task("a"),
          { id: "nap", type: "sleep", duration: "10s" },
          { id: "wait", type: "signal", signal: "go" },
          task("after_a"),
          task("after_nap"),
          task("after_wait"),
        ],
        edges("a > after_a", "nap > after_nap", "wait > after_wait"),
      ),
      held: ["a"],
    },
    when: async (run) => {
      await run.settle();
      await run.pause();
      await run.signal("go");
      await run.pass(10_000);
      await run.release("a");
      expect((await run.told()).endings).toEqual(["wait completed", "nap completed", "a completed"]);
      await run.resume();
      await run.finish();
    },
    then: (told) => {
      expect(told.order("StepScheduled")).toEqual(["a", "after_wait", "after_nap", "after_a"]);
      expect(told.one("ExecutionResumed").data.pausedMs).toBe(10_000);
    },
  },
  {
    name: "of an any join whose edges came while it was paused, the first by sequence wins",
    rules: [2, 9],
    given: {
      definitions: flow(
        "pause_any",
        [task("a"), task("b"), transform("j", "=steps.a.status", { join: "any" })],
        edges("a > j", "b > j"),
      ),
      held: ["a", "b"],
    },
    when: async (run) => {
      await run.settle();
      await run.pause();
      await run.release("b");
      await run.release("a");
      await run.resume();
      await run.finish();
    },
    then: (told) => {
      expect(told.endings).toEqual(["b completed", "a completed", "j completed"]);
      expect(told.count("StepCancelled")).toBe(0);
    },
  },
  {
    name: "a loop that was ended on while paused is taken on resuming",
    rules: [3, 9],
    given: {
      definitions: flow(
        "pause_loop",
        [task("a", { ports: ["again"] })],
        [loop("a", "again", "a", { carry: "=steps.a.output" })],
      ),
      handlers: { a: (_: unknown, { iteration }) => (iteration === 1 ? port("again", "carried") : "done") },
      held: ["a"],
    },
    when: async (run) => {
      await run.settle();
      await run.pause();
      await run.release("a");
      expect((await run.told()).count("LoopTaken")).toBe(0);
      await run.resume();
      await run.finish();
    },
    then: (told) => {
      expect(told.one("LoopTaken").data.value).toBe("carried");
      expect(told.outputs("a")).toEqual(["carried", "done"]);
    },
  },
  {
    name: "no retry is dispatched and no failure closes a paused execution",
    rules: [4, 9],
    given: {
      definitions: flow("pause_failure", [task("a", { retry: { maxAttempts: 2, initialInterval: "1s", jitter: 0 } })]),
      handlers: { a: failing("ONE", "TWO") },
    },
    when: async (run) => {
      await run.settle();
      await run.pause();
      await run.pass(5_000);
      expect((await run.told()).count("StepScheduled")).toBe(1);
      await run.resume();
      await run.finish();
    },
    then: (told) => {
      expect(told.all("StepScheduled").map(({ at }) => at)).toEqual(["+0", "+5000"]);
      expect(told.failure?.code).toBe("TWO");
    },
  },
  {
    name: "the execution's timeout runs while it is paused",
    rules: [9],
    given: {
      definitions: flow("pause_timeout", [{ id: "wait", type: "signal", signal: "go" }], [], { timeout: "1h" }),
    },
    when: async (run) => {
      await run.pause();
      await run.finish();
    },
    then: (told) => expect([told.status, told.events.at(-1)?.at]).toEqual(["timed_out", "+3600000"]),
  },
  {
    name: "resuming moves a queue deadline by the pause",
    rules: [9],
    given: {
      definitions: flow("pause_queue", [
        task("first", { concurrencyKey: "pq" }),
        task("second", { concurrencyKey: "pq", timeout: { queue: "20s" } }),
      ]),
      held: ["first"],
    },
    when: async (run) => {
      await run.pass(10_000);
      await run.pause();
      await run.pass(60_000);
      await run.resume();
      await run.pass(10_000);
    },
    then: (told) =>
      expect(told.one("StepAttemptFailed")).toMatchObject({ at: "+80000", data: { error: { code: "QUEUE_TIMEOUT" } } }),
  },
  {
    name: "cancel ends every step at once, and the execution takes no further command",
    rules: [9],
    given: {
      definitions: flow("cancel", [task("a"), { id: "nap", type: "sleep", duration: "1d" }]),
      held: ["a"],
    },
    when: async (run) => {
      await run.settle();
      await run.cancel({ reason: "enough" });
      expect(await refusal(run.signal("go"))).toBe("EXECUTION_CLOSED");
      expect(await refusal(run.retry())).toBe("NOT_RETRYABLE");
    },
    then: (told) => {
      expect(told.types.slice(-4)).toEqual([
        "ExecutionCancelRequested",
        "StepCancelled",
        "StepCancelled",
        "ExecutionCancelled",
      ]);
    },
  },
  {
    name: "retry opens the failed steps and those that the failure cancelled: same iteration and key, attempts going on",
    rules: [10],
    given: {
      definitions: flow(
        "retry",
        [
          task("a", { retry: { maxAttempts: 2, initialInterval: "1s", jitter: 0 } }),
          { id: "nap", type: "sleep", duration: "1m" },
          transform("j", "=steps.a.output"),
        ],
        edges("a > j", "nap > j"),
      ),
      handlers: {
        a: (_: unknown, { attempt, idempotencyKey }) => {
          if (attempt < 4) throw Object.assign(new Error("not yet"), { code: "NOT_YET", details: idempotencyKey });
          return idempotencyKey;
        },
      },
    },
    when: async (run) => {
      await run.finish();
      await run.retry();
      await run.finish();
    },
    then: (told) => {
      expect(told.all("StepScheduled").map(({ data }) => [data.iteration, data.attempt])).toEqual([
        [1, 1],
        [1, 2],
        [1, 3],
        [1, 4],
      ]);
      const keys = told.all("StepAttemptFailed").map(({ data }) => data.error.details);
      expect(new Set([...keys, ...told.outputs("a")]).size).toBe(1);
      expect(told.all("SleepStarted").map(({ data }) => data.resumeAt)).toEqual(["+60000", "+60000"]);
      expect(told.status).toBe("completed");
    },
  },
  {
    name: "retry from a node gives it and all after it a new iteration and new keys, and may change the input",
    rules: [10],
    given: {
      definitions: flow("retry_from", [task("a"), task("b", { input: "=input" }), task("c", ONCE)], edges("a > b > c")),
      handlers: {
        b: echo,
        c: (_: unknown, { iteration }) => {
          if (iteration === 1) throw Object.assign(new Error("first"), { code: "FIRST" });
          return "second";
        },
      },
      input: "old",
    },
    when: async (run) => {
      await run.settle();
      await run.retry({ fromNode: "b", input: "new" });
      await run.finish();
    },
    then: (told) => {
      expect(told.endings).toEqual(["a completed", "b completed", "c failed", "b#2 completed", "c#2 completed"]);
      expect(told.outputs("b")).toEqual(["old", "new"]);
    },
  },
  {
    name: "a failed map that is retried keeps its completed items",
    rules: [5, 10],
    given: {
      definitions: flow("retry_map", [
        { id: "each", type: "map", items: [1, 2, 3], concurrency: 1, body: { task: "work", ...ONCE, input: "=item" } },
      ]),
      handlers: {
        work: (item: number, { attempt }) => {
          if (item === 2 && attempt === 1) throw Object.assign(new Error("two"), { code: "TWO" });
          return item;
        },
      },
    },
    when: async (run) => {
      await run.finish();
      await run.retry();
      await run.finish();
    },
    then: (told) => {
      expect(told.order("StepScheduled")).toEqual([0, 1, 1, 2].map((item) => `each/each.item[${item}]`));
      expect(told.output).toEqual({ each: [1, 2, 3] });
    },
  },
  {
    name: "retry opens the step that was rethrown",
    rules: [4, 10],
    given: {
      definitions: flow(
        "retry_rethrow",
        [task("a", ONCE), { id: "again", type: "fail", rethrow: "a" }],
        edges("a.error > again"),
      ),
      handlers: { a: failing("ONE") },
    },
    when: async (run) => {
      await run.finish();
      await run.retry();
      await run.finish();
    },
    then: (told) => {
      expect(told.all("StepScheduled", "a").map(({ data }) => data.attempt)).toEqual([1, 2]);
      expect(told.status).toBe("completed");
    },
  },
  {
    name: "a fork goes on from a copy, with other outputs where it says so, new keys and the rest of a sleep",
    rules: [10],
    given: {
      definitions: flow(
        "fork",
        [task("a"), { id: "nap", type: "sleep", duration: "1m" }, transform("t", "=[steps.a.output, input]")],
        edges("a > nap > t"),
      ),
      input: "old",
    },
    when: async (run) => {
      await run.settle();
      await run.pass(10_000);
      const forked = await run.fork({ at: "SleepStarted", input: "new", overrides: { a: { output: "other" } } });
      await forked.finish();
    },
    then: (told, [forked]) => {
      expect(told.output).toEqual({ t: ["a", "old"] });
      expect(forked?.output).toEqual({ t: ["other", "new"] });
      expect(forked?.all("SleepStarted").map(({ data }) => data.resumeAt)).toEqual(["+60000", "+60000"]);
      expect(forked?.count("ExecutionForked")).toBe(1);
    },
  },
  {
    name: "a fork of a closed execution begins before what closed it, and keeps a map's completed items",
    rules: [5, 10],
    given: {
      definitions: flow("fork_map", [
        { id: "each", type: "map", items: [1, 2], concurrency: 1, body: { task: "work", ...ONCE, input: "=item" } },
      ]),
      handlers: {
        work: (item: number, { attempt }) => {
          if (item === 2 && attempt === 1) throw Object.assign(new Error("two"), { code: "TWO" });
          return item;
        },
      },
    },
    when: async (run) => {
      await run.finish();
      const forked = await run.fork({ at: "ExecutionFailed" });
      await forked.finish();
    },
    then: (told, [forked]) => {
      expect([told.status, forked?.status]).toEqual(["failed", "failed"]);
      expect(forked?.order("StepScheduled").filter((place) => place === "each/each.item[0]")).toHaveLength(1);
    },
  },
  {
    name: "a start in the future is only scheduled, begins when due, and its timeout runs from then",
    rules: [12],
    given: {
      definitions: flow("scheduled", [{ id: "nap", type: "sleep", duration: "1d" }], [], { timeout: "1h" }),
      options: { startInMs: 60_000 },
      input: 1,
    },
    then: (told) => {
      expect(told.types.slice(0, 3)).toEqual(["ExecutionScheduled", "ExecutionStarted", "SleepStarted"]);
      expect(told.one("ExecutionStarted").at).toBe("+60000");
      expect(told.one("ExecutionTimedOut").at).toBe("+3660000");
    },
  },
  {
    name: "cancelled before it began, it closes at once",
    rules: [9],
    given: { definitions: flow("scheduled_cancelled", [task("a")]), options: { startInMs: 60_000 } },
    when: async (run) => {
      await run.cancel();
      await run.finish();
    },
    then: (told) =>
      expect(told.types).toEqual(["ExecutionScheduled", "ExecutionCancelRequested", "ExecutionCancelled"]),
  },
  {
    name: "terminate ends all at once, and undoes nothing",
    rules: [9],
    given: {
      definitions: flow("terminated", [task("a", { compensate: { task: "undo_a" } }), task("b")], edges("a > b")),
      held: ["b"],
    },
    when: async (run) => {
      await run.settle();
      await run.terminate();
    },
    then: (told) => {
      expect(told.status).toBe("terminated");
      expect(told.count("CompensationScheduled")).toBe(0);
    },
  },
];
