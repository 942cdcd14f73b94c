/** A list on screen takes in a fresh first page without losing its place. */
import { describe, expect, it } from "vitest";
import { arrivals, leavesGap, mergeHead, refreshRows } from "@/lib/client/merge-head";
import type { ExecutionStatus, ExecutionSummary } from "@/lib/contract/executions";

function row(id: number, status: ExecutionStatus = "running", sequence = 1): ExecutionSummary {
  const at = "2026-01-01T00:00:00.000Z";
  return {
    id: `exe_${String(id).padStart(3, "0")}`,
    key: null,
    workflow: "w",
    version: 1,
    status,
    tags: [],
    correlationId: null,
    createdAt: at,
    startAt: null,
    startedAt: at,
    closedAt: null,
    sequence,
    error: null,
  };
}

const page = (ids: number[], nextCursor: string | null = "more") => ({ items: ids.map((id) => row(id)), nextCursor });
const idsOf = (pages: { items: ExecutionSummary[] }[]) =>
  pages.flatMap(({ items }) => items.map(({ id }) => Number(id.slice(4))));

describe("merging a fresh first page", () => {
  it("puts what is new on top and keeps the rest", () => {
    expect(idsOf(mergeHead([page([5, 4]), page([3, 2], null)], page([7, 6, 5, 4])))).toEqual([7, 6, 5, 4, 3, 2]);
  });

  it("replaces what changed in its place, and leaves what did not the same object", () => {
    const known = [page([5, 4])];
    const merged = refreshRows(known, [row(5, "completed", 9), row(4)]);
    expect(merged[0]?.items[0]?.status).toBe("completed");
    expect(merged[0]?.items[1]).toBe(known[0]?.items[1]);
  });

  it("keeps whole pages the same object when nothing in them changed", () => {
    const known = [page([5, 4]), page([3, 2])];
    expect(refreshRows(known, [row(5), row(4)])[1]).toBe(known[1]);
    expect(refreshRows(known, [row(5), row(4)])[0]).toBe(known[0]);
  });

  it("drops rows that left a filtered list, but none below what the fresh page covers", () => {
    expect(idsOf(mergeHead([page([5, 4, 3, 2])], page([5, 3])))).toEqual([5, 3, 2]);
    expect(idsOf(mergeHead([page([5, 4, 3, 2])], page([5, 3], null)))).toEqual([5, 3]);
  });

  it("puts an old execution that came to match the filter where it belongs", () => {
    expect(idsOf(mergeHead([page([9, 5])], page([9, 7, 5])))).toEqual([9, 7, 5]);
  });

  it("sees when more arrived than a page holds", () => {
    expect(leavesGap([page([3, 2])], page([9, 8]))).toBe(true);
    expect(leavesGap([page([3, 2])], page([4, 3]))).toBe(false);
    expect(arrivals([page([3, 2])], page([4, 3])).map(({ id }) => id)).toEqual(["exe_004"]);
  });
});
