/** What validation says about loops: each rule by an example that breaks it, and one that only nearly does. */
import { describe, expect, it } from "vitest";
import type { Node } from "@/lib/contract/definition";
import { brief, findingsOf, graph, links, plainTasks } from "./support/findings";

const task = (id: string, ...ports: string[]): Node => ({ id, type: "task", task: "t", input: null, ports });

describe("a loop", () => {
  it.each<[string, string[], string[]]>([
    ["back to an ancestor", ["a", "b", "c"], ["a>b", "b>c", "b.again>>a"]],
    ["to the node itself", ["a", "b"], ["a>b", "a.error>>a"]],
    ["from several nodes to one", ["a", "b", "c", "d"], ["a>b", "b>c", "c>d", "b.again>>a", "c.again>>a"]],
    ["inside another one", ["a", "b", "c", "d"], ["a>b", "b>c", "c>d", "c.again>>b", "d.again>>a"]],
    ["that shares its source with the one around it", ["a", "b", "c"], ["a>b", "b>c", "c.again>>b", "c.other>>a"]],
    ["beside another one", ["a", "b", "c", "d"], ["a>b", "b>c", "c>d", "b.again>>a", "d.again>>c"]],
    ["with branches inside", ["a", "b", "c", "d", "e"], ["a>b", "a>c", "b>d", "c>d", "d.again>>a", "d>e"]],
    ["left on a port of its own", ["a", "b", "c", "d"], ["a>b", "b>c", "c.again>>a", "b.other>d", "c>d"]],
    ["entered at its target by two edges", ["x", "y", "a", "b"], ["x>a", "y>a", "a>b", "b.again>>a"]],
    ["whose target nothing else leads to", ["a", "b"], ["a>b", "b.again>>a"]],
  ])("%s is no fault", (_, ids, edges) => {
    expect(
      findingsOf(
        graph(
          ids.map((id) => task(id, "again", "other")),
          links(...edges),
        ),
      ),
    ).toEqual([]);
  });

  it.each<[string, string[], string[], string[]]>([
    ["to a node beside it", ["a", "b", "c"], ["a>b", "a>c", "b.again>>c"], ["LOOP_TARGET /edges/2/to"]],
    ["to a node after it", ["a", "b"], ["a>b", "a.again>>b"], ["LOOP_TARGET /edges/1/to"]],
    ["entered in its middle", ["a", "b", "x"], ["a>b", "x>b", "b.again>>a"], ["LOOP_ENTRY /edges/1"]],
    [
      "entered in its middle from the loop around it",
      ["o", "a", "b", "e"],
      ["o>a", "a>b", "b>e", "b.again>>a", "e.again>>o", "o.other>b"],
      ["LOOP_ENTRY /edges/5"],
    ],
    ["and another edge on one port", ["a", "b", "c"], ["a>b", "b.again>c", "b.again>>a"], ["LOOP_PORT /edges/2"]],
    [
      "and another loop on one port",
      ["a", "b", "c"],
      ["a>b", "b>c", "c.again>>b", "c.again>>a"],
      ["LOOP_PORT /edges/2"],
    ],
    [
      "left on a port that stays inside, too",
      ["a", "b", "c", "out"],
      ["a>b", "b>c", "b>out", "c.again>>a"],
      ["LOOP_PORT /edges/2"],
    ],
    [
      "left further by one edge of a port than by another",
      ["o", "a", "mid", "out"],
      ["o>a", "a>mid", "a>out", "a.again>>a", "mid.again>>o"],
      ["LOOP_PORT /edges/2"],
    ],
    [
      "that overlaps another one",
      ["a", "b", "c", "d"],
      ["a>b", "b>c", "c>d", "c.again>>a", "d.again>>b"],
      ["LOOP_OVERLAP /edges/3"],
    ],
  ])("%s is one", (_, ids, edges, expected) => {
    expect(
      brief(
        graph(
          ids.map((id) => task(id, "again", "other")),
          links(...edges),
        ),
      ),
    ).toEqual(expected);
  });

  it("of which several rules are broken is told all of them", () => {
    const edges = links("a>b", "x>b", "b>c", "b>out", "c.again>>a", "c.again>>x", "out.again>>c");
    expect(
      brief(
        graph(
          ["a", "b", "c", "x", "out"].map((id) => task(id, "again")),
          edges,
        ),
      ).sort(),
    ).toEqual([
      "LOOP_ENTRY /edges/0",
      "LOOP_ENTRY /edges/1",
      "LOOP_OVERLAP /edges/4",
      "LOOP_PORT /edges/3",
      "LOOP_PORT /edges/4",
      "LOOP_TARGET /edges/6/to",
    ]);
  });

  it("edge on a port that its node does not have is an unknown port, and one to nowhere an unknown node", () => {
    expect(brief(graph(plainTasks("a", "b"), links("a>b", "b.again>>a", "b>>x")))).toEqual([
      "UNKNOWN_PORT /edges/1/port",
      "UNKNOWN_NODE /edges/2/to",
    ]);
  });

  it("does not count among the edges of a join, nor make a circle", () => {
    const joined: Node = { ...task("b", "again"), join: 2 };
    expect(brief(graph([task("a"), joined], links("a>b", "b.again>>b")))).toEqual(["JOIN_OUT_OF_RANGE /nodes/1/join"]);
    expect(brief(graph([task("a", "again"), task("b", "again")], links("a>b", "b>a", "b.again>>a")))).toEqual([
      "CYCLE /edges/1",
    ]);
  });

  it("may lie twenty deep in others, and no deeper", () => {
    const nested = (depth: number) => {
      const ids = Array.from({ length: depth * 2 }, (_, i) => `n${i}`);
      const chain = ids.slice(1).map((id, i) => `${ids[i]}>${id}`);
      const back = ids.slice(0, depth).map((id, i) => `${ids[ids.length - 1 - i]}.again>>${id}`);
      return graph(
        ids.map((id) => task(id, "again")),
        links(...chain, ...back),
      );
    };
    expect(findingsOf(nested(20))).toEqual([]);
    expect(brief(nested(21))).toEqual(["LOOP_NESTING /nodes/20"]);
    expect(brief(nested(2000))).toHaveLength(1);
  });

  it("is judged inside a map, too", () => {
    const body = {
      nodes: [task("a"), task("b", "again"), task("x")],
      edges: links("a>b", "x>b", "b.again>>a"),
    };
    expect(brief(graph([{ id: "m", type: "map", items: "=input", body }]))).toEqual([
      "LOOP_ENTRY /nodes/0/body/edges/1",
    ]);
  });
});
