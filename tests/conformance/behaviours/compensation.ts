/** What failed, timed out or was cancelled undoes what it completed. */
import { expect } from "vitest";
import { port } from "@/worker-sdk/src/dsl/directives";
import { type Behaviour, body, echo, edges, failing, flow, loop, ONCE, refusal, task } from "../behaviour";

const undoable = (id: string, more = {}) => task(id, { compensate: { task: `undo_${id}` }, ...more });

export const compensation: Behaviour[] = [
  {
    name: "a failed execution undoes its completed steps, the latest completion first, over maps and iterations",
    rules: [6],
    given: {
      definitions: flow(
        "undo_order",
        [
          undoable("a", { ports: ["again"] }),
          { id: "each", type: "map", items: [1, 2], body: body([undoable("b", { input: "=item" })]) },
          task("c", ONCE),
        ],
        [...edges("a > each > c"), loop("a", "again", "a")],
      ),
      handlers: {
        a: (_: unknown, { iteration }) => (iteration === 1 ? port("again", 1) : 2),
        b: echo,
        c: failing("BROKEN"),
      },
      held: ["each/b[0]"],
    },
    when: async (run) => {
      await run.settle();
      await run.release("each/b[0]");
    },
    then: (told) => {
      expect(told.all("CompensationScheduled").map(({ data }) => [data.node, data.index?.[0], data.iteration])).toEqual(
        [
          ["each/b", 0, 1],
          ["each/b", 1, 1],
          ["a", undefined, 2],
          ["a", undefined, 1],
        ],
      );
      expect(told.failure).toEqual({ code: "BROKEN", node: "c" });
    },
  },
  {
    name: "what a compensation is given was frozen when its step completed; without input it is the step's own",
    rules: [6],
    given: {
      definitions: flow(
        "undo_input",
        [
          task("a", { input: 1, compensate: { task: "undo_a", input: { was: "=steps.a.output" } } }),
          undoable("b", { input: 2 }),
          task("c", ONCE),
        ],
        edges("a > b > c"),
      ),
      handlers: { a: echo, b: echo, c: failing("BROKEN") },
    },
    then: (told) =>
      expect(told.all("CompensationScheduled").map(({ data }) => data.input)).toEqual([
        { input: 2, output: 2 },
        { was: 1 },
      ]),
  },
  {
    name: "a compensation is tried again, and one that fails for good does not keep the next from running",
    rules: [6],
    given: {
      definitions: flow(
        "undo_fails",
        [
          undoable("a"),
          task("b", { compensate: { task: "undo_b", retry: { maxAttempts: 2, initialInterval: "1s", jitter: 0 } } }),
          task("c", ONCE),
        ],
        edges("a > b > c"),
      ),
      handlers: { c: failing("BROKEN"), undo_b: failing("X", "Y", "Z") },
    },
    then: (told) => {
      expect(told.all("CompensationFailed").map(({ data }) => [data.error.code, data.retryAt])).toEqual([
        ["X", "+1000"],
        ["Y", null],
      ]);
      expect(told.order("CompensationCompleted")).toEqual(["a"]);
      expect(told.failure?.code).toBe("BROKEN");
    },
  },
  {
    name: "an input that cannot be computed makes that compensation fail, not its step",
    rules: [6],
    given: {
      definitions: flow(
        "undo_input_broken",
        [task("a", { compensate: { task: "undo_a", input: "=steps.a.output.nowhere" } }), task("c", ONCE)],
        edges("a > c"),
      ),
      handlers: { c: failing("BROKEN") },
    },
    then: (told) => {
      expect(told.endings[0]).toBe("a completed");
      expect(told.one("CompensationFailed").data.error.code).toBe("EXPRESSION_ERROR");
      expect(told.failure?.code).toBe("BROKEN");
    },
  },
  {
    name: "a step that never completed is not undone",
    rules: [6, 9, 10],
    given: {
      definitions: flow("undo_controls", [undoable("a"), task("c", ONCE)], edges("a > c")),
      handlers: { c: failing("BROKEN") },
      held: ["a"],
    },
    when: async (run) => {
      await run.settle();
      await run.cancel({ compensate: true });
      await run.settle();
    },
    then: (told) => {
      expect(told.endings).toEqual(["a cancelled"]);
      expect(told.count("CompensationScheduled")).toBe(0);
      expect(told.status).toBe("cancelled");
    },
  },
  {
    name: "while it is undone, pause is refused and cancel changes nothing, and terminate stops it",
    rules: [6, 9],
    given: {
      definitions: flow(
        "undo_controls_late",
        [
          undoable("z"),
          task("a", { compensate: { task: "undo_a", retry: { maxAttempts: 2, initialInterval: "1m", jitter: 0 } } }),
          task("c", ONCE),
        ],
        edges("z > a > c"),
      ),
      handlers: { c: failing("BROKEN"), undo_a: failing("X") },
    },
    when: async (run) => {
      await run.settle();
      expect(await refusal(run.pause())).toBe("COMPENSATING");
      await run.cancel();
      await run.pass(1_000);
      await run.terminate();
      await run.finish();
    },
    then: (told) => {
      expect(told.order("CompensationScheduled", "CompensationCompleted")).toEqual(["a"]);
      expect(told.count("ExecutionCancelRequested")).toBe(1);
      expect(told.status).toBe("terminated");
    },
  },
  {
    name: "cancel with compensation undoes while paused, too",
    rules: [6, 9],
    given: {
      definitions: flow("undo_paused", [undoable("a"), task("b")], edges("a > b")),
      held: ["b"],
    },
    when: async (run) => {
      await run.settle();
      await run.pause();
      await run.cancel({ compensate: true, reason: "over" });
      await run.finish();
    },
    then: (told) => {
      expect(told.order("CompensationCompleted")).toEqual(["a"]);
      expect(told.endings).toEqual(["a completed", "b cancelled"]);
      expect(told.status).toBe("cancelled");
    },
  },
  {
    name: "an execution that was undone cannot be retried in place",
    rules: [6],
    given: {
      definitions: flow("undo_terminated", [undoable("a"), task("c", ONCE)], edges("a > c")),
      handlers: { c: failing("BROKEN") },
    },
    when: async (run) => {
      await run.settle();
      expect(await refusal(run.terminate())).toBe("EXECUTION_CLOSED");
      expect(await refusal(run.retry())).toBe("COMPENSATED");
    },
    then: (told) => expect(told.status).toBe("failed"),
  },
  {
    name: "a timed-out execution is undone as well",
    rules: [6],
    given: {
      definitions: flow(
        "undo_timeout",
        [undoable("a"), { id: "nap", type: "sleep", duration: "1d" }],
        edges("a > nap"),
        { timeout: "1h" },
      ),
    },
    then: (told) => {
      expect(told.order("CompensationCompleted", "ExecutionTimedOut")).toEqual(["a", "ExecutionTimedOut"]);
      expect(told.endings).toEqual(["a completed", "nap cancelled"]);
    },
  },
];
