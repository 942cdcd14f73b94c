/** Maps: places, order, failures, and what an item sees. */
import { expect } from "vitest";
import type { MapNode } from "@/lib/contract/definition";
import { type Behaviour, body, echo, edges, failing, flow, ONCE, task, transform } from "../behaviour";

const map = (items: MapNode["items"], of: MapNode["body"], more: Partial<MapNode> = {}): MapNode => ({
  id: "each",
  type: "map",
  items,
  body: of,
  ...more,
});

export const maps: Behaviour[] = [
  {
    name: "a map gives its items' outputs in item order, whichever ends first",
    rules: [5],
    given: {
      definitions: flow("map_order", [map("=input", { task: "work", input: "=[item, index]" })]),
      handlers: { work: echo },
      input: ["a", "b", "c"],
      held: ["each/each.item[0]"],
    },
    when: async (run) => {
      await run.settle();
      await run.release("each/each.item[0]");
    },
    then: (told) => {
      expect(told.order("StepCompleted").slice(0, 3)).toEqual([
        "each/each.item[1]",
        "each/each.item[2]",
        "each/each.item[0]",
      ]);
      expect(told.output).toEqual({
        each: [
          ["a", 0],
          ["b", 1],
          ["c", 2],
        ],
      });
    },
  },
  {
    name: "a map of nothing completes with an empty list",
    rules: [5],
    given: { definitions: flow("map_empty", [map([], { task: "work" })]) },
    then: (told) => expect(told.output).toEqual({ each: [] }),
  },
  {
    name: "items that are no list fail the map",
    rules: [5],
    given: { definitions: flow("map_no_list", [map("=input", { task: "work" })]), input: { no: "list" } },
    then: (told) => expect(told.failure).toEqual({ code: "EXPRESSION_ERROR", node: "each" }),
  },
  {
    name: "no more items than places have a task at once, and the next begins when one is free",
    rules: [5],
    given: {
      definitions: flow("map_places", [map([1, 2, 3, 4], { task: "work" }, { concurrency: 2 })]),
      held: ["each/each.item[0]", "each/each.item[1]"],
    },
    when: async (run) => {
      await run.settle();
      expect((await run.told()).count("StepScheduled")).toBe(2);
      await run.release("each/each.item[1]");
      await run.release("each/each.item[0]");
    },
    then: (told) => {
      expect(told.order("StepScheduled")).toEqual([0, 1, 2, 3].map((item) => `each/each.item[${item}]`));
      expect(told.status).toBe("completed");
    },
  },
  {
    name: "an item that sleeps gives its place up, and goes on before new items and in item order",
    rules: [5],
    given: {
      definitions: flow("map_sleepers", [
        map(
          [1, 2, 3, 4],
          body([task("a"), { id: "nap", type: "sleep", duration: "10s" }, task("b")], edges("a > nap > b")),
          { concurrency: 1 },
        ),
      ]),
      held: ["each/a[3]"],
    },
    when: async (run) => {
      await run.pass(10_000);
      await run.release("each/a[3]");
      await run.finish();
    },
    then: (told) => {
      expect(told.order("StepScheduled")).toEqual([
        "each/a[0]",
        "each/a[1]",
        "each/a[2]",
        "each/a[3]",
        "each/b[0]",
        "each/b[1]",
        "each/b[2]",
        "each/b[3]",
      ]);
    },
  },
  {
    name: "with stop the first failed item cancels the open ones, and the map fails with its error and index",
    rules: [5, 4],
    given: {
      definitions: flow(
        "map_stop",
        [
          map([1, 2, 3], { task: "work", ...ONCE, input: "=item" }),
          transform("caught", "=steps.each.error.details.index"),
        ],
        edges("each.error > caught"),
      ),
      handlers: {
        work: (item: number) => {
          if (item === 2) throw Object.assign(new Error("two"), { code: "TWO" });
          return item;
        },
      },
      held: ["each/each.item[2]"],
    },
    then: (told) => {
      expect(told.endings).toEqual([
        "each/each.item[0] completed",
        "each/each.item[1] failed",
        "each/each.item[2] cancelled",
        "each failed",
        "caught completed",
      ]);
      expect(told.error("each")).toMatchObject({ code: "MAP_FAILED", details: { index: 1, error: { code: "TWO" } } });
      expect(told.output).toEqual({ caught: 1 });
    },
  },
  {
    name: "with continue a map always succeeds, and tells of each item",
    rules: [5],
    given: {
      definitions: flow("map_continue", [
        map([1, 2], { task: "work", ...ONCE, input: "=item" }, { failure: "continue" }),
      ]),
      handlers: {
        work: (item: number) => {
          if (item === 1) throw Object.assign(new Error("one"), { code: "ONE" });
          return item;
        },
      },
    },
    then: (told) => {
      expect(told.one("MapCompleted").data).toMatchObject({ completed: 1, failed: 1 });
      expect(told.outputs("each")).toMatchObject([
        [
          { status: "failed", error: { code: "ONE", message: "one" } },
          { status: "completed", output: 2 },
        ],
      ]);
    },
  },
  {
    name: "a body sees the steps around it as they stood when the map began, its own, and the outer item",
    rules: [5],
    given: {
      definitions: flow(
        "map_nested",
        [
          task("before"),
          map(
            ["x", "y"],
            body(
              [
                {
                  id: "inner",
                  type: "map",
                  items: "=[1, 2]",
                  body: body(
                    [transform("t", "=[steps.before.output, outer.item, outer.index, item, index]")],
                    [],
                    "=steps.t.output",
                  ),
                },
              ],
              [],
              "=steps.inner.output",
            ),
          ),
        ],
        edges("before > each"),
      ),
    },
    then: (told) => {
      expect(told.output).toEqual({
        each: [
          [
            ["before", "x", 0, 1, 0],
            ["before", "x", 0, 2, 1],
          ],
          [
            ["before", "y", 1, 1, 0],
            ["before", "y", 1, 2, 1],
          ],
        ],
      });
      expect(told.all("StepCompleted", "each/inner/t[1,0]")).toHaveLength(1);
    },
  },
  {
    name: "an error edge inside the body takes an item's failure",
    rules: [4, 5],
    given: {
      definitions: flow("map_error_inside", [
        map([1, 2], body([task("a", ONCE), transform("cope", "=index")], edges("a.error > cope"))),
      ]),
      handlers: { a: failing("BROKEN") },
    },
    then: (told) => expect(told.output).toEqual({ each: [{ cope: 0 }, { cope: 1 }] }),
  },
  {
    name: "a task in a body without input is handed the item, its index and the outputs before it",
    rules: [5],
    given: {
      definitions: flow("map_default_input", [
        map(["x"], body([task("a"), { id: "b", type: "task", task: "b" }], edges("a > b"))),
      ]),
      handlers: { b: echo },
      input: { n: 1 },
    },
    then: (told) =>
      expect(told.output).toEqual({ each: [{ b: { input: { n: 1 }, item: "x", index: 0, steps: { a: "a" } } }] }),
  },
  {
    name: "while paused no item begins, and on resuming they begin in item order",
    rules: [5, 9],
    given: {
      definitions: flow("map_paused", [map([1, 2, 3], { task: "work" }, { concurrency: 1 })]),
      held: ["each/each.item[0]"],
    },
    when: async (run) => {
      await run.settle();
      await run.pause();
      await run.release("each/each.item[0]");
      expect((await run.told()).count("StepScheduled")).toBe(1);
      await run.resume();
      await run.finish();
    },
    then: (told) => {
      expect(told.order("StepScheduled")).toEqual([0, 1, 2].map((item) => `each/each.item[${item}]`));
      expect(told.status).toBe("completed");
    },
  },
];
