/** Joins: when a node with several incoming edges runs, is skipped, or can no longer run. */
import { describe, expect, it } from "vitest";
import type { Definition } from "@/lib/contract/definition";
import { edges, given, tasks } from "./support/execution";

type Join = Definition["nodes"][number]["join"];
const joined = (join: Join, more: { keepLosers?: boolean } = {}): Definition["nodes"][number] => ({
  id: "join",
  type: "task",
  task: "join",
  join,
  ...more,
});

const three = (join: Join, more = {}) =>
  given({ nodes: [...tasks("a", "b", "c"), joined(join, more)], edges: edges("a>join", "b>join", "c>join") }).start();

describe("a join of all", () => {
  it("runs once every edge is taken or dead, if one is taken", () => {
    const execution = given({
      nodes: [...tasks("a", "b"), joined("all")],
      edges: edges("a>join", "b.error>join"),
    }).start();
    execution.complete("a");
    expect(execution.step("join").status).toBe("pending");
    execution.complete("b");
    expect(execution.step("join").status).toBe("scheduled");
  });

  it("is skipped once all its edges are dead, and so is all that only it leads to", () => {
    const execution = given({
      nodes: [...tasks("a", "b"), joined("all"), ...tasks("end")],
      edges: edges("a.error>join", "b.error>join", "join>end"),
    }).start();
    execution.complete("a").complete("b");
    expect(execution.statuses()).toMatchObject({ join: "skipped", end: "skipped" });
    expect(execution.state.status).toBe("completed");
  });
});

describe("a join of any", () => {
  it("runs at the first taken edge and cancels the steps it no longer needs", () => {
    const execution = three("any").complete("b");
    expect(execution.statuses()).toEqual({ a: "cancelled", b: "completed", c: "cancelled", join: "scheduled" });
    expect(execution.of("StepCancelled").map(({ data }) => [data.node, data.why])).toEqual([
      ["a", "JOIN_WON"],
      ["c", "JOIN_WON"],
    ]);
  });

  it("leaves them running where it keeps its losers, and runs once", () => {
    const execution = three("any", { keepLosers: true }).complete("b");
    expect(execution.statuses()).toMatchObject({ a: "scheduled", c: "scheduled", join: "scheduled" });
    execution.complete("a").complete("join").complete("c");
    expect(execution.of("StepScheduled", "join")).toHaveLength(1);
    expect(execution.state.status).toBe("completed");
  });

  it("is skipped where no edge is taken", () => {
    const execution = given({
      nodes: [...tasks("a", "b"), joined("any")],
      edges: edges("a.error>join", "b.error>join"),
    }).start();
    execution.complete("a").complete("b");
    expect(execution.step("join").status).toBe("skipped");
  });

  it("skips losers that were not reached yet", () => {
    const execution = given({
      nodes: [...tasks("a", "b", "b2"), joined("any")],
      edges: edges("a>join", "b>b2", "b2>join"),
    }).start();
    execution.complete("a");
    expect(execution.statuses()).toEqual({ a: "completed", b: "cancelled", b2: "skipped", join: "scheduled" });
  });

  it("lets go on what is still needed behind the join by another way", () => {
    const execution = given({
      nodes: [...tasks("a", "b"), joined("any"), ...tasks("end")],
      edges: edges("a>join", "b>join", "b>end", "join>end"),
    }).start();
    execution.complete("a");
    expect(execution.step("b").status).toBe("scheduled");
    execution.complete("join").complete("b");
    expect(execution.step("end").status).toBe("scheduled");
  });

  it("cancels a loser although an error of it would have been handled", () => {
    const execution = given({
      nodes: [...tasks("a", "b"), joined("any"), ...tasks("handle")],
      edges: edges("a>join", "b>join", "b.error>handle"),
    }).start();
    execution.complete("a");
    expect(execution.statuses()).toMatchObject({ b: "cancelled", handle: "skipped" });
  });

  it("ends a back-off and a sleep of its losers, too", () => {
    const execution = given({
      nodes: [...tasks("a", "b"), { id: "z", type: "sleep", duration: "1h" }, joined("any")],
      edges: edges("a>join", "b>join", "z>join"),
    }).start();
    execution.fail("b").complete("a");
    expect(execution.statuses()).toMatchObject({ b: "cancelled", z: "cancelled" });
    expect(execution.of("StepCancelled", "b")[0]?.data.taskId).toBeUndefined();
  });

  it("takes no loop edge for a way around it", () => {
    const execution = given({
      nodes: [...tasks("s", "a", "b"), joined("any"), ...tasks("end")],
      edges: [...edges("s>a", "s>b", "a>join", "b>join", "join>end"), { from: "a", port: "error", to: "a", loop: {} }],
    }).start();
    execution.complete("s").complete("b");
    expect(execution.statuses()).toMatchObject({ s: "completed", a: "cancelled", join: "scheduled" });
  });

  it("drops losers inside a loop, and the loop delivers what leaves it", () => {
    const execution = given({
      nodes: [
        ...tasks("a"),
        { id: "x", type: "task", task: "x", ports: ["again"] },
        ...tasks("b"),
        joined("any"),
        ...tasks("side"),
      ],
      edges: [
        ...edges("a>x", "x>join", "b>join", "x.error>side"),
        { from: "x", port: "again", to: "a", loop: { maxIterations: 3 } },
      ],
    }).start();
    execution.complete("a").complete("x", null, "again").complete("b");
    expect(execution.statuses()).toMatchObject({ a: "cancelled", x: "skipped", side: "skipped", join: "scheduled" });
    expect(execution.complete("join").state.status).toBe("completed");
  });

  it("drops losers of its own item of a map, and of no other", () => {
    const execution = given({
      nodes: [
        {
          id: "each",
          type: "map",
          items: [1, 2],
          body: { nodes: [...tasks("a", "b"), joined("any")], edges: edges("a>join", "b>join") },
        },
      ],
    }).start();
    execution.complete(["each/a", 0]);
    const status = (node: string, item: number) => execution.step([`each/${node}`, item]).status;
    expect([status("b", 0), status("join", 0)]).toEqual(["cancelled", "scheduled"]);
    expect([status("a", 1), status("b", 1), status("join", 1)]).toEqual(["scheduled", "scheduled", "pending"]);
  });
});

describe("a join of n", () => {
  it("runs at the n-th taken edge", () => {
    const execution = three(2).complete("c");
    expect(execution.step("join").status).toBe("pending");
    execution.complete("a");
    expect(execution.statuses()).toEqual({ a: "completed", b: "cancelled", c: "completed", join: "scheduled" });
  });

  it("fails once all edges are decided and too few are taken, and never before", () => {
    const execution = given({
      nodes: [...tasks("a", "b", "c"), joined(2)],
      edges: edges("a.error>join", "b.error>join", "c>join"),
    }).start();
    execution.complete("a").complete("b");
    expect(execution.step("join").status).toBe("pending");
    execution.complete("c");
    expect(execution.step("join").error?.code).toBe("JOIN_UNREACHABLE");
    expect(execution.state).toMatchObject({ status: "failed", error: { node: "join", code: "JOIN_UNREACHABLE" } });
  });

  it("goes on over its error edge when it cannot be reached", () => {
    const execution = given({
      nodes: [...tasks("a", "b"), joined(2), ...tasks("rescue")],
      edges: edges("a>join", "b.error>join", "join.error>rescue"),
    }).start();
    execution.complete("a").complete("b");
    expect(execution.step("rescue").status).toBe("scheduled");
  });

  it("is skipped where no edge was taken", () => {
    const execution = given({
      nodes: [...tasks("a", "b"), joined(2)],
      edges: edges("a.error>join", "b.error>join"),
    }).start();
    expect(execution.complete("a").complete("b").state.status).toBe("completed");
  });
});
