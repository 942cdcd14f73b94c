/** The columns of the list: which, in which order, and the grid that they make. */
import { describe, expect, it } from "vitest";
import {
  COLUMN_NAMES,
  DEFAULT_COLUMNS,
  DEFAULT_GRID,
  gridOf,
  leastWidth,
  moveColumn,
  readColumns,
  withColumn,
  writeColumns,
} from "@/app/_executions/columns";
import { rowsWith } from "@/app/_executions/virtual-rows";

/** As Tailwind reads a class of arbitrary columns. */
const tracksOf = (className: string) => /^grid-cols-\[(.+)\]$/.exec(className)?.[1]?.replaceAll("_", " ");

describe("columns", () => {
  it("are drawn by the server as scripts draw them, so that nothing jumps", () => {
    expect(tracksOf(DEFAULT_GRID.plain)).toBe(gridOf(DEFAULT_COLUMNS, false));
    expect(tracksOf(DEFAULT_GRID.ticks)).toBe(gridOf(DEFAULT_COLUMNS, true));
  });

  it("always have the link to the execution, each column once, and nothing unknown", () => {
    expect(readColumns("error,status,error,nonsense")).toEqual(["execution", "error", "status"]);
    expect(readColumns("nonsense")).toBeNull();
    expect(readColumns(null)).toBeNull();
  });

  it("are not kept where they are the default, and come back as they were otherwise", () => {
    expect(writeColumns(DEFAULT_COLUMNS)).toBeNull();
    const other = moveColumn(DEFAULT_COLUMNS, "error", -1);
    expect(readColumns(writeColumns(other))).toEqual(other);
  });

  it("move one place and stop at the ends", () => {
    expect(moveColumn(["status", "execution", "error"], "error", -1)).toEqual(["status", "error", "execution"]);
    expect(moveColumn(["status", "execution"], "status", -1)).toEqual(["status", "execution"]);
    expect(moveColumn(["status", "execution"], "error", 1)).toEqual(["status", "execution"]);
  });

  it("come where they stand by default when they are shown again", () => {
    expect(withColumn(["status", "execution", "started"], "error")).toEqual([
      "status",
      "execution",
      "error",
      "started",
    ]);
    expect(withColumn(["execution"], "events")).toEqual(["execution", "events"]);
  });

  it("need at least the room of all their least widths, gaps and sides", () => {
    expect(leastWidth(["status", "execution"], false)).toBe(124 + 180 + 16 + 48);
    expect(leastWidth(COLUMN_NAMES, true)).toBeGreaterThan(leastWidth(COLUMN_NAMES, false));
  });
});

describe("rows in the document", () => {
  const inView = { startIndex: 50, endIndex: 60, overscan: 2, count: 100 };

  it("are those in view and around it, never beyond the list", () => {
    expect(rowsWith(inView, -1)).toEqual([48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62]);
    expect(rowsWith({ startIndex: 0, endIndex: 3, overscan: 10, count: 3 }, -1)).toEqual([0, 1, 2]);
    expect(rowsWith({ startIndex: 0, endIndex: 0, overscan: 10, count: 0 }, -1)).toEqual([]);
  });

  it("keep the one with the focus, in order, wherever it is", () => {
    expect(rowsWith(inView, 3)[0]).toBe(3);
    expect(rowsWith(inView, 90).at(-1)).toBe(90);
    expect(rowsWith(inView, 55)).toEqual(rowsWith(inView, -1));
    expect(rowsWith(inView, 200)).toEqual(rowsWith(inView, -1));
  });
});
