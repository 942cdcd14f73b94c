/** Ways back: bodies that run again, what is carried, and edges that leave them. */
import { expect } from "vitest";
import { port } from "@/worker-sdk/src/dsl/directives";
import { type Behaviour, body, echo, edges, flow, type Handler, loop, ONCE, task, transform } from "../behaviour";

/** Goes back until its n-th iteration. */
const until =
  (n: number): Handler =>
  (input: unknown, { iteration }) =>
    iteration < n ? port("again", iteration) : input;

const again = { ports: ["again"] };

export const loops: Behaviour[] = [
  {
    name: "a loop runs its body anew, with the iteration counted up and what was carried",
    rules: [3],
    given: {
      definitions: flow(
        "loop_carry",
        [
          task("a", { input: { turn: "=loop.iteration", value: "=loop.value" } }),
          task("b", again),
          transform("after", "=steps.a.output"),
        ],
        [...edges("a > b", "b > after"), loop("b", "again", "a", { carry: "='from ' + string(steps.b.output)" })],
      ),
      handlers: { a: echo, b: until(3) },
    },
    then: (told) => {
      expect(told.outputs("a")).toEqual([
        { turn: 1, value: null },
        { turn: 2, value: "from 1" },
        { turn: 3, value: "from 2" },
      ]);
      expect(told.all("LoopTaken").map(({ data }) => [data.to, data.turn, data.value])).toEqual([
        ["a", 2, "from 1"],
        ["a", 3, "from 2"],
      ]);
      expect(told.endings.at(-1)).toBe("after completed");
      expect(told.output).toEqual({ after: { turn: 3, value: "from 2" } });
    },
  },
  {
    name: "at its limit the step does not complete but fails, with its output in the details",
    rules: [3],
    given: {
      definitions: flow(
        "loop_limit",
        [task("a", again), transform("caught", "=steps.a.error.details")],
        [...edges("a.error > caught"), loop("a", "again", "a", { maxIterations: 3 })],
      ),
      handlers: { a: until(99) },
    },
    then: (told) => {
      expect(told.endings).toEqual(["a completed", "a#2 completed", "a#3 failed", "caught completed"]);
      expect(told.error("a")).toMatchObject({ code: "LOOP_LIMIT", details: { output: 3 } });
    },
  },
  {
    name: "where error itself leads back, its limit is a failure that nothing takes",
    rules: [3, 4],
    given: {
      definitions: flow("loop_error_limit", [task("a", ONCE)], [loop("a", "error", "a", { maxIterations: 2 })]),
      handlers: {
        a: () => {
          throw Object.assign(new Error("never"), { code: "NEVER" });
        },
      },
    },
    then: (told) => {
      expect(told.endings).toEqual(["a failed", "a#2 failed"]);
      expect(told.all("StepFailed").map(({ data }) => [data.error.code, data.unrouted])).toEqual([
        ["NEVER", undefined],
        ["LOOP_LIMIT", true],
      ]);
      expect(told.failure).toEqual({ code: "LOOP_LIMIT", node: "a" });
    },
  },
  {
    name: "a carry that cannot be computed fails the step before anything is reset",
    rules: [3],
    given: {
      definitions: flow(
        "loop_carry_broken",
        [task("a"), task("b", again), transform("caught", "=steps.a.output + ' ' + steps.b.error.code")],
        [...edges("a > b", "b.error > caught"), loop("b", "again", "a", { carry: "=steps.b.output.nowhere" })],
      ),
      handlers: { b: until(2) },
    },
    then: (told) => {
      expect(told.output).toEqual({ caught: "a EXPRESSION_ERROR" });
      expect(told.count("LoopTaken")).toBe(0);
    },
  },
  {
    name: "open steps of the body are cancelled by the way back, and run again",
    rules: [3],
    given: {
      definitions: flow(
        "loop_cancels",
        [task("a"), task("slow"), task("b", again), transform("j", 1)],
        [...edges("a > slow > j", "a > b > j"), loop("j", "error", "a"), loop("b", "again", "a")],
      ),
      handlers: { b: until(2) },
      held: ["slow"],
    },
    when: async (run) => {
      await run.settle();
      await run.release("slow");
    },
    then: (told) => {
      expect(told.endings).toEqual([
        "a completed",
        "b completed",
        "slow cancelled",
        "a#2 completed",
        "b#2 completed",
        "slow#2 completed",
        "j#2 completed",
      ]);
    },
  },
  {
    name: "edges that leave a body are held until no step of it is open, and dropped by a way back",
    rules: [3],
    given: {
      definitions: flow(
        "loop_held",
        [task("a"), task("choose", { ports: ["leave"] }), task("b", again), task("left"), task("end")],
        [...edges("a > choose > b", "a > b", "choose.leave > left", "b > end"), loop("b", "again", "a")],
      ),
      handlers: { choose: (_: unknown, { iteration }) => (iteration === 2 ? "stays" : port("leave")), b: until(3) },
      held: ["b"],
    },
    when: async (run) => {
      await run.settle();
      expect((await run.told()).endings).toEqual(["a completed", "choose completed"]);
      await run.release("b");
    },
    then: (told) => {
      expect(told.order("StepScheduled")).toEqual([
        "a",
        "choose",
        "b",
        "a",
        "choose",
        "b",
        "a",
        "choose",
        "b",
        "left",
        "end",
      ]);
      expect(told.count("StepScheduled", "left")).toBe(1);
    },
  },
  {
    name: "an inner loop counts anew in each turn of the outer one, and sees it as loop.outer",
    rules: [3],
    given: {
      definitions: flow(
        "loop_nested",
        [
          task("outer", { input: "=loop.iteration" }),
          task("inner", { ...again, input: "=[loop.iteration, loop.outer.iteration, loop.outer.value]" }),
          task("close", again),
        ],
        [
          ...edges("outer > inner > close"),
          loop("inner", "again", "inner", { maxIterations: 2 }),
          loop("close", "again", "outer", { carry: "='turn ' + string(loop.iteration)" }),
        ],
      ),
      handlers: {
        outer: echo,
        inner: (input: [number, number, unknown]) => (input[0] < 2 ? port("again", input) : input),
        close: until(2),
      },
    },
    then: (told) => {
      expect(told.outputs("inner")).toEqual([
        [1, 1, null],
        [2, 1, null],
        [1, 2, "turn 1"],
        [2, 2, "turn 1"],
      ]);
      expect(told.endings.filter((ending) => ending.startsWith("inner"))).toEqual([
        "inner completed",
        "inner#2 completed",
        "inner#3 completed",
        "inner#4 completed",
      ]);
    },
  },
  {
    name: "of nested bodies the inner one delivers first, and an edge out of both is held by each",
    rules: [3],
    given: {
      definitions: flow(
        "loop_nested_held",
        [task("outer"), task("inner", again), task("side"), task("close", again), task("after")],
        [
          ...edges("outer > inner > close", "outer > side > close", "close > after"),
          loop("inner", "again", "inner"),
          loop("close", "again", "outer"),
        ],
      ),
      handlers: { inner: (_: unknown, { iteration }) => (iteration % 2 === 1 ? port("again") : "in"), close: until(2) },
      held: ["side"],
    },
    when: async (run) => {
      await run.settle();
      expect((await run.told()).endings).toEqual(["outer completed", "inner completed", "inner#2 completed"]);
      await run.release("side");
    },
    then: (told) => {
      expect(told.order("StepScheduled")).toEqual([
        "outer",
        "inner",
        "side",
        "inner",
        "close",
        "outer",
        "inner",
        "side",
        "inner",
        "close",
        "after",
      ]);
      expect(told.output).toEqual({ after: "after" });
    },
  },
  {
    name: "the target of a loop runs without a look at its join",
    rules: [3],
    given: {
      definitions: flow(
        "loop_join",
        [task("a"), task("b"), task("j", { input: "=loop.iteration" }), task("check", again)],
        [...edges("a > j", "b > j", "j > check"), loop("check", "again", "j")],
      ),
      handlers: { j: echo, check: until(2) },
    },
    then: (told) => {
      expect(told.outputs("j")).toEqual([1, 2]);
      expect(told.count("StepScheduled", "a")).toBe(1);
    },
  },
  {
    name: "a loop inside a map's item turns that item only",
    rules: [3, 5],
    given: {
      definitions: flow("loop_in_map", [
        {
          id: "each",
          type: "map",
          items: [1, 2],
          body: body(
            [task("try", { ...again, input: "=item" }), transform("done", "=[item, steps.try.iteration]")],
            [...edges("try > done"), loop("try", "again", "try")],
          ),
        },
      ]),
      handlers: { try: (item: number, { iteration }) => (iteration <= item - 1 ? port("again") : item) },
    },
    then: (told) => {
      expect(told.endings).toEqual([
        "each/try[0] completed",
        "each/done[0] completed",
        "each/try[1] completed",
        "each/try[1]#2 completed",
        "each/done[1] completed",
        "each completed",
      ]);
      expect(told.output).toEqual({ each: [{ done: [1, 1] }, { done: [2, 2] }] });
    },
  },
  {
    name: "a map inside a loop's body begins anew in each turn, its items with higher iterations",
    rules: [3, 5],
    given: {
      definitions: flow(
        "map_in_loop",
        [
          transform("list", "=loop.iteration == 1 ? [1, 2, 3] : [9]"),
          { id: "each", type: "map", items: "=steps.list.output", body: { task: "work", input: "=item" } },
          task("check", again),
        ],
        [...edges("list > each > check"), loop("check", "again", "list")],
      ),
      handlers: { work: echo, check: until(2) },
    },
    then: (told) => {
      expect(told.outputs("each")).toEqual([[1, 2, 3], [9]]);
      expect(told.all("StepCompleted", "each/each.item[0]").map(({ data }) => data.iteration)).toEqual([1, 2]);
    },
  },
  {
    name: "a failure inside the body that its error edge leads back from starts the body anew",
    rules: [3, 4],
    given: {
      definitions: flow(
        "loop_on_error",
        [task("a"), task("b", { ...ONCE, input: "=loop.value" })],
        [...edges("a > b"), loop("b", "error", "a", { carry: "=steps.b.error.code" })],
      ),
      handlers: {
        b: (value: unknown, { iteration }) => {
          if (iteration === 1) throw Object.assign(new Error("once"), { code: "ONCE" });
          return value;
        },
      },
    },
    then: (told) => {
      expect(told.endings).toEqual(["a completed", "b failed", "a#2 completed", "b#2 completed"]);
      expect(told.outputs("b")).toEqual(["ONCE"]);
    },
  },
];
