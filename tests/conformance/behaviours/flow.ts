/** How a graph runs: choices, parallel arms, joins, and those that lose. */
import { expect } from "vitest";
import { port } from "@/worker-sdk/src/dsl/directives";
import { type Behaviour, body, echo, edges, failing, flow, ONCE, task, transform } from "../behaviour";

export const choices: Behaviour[] = [
  {
    name: "of a choice the first case that holds wins, and its other arms are skipped with all that only they lead to",
    rules: [1, 2],
    given: {
      definitions: flow(
        "choice_first",
        [
          {
            id: "size",
            type: "choice",
            cases: [
              { port: "big", when: "input.n > 100" },
              { port: "odd", when: "input.n % 2.0 == 1.0 || input.n > 10" },
            ],
          },
          task("big"),
          task("odd"),
          task("small"),
          task("after_small"),
          transform("join", "=steps.odd.status + steps.small.status"),
        ],
        edges("size.big > big > join", "size.odd > odd > join", "size.otherwise > small > after_small > join"),
      ),
      input: { n: 50 },
    },
    then: (told) => {
      expect(told.one("ChoiceEvaluated").data).toMatchObject({
        port: "odd",
        cases: [
          { port: "big", when: "input.n > 100", result: false, saw: { "input.n": 50 } },
          { port: "odd", result: true },
        ],
      });
      expect(told.endings.filter((ending) => ending.endsWith("skipped")).toSorted()).toEqual([
        "after_small skipped",
        "big skipped",
        "small skipped",
      ]);
      expect(told.output).toEqual({ join: "completedskipped" });
    },
  },
  {
    name: "a choice that nothing holds for ends on otherwise, and without such an edge its path ends there",
    rules: [4, 11],
    given: {
      definitions: flow(
        "choice_none",
        [{ id: "c", type: "choice", cases: [{ port: "yes", when: "false" }] }, task("a"), task("b")],
        edges("c.yes > a > b"),
      ),
    },
    then: (told) => {
      expect(told.endings).toEqual(["c completed", "a skipped", "b skipped"]);
      expect([told.status, told.output]).toEqual(["completed", {}]);
    },
  },
  {
    name: "an expression that fails, fails its step with node, field and position, and its error edge takes it",
    rules: [4],
    given: {
      definitions: flow(
        "choice_broken",
        [
          { id: "c", type: "choice", cases: [{ port: "yes", when: "input.missing > 1" }] },
          transform("caught", "=steps.c.error.code"),
        ],
        edges("c.error > caught"),
      ),
      input: {},
    },
    then: (told) => {
      expect(told.output).toEqual({ caught: "EXPRESSION_ERROR" });
      expect(told.error("c").message).toContain("cases");
      expect(told.count("ChoiceEvaluated")).toBe(0);
    },
  },
  {
    name: "succeed ends the execution at once, with what it says, and cancels what is open",
    rules: [4, 11],
    given: {
      definitions: flow(
        "succeed_now",
        [task("quick"), task("slow"), { id: "done", type: "succeed", output: { by: "=steps.quick.output" } }],
        edges("quick > done"),
      ),
      held: ["slow"],
    },
    then: (told) => {
      expect(told.endings).toEqual(["quick completed", "done completed", "slow cancelled"]);
      expect([told.status, told.output]).toEqual(["completed", { by: "quick" }]);
    },
  },
  {
    name: "fail ends the execution with its code and message",
    rules: [4],
    given: {
      definitions: flow(
        "fail_now",
        [task("a"), { id: "no", type: "fail", code: "='NO_' + steps.a.output", message: "it is so" }],
        edges("a > no"),
      ),
      handlers: { a: () => "USE" },
    },
    then: (told) => {
      expect(told.failure).toEqual({ code: "NO_USE", node: "no" });
      expect(told.endings).toEqual(["a completed", "no failed"]);
    },
  },
];

const race = (join: "any" | number, more = {}) => [
  task("a"),
  task("b"),
  task("c"),
  transform("j", "won", { join, ...more }),
];

export const joins: Behaviour[] = [
  {
    name: "several edges of one port run in parallel, and a join waits for all of them",
    rules: [1, 2],
    given: {
      definitions: flow(
        "join_all",
        [task("start"), task("a"), task("b"), transform("j", "=[steps.a.output, steps.b.output]")],
        edges("start > a > j", "start > b > j"),
      ),
      held: ["a"],
    },
    when: async (run) => {
      await run.settle();
      expect((await run.told()).endings).toEqual(["start completed", "b completed"]);
      await run.release("a");
    },
    then: (told) => expect(told.output).toEqual({ j: ["a", "b"] }),
  },
  {
    name: "an any join runs at the first taken edge, and cancels the steps it no longer needs",
    rules: [2],
    given: {
      definitions: flow("join_any", race("any"), edges("a > j", "b > j", "c > j")),
      held: ["a", "c"],
    },
    then: (told) => {
      expect(told.endings).toEqual(["b completed", "a cancelled", "c cancelled", "j completed"]);
      expect(told.all("StepCancelled").map(({ data }) => data.why)).toEqual(["JOIN_WON", "JOIN_WON"]);
      expect(told.output).toEqual({ j: "won" });
    },
  },
  {
    name: "a loser that was not reached yet is skipped at once, and what leads around the join is no loser",
    rules: [2],
    given: {
      definitions: flow(
        "join_losers",
        [task("a"), task("b", { ports: ["apart"] }), task("b2"), task("after"), transform("j", "won", { join: "any" })],
        edges("a > j > after", "b > b2 > j", "b.apart > after"),
      ),
      held: ["b"],
    },
    when: async (run) => {
      await run.settle();
      expect((await run.told()).endings).toEqual(["a completed", "b2 skipped", "j completed"]);
      await run.release("b");
    },
    then: (told) => {
      expect(told.endings).toEqual(["a completed", "b2 skipped", "j completed", "b completed", "after completed"]);
      expect(told.status).toBe("completed");
    },
  },
  {
    name: "a port without an edge is no path: its step is a loser all the same",
    rules: [2],
    given: {
      definitions: flow(
        "join_port_without_edge",
        [task("a"), task("b", { ports: ["apart"] }), transform("j", 1, { join: "any" })],
        edges("a > j", "b > j"),
      ),
      held: ["b"],
    },
    then: (told) => expect(told.endings).toEqual(["a completed", "b cancelled", "j completed"]),
  },
  {
    name: "keepLosers leaves them running, and the join does not run again",
    rules: [2],
    given: {
      definitions: flow("join_keep", race("any", { keepLosers: true }), edges("a > j", "b > j", "c > j")),
      held: ["b"],
    },
    when: async (run) => {
      await run.settle();
      await run.release("b");
    },
    then: (told) => {
      expect(told.endings).toEqual(["a completed", "j completed", "c completed", "b completed"]);
      expect(told.count("StepCancelled")).toBe(0);
    },
  },
  {
    name: "a join of n runs at the n-th taken edge",
    rules: [2],
    given: { definitions: flow("join_n", race(2), edges("a > j", "b > j", "c > j")), held: ["a"] },
    then: (told) => expect(told.endings).toEqual(["b completed", "c completed", "a cancelled", "j completed"]),
  },
  {
    name: "a join that cannot have its n any more fails once all edges are decided, and never before",
    rules: [2],
    given: {
      definitions: flow(
        "join_unreachable",
        [
          task("a", { ports: ["other"] }),
          task("b"),
          transform("j", 1, { join: 2 }),
          transform("caught", "=steps.j.error.code"),
        ],
        edges("a > j", "b > j", "j.error > caught"),
      ),
      handlers: { a: () => port("other") },
      held: ["b"],
    },
    when: async (run) => {
      await run.settle();
      expect((await run.told()).endings).toEqual(["a completed"]);
      await run.release("b");
    },
    then: (told) => {
      expect(told.endings).toEqual(["a completed", "b completed", "j failed", "caught completed"]);
      expect(told.output).toEqual({ caught: "JOIN_UNREACHABLE" });
    },
  },
  {
    name: "a join of n of which none is taken is skipped",
    rules: [2],
    given: {
      definitions: flow(
        "join_n_none",
        [
          { id: "c", type: "choice", cases: [{ port: "yes", when: "false" }] },
          task("a"),
          task("b"),
          task("d"),
          transform("j", 1, { join: 2 }),
        ],
        edges("c.yes > a > j", "c.yes > b > j", "c.otherwise > d"),
      ),
    },
    then: (told) => {
      expect(told.endings.toSorted()).toEqual(["a skipped", "b skipped", "c completed", "d completed", "j skipped"]);
      expect(told.status).toBe("completed");
    },
  },
  {
    name: "a loser's map is cancelled with all of its items",
    rules: [2, 5],
    given: {
      definitions: flow(
        "join_map_loser",
        [
          task("a"),
          { id: "each", type: "map", items: [1, 2, 3], body: body([task("work")]) },
          transform("j", "won", { join: "any" }),
        ],
        edges("a > j", "each > j"),
      ),
      held: ["each/work", "a"],
    },
    when: async (run) => {
      await run.settle();
      await run.release("a");
    },
    then: (told) => {
      expect(told.endings.toSorted()).toEqual([
        "a completed",
        "each cancelled",
        "each/work[0] cancelled",
        "each/work[1] cancelled",
        "each/work[2] cancelled",
        "j completed",
      ]);
    },
  },
  {
    name: "a failing step cancels the open ones of its scope, and the execution fails with its error",
    rules: [4],
    given: {
      definitions: flow("fail_cancels", [task("a", ONCE), task("b"), { id: "nap", type: "sleep", duration: "1d" }]),
      handlers: { a: failing("BROKEN") },
      held: ["b"],
    },
    then: (told) => {
      expect(told.endings).toEqual(["a failed", "b cancelled", "nap cancelled"]);
      expect(told.failure).toEqual({ code: "BROKEN", node: "a" });
    },
  },
  {
    name: "rethrow fails exactly as if the step had no error edge",
    rules: [4],
    given: {
      definitions: flow(
        "rethrow",
        [
          task("a", ONCE),
          { id: "known", type: "choice", cases: [{ port: "yes", when: "steps.a.error.code == 'KNOWN'" }] },
          task("cope"),
          { id: "again", type: "fail", rethrow: "a" },
        ],
        edges("a.error > known", "known.yes > cope", "known.otherwise > again"),
      ),
      handlers: { a: failing("UNKNOWN") },
    },
    then: (told) => {
      expect(told.failure).toEqual({ code: "UNKNOWN", node: "a" });
      expect(told.endings).toEqual(["a failed", "known completed", "cope skipped", "again failed"]);
    },
  },
  {
    name: "the output is that of the completed nodes without an edge out, or what the definition computes",
    rules: [11],
    given: {
      definitions: flow("output", [task("a"), task("b", { input: 4 })], edges("a > b"), {
        output: { doubled: "=steps.b.output * 2", text: "==plain", seen: "=has(steps.a.output)" },
      }),
      handlers: { b: echo },
    },
    then: (told) => expect(told.output).toEqual({ doubled: 8, text: "=plain", seen: true }),
  },
  {
    name: "an output that cannot be computed fails the execution",
    rules: [11],
    given: {
      definitions: flow("output_broken", [task("a")], [], { output: "=steps.a.output.nowhere" }),
    },
    then: (told) => {
      expect(told.failure?.code).toBe("EXPRESSION_ERROR");
      expect(told.endings).toEqual(["a completed"]);
    },
  },
];
