/** Steps lie in the turns of loops and the items of maps that they belong to, and one finds them there. */
import { describe, expect, it } from "vitest";
import { countItems, nextFailed, type StepTree, statusOfItem, treeOf } from "@/app/_execution/step-tree";
import { hasErred, type LinesInput, lineOf, linesOf } from "@/app/_execution/timeline-lines";
import { History } from "./step-history";

const BROKEN = { code: "BROKEN", retryAfterMs: null };
const untaken = () => false;

function lines(tree: StepTree, rest: Partial<LinesInput> = {}) {
  return linesOf({ tree, takesFailure: untaken, toggled: new Set(), selected: null, matches: null, ...rest });
}

/** A map of so many items, of which some fail. */
function mapOf(count: number, failing: readonly number[], begun = count) {
  const history = new History();
  history.at(0, "MapStarted", { node: "each", iteration: 1, count });
  for (let item = 0; item < begun; item++)
    history.run("each/each.item", item, 1, 5, { index: [item] }, failing.includes(item) ? BROKEN : undefined);
  return history;
}

describe("items of a map", () => {
  it("are counted by how they stand: 37 of 10,000 done, 2 failed", () => {
    const timeline = mapOf(10_000, [3, 30], 39).timeline();
    const tree = treeOf(timeline);
    const map = timeline.rows[0];
    if (!map) throw new Error("no map");
    expect(countItems(tree.maps.get(map), map, untaken)).toEqual({
      total: 10_000,
      done: 37,
      failed: 2,
      cancelled: 0,
      open: 0,
    });
  });

  it("begin folded where they are many, and are all there when unfolded", () => {
    const tree = treeOf(mapOf(500, []).timeline());
    expect(lines(tree)).toHaveLength(1);
    expect(lines(tree, { toggled: new Set(["each"]) })).toHaveLength(501);
  });

  it("are found by the next failure, from the beginning again behind the last", () => {
    const tree = treeOf(mapOf(50, [7, 31]).timeline());
    const [items] = tree.maps.values();
    if (!items) throw new Error("no items");
    expect([-1, 7, 31].map((after) => nextFailed(items, after, untaken)?.number)).toEqual([7, 31, 7]);
  });

  it("have not failed where an edge takes the failure", () => {
    const history = new History();
    history.at(0, "MapStarted", { node: "each", iteration: 1, count: 1 });
    history.run("each/try", 0, 0, 5, { index: [0] }, BROKEN);
    history.run("each/repair", 5, 0, 5, { index: [0] });
    const tree = treeOf(history.timeline());
    const item = [...tree.maps.values()][0]?.byNumber[0];
    if (!item) throw new Error("no item");
    expect(statusOfItem(item, (path) => path === "each/try")).toBe("completed");
    expect(statusOfItem(item, untaken)).toBe("failed");
  });

  it("lie in the turn of the map that began them", () => {
    const history = new History();
    for (const [iteration, from] of [
      [1, 0],
      [2, 100],
    ] as const) {
      history.at(from, "MapStarted", { node: "each", iteration, count: 1 });
      history.run("each/each.item", from, 0, 10, { index: [0], iteration });
      history.at(from + 10, "StepCompleted", { node: "each", iteration });
    }
    const timeline = history.timeline();
    const tree = treeOf(timeline);
    const second = timeline.byKey.get("each/each.item[0]#2");
    if (!second) throw new Error("no second turn");
    expect(tree.around(second)).toEqual(["all each", "each#2", "each#2 item 0"]);
  });

  it("of items of another map are found through both", () => {
    const history = new History();
    history.at(0, "MapStarted", { node: "outer", iteration: 1, count: 2 });
    history.at(1, "MapStarted", { node: "outer/inner", iteration: 1, index: [1], count: 3 });
    history.run("outer/inner/work", 2, 0, 5, { index: [1, 2] });
    const timeline = history.timeline();
    const row = timeline.byKey.get("outer/inner/work[1,2]");
    if (!row) throw new Error("no step");
    expect(treeOf(timeline).around(row)).toEqual(["outer", "outer item 1", "outer/inner[1]", "outer/inner[1] item 2"]);
  });
});

describe("turns of a loop", () => {
  const history = new History();
  for (let iteration = 1; iteration <= 7; iteration++) history.run("turn", iteration * 10, 1, 5, { iteration });
  const tree = treeOf(history.timeline());

  it("share one line, which shows the newest, or the one that is selected", () => {
    expect(lines(tree).map(({ row }) => row.key)).toEqual(["turn#7"]);
    expect(lines(tree, { selected: "turn#3" }).map(({ row }) => row.key)).toEqual(["turn#3"]);
  });

  it("have a line each when unfolded, and each knows its place", () => {
    const unfolded = lines(tree, { toggled: new Set(["all turn"]) });
    expect(unfolded.map(({ level }) => level)).toEqual([1, 2, 2, 2, 2, 2, 2, 2]);
    expect(unfolded[3]).toMatchObject({ position: 3, siblings: 7, parent: "all turn" });
  });
});

describe("what is shown", () => {
  it("is only what failed once and what holds it, when errors are asked for", () => {
    const tree = treeOf(mapOf(500, [7]).timeline());
    expect(lines(tree, { matches: hasErred }).map(({ id }) => id)).toEqual(["each", "each item 7"]);
  });

  it("stands for a selection that is folded away by the line it lies in", () => {
    const timeline = mapOf(500, [7]).timeline();
    const tree = treeOf(timeline);
    const row = timeline.byKey.get("each/each.item[7]");
    if (!row) throw new Error("no item");
    expect(lineOf(lines(tree), row.key, tree.around(row))).toBe(0);
    const unfolded = lines(tree, { toggled: new Set(["each"]) });
    expect(unfolded[lineOf(unfolded, row.key, tree.around(row))]?.id).toBe("each item 7");
  });

  it("grows with the rows, which are placed once", () => {
    const timeline = mapOf(3, []).timeline();
    const before = treeOf(timeline);
    timeline.rows.push({
      ...(timeline.rows[1] as (typeof timeline.rows)[number]),
      key: "late",
      node: "late",
      index: null,
    });
    expect(treeOf(timeline)).toBe(before);
    expect(treeOf(timeline).root.nodes.map(({ path }) => path)).toEqual(["each", "late"]);
  });
});
