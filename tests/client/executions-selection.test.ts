/** Selecting executions, and what may be done with what is selected. */
import { describe, expect, it } from "vitest";
import { BULK_ACTIONS, isDestructive, isNumberTyped, needsNumber, selectedFor } from "@/app/_executions/bulk";
import { refusalsByCode } from "@/app/_executions/refusals";
import {
  applicable,
  isEmpty,
  NOTHING,
  type Row,
  refreshed,
  selectAll,
  tallyOf,
  tick,
  tickLoaded,
  tickRange,
  total,
} from "@/app/_executions/selection";
import { EXECUTION_STATUSES } from "@/lib/client/texts";
import { startOperationSchema } from "@/lib/contract/operations";
import { mayTake } from "@/lib/core/execution/possible";

const NOW = Date.parse("2026-11-28T12:00:00.000Z");
const rows: Row[] = ["a", "b", "c", "d", "e"].map((id, index) => ({ id, status: index < 3 ? "failed" : "running" }));
const ids = ({ ticked }: { ticked: ReadonlyMap<string, unknown> }) => [...ticked.keys()].sort().join("");

describe("ticking", () => {
  it("adds one and takes one away", () => {
    const one = tick(NOTHING, rows, "b", true);
    expect(ids(one)).toBe("b");
    expect(isEmpty(tick(one, rows, "b", false))).toBe(true);
  });

  it("takes a range from the last one ticked, in either direction", () => {
    expect(ids(tickRange(tick(NOTHING, rows, "b", true), rows, "d", true))).toBe("bcd");
    expect(ids(tickRange(tick(NOTHING, rows, "d", true), rows, "b", true))).toBe("bcd");
  });

  it("takes one alone where there is nothing to range from, or it has left the list", () => {
    expect(ids(tickRange(NOTHING, rows, "c", true))).toBe("c");
    expect(ids(tickRange(tick(NOTHING, rows, "a", true), rows.slice(1), "c", true))).toBe("ac");
  });

  it("leaves those that are loaded when one is taken out of all that match", () => {
    const left = tick(selectAll(), rows, "c", false);
    expect(left.isAll).toBe(false);
    expect(ids(left)).toBe("abde");
  });

  it("keeps a ticked row that has left the list, and follows the status of those that have not", () => {
    const before = tickLoaded(rows);
    const now = refreshed(before, [{ id: "a", status: "running" }]);
    expect(ids(now)).toBe("abcde");
    expect(now.ticked.get("a")).toBe("running");
    expect(refreshed(before, rows)).toBe(before);
  });

  it("ignores a row that is not there", () => {
    expect(tick(NOTHING, rows, "z", true)).toBe(NOTHING);
  });
});

describe("an action on the selection", () => {
  it("counts those whose status takes it", () => {
    const tally = tallyOf(tickLoaded(rows).ticked);
    expect(total(tally)).toBe(5);
    expect(applicable("retry", tally)).toBe(3);
    expect(applicable("cancel", tally)).toBe(2);
    expect(applicable("resume", tally)).toBe(0);
  });

  it("asks for no execution that would refuse it", () => {
    expect(selectedFor("retry", tickLoaded(rows), {}, NOW)).toEqual({ ids: ["a", "b", "c"] });
  });

  it("narrows all that match to the statuses that take it, so that it always has a condition", () => {
    expect(selectedFor("retry", selectAll(), {}, NOW)).toEqual({ filter: { status: "failed,timed_out,quarantined" } });
    expect(selectedFor("retry", selectAll(), { status: "failed,running", tag: "vip" }, NOW)).toEqual({
      filter: { status: "failed", tag: "vip" },
    });
  });

  it.each(BULK_ACTIONS)("%s is asked in the words of the contract", (action) => {
    const selected = selectedFor(action, selectAll(), { closedAfter: "24h", workflow: "order", version: "2" }, NOW);
    const body = { ...selected, action, ...(action === "signal" && { signal: "go" }) };
    expect(startOperationSchema.safeParse(body).error).toBeUndefined();
  });

  it("needs the number typed where it cannot be taken back, or where very many are meant", () => {
    expect(needsNumber("terminate", 9)).toBe(false);
    expect(needsNumber("terminate", 10)).toBe(true);
    expect(needsNumber("retry", 499)).toBe(false);
    expect(needsNumber("retry", 500)).toBe(true);
    expect(isNumberTyped("1,000", 1000)).toBe(true);
    expect(isNumberTyped("1000", 1000)).toBe(true);
    expect(isNumberTyped("100", 1000)).toBe(false);
    expect(isNumberTyped("", 0)).toBe(false);
  });

  it("comes with every action the bar knows exactly once, the destructive ones last", () => {
    expect(new Set(BULK_ACTIONS).size).toBe(BULK_ACTIONS.length);
    expect(BULK_ACTIONS.slice(-2).every(isDestructive)).toBe(true);
  });
});

describe("which statuses take an action", () => {
  const taking = (action: Parameters<typeof mayTake>[0]) =>
    EXECUTION_STATUSES.filter((status) => mayTake(action, { status }));

  it("is as the engine would judge by the status", () => {
    expect(taking("retry")).toEqual(["failed", "timed_out", "quarantined"]);
    expect(taking("resume")).toEqual(["paused"]);
    expect(taking("pause")).toEqual(["scheduled", "running", "waiting"]);
    expect(taking("cancel")).toEqual(["scheduled", "running", "waiting", "paused"]);
    expect(taking("terminate")).toEqual(["scheduled", "running", "waiting", "paused", "compensating"]);
    expect(taking("signal")).toEqual(taking("terminate"));
  });
});

describe("refusals", () => {
  it("are told by code, the most frequent first, with the executions that they are about", () => {
    const errors = [
      { executionId: "exe_1", code: "EXECUTION_CLOSED", message: "closed" },
      { executionId: "exe_2", code: "NOT_RETRYABLE", message: "no" },
      { executionId: "exe_3", code: "NOT_RETRYABLE", message: "no" },
      { code: "SOMETHING_NEW", message: "In the server's words." },
    ];
    expect(refusalsByCode(errors)).toEqual([
      { code: "NOT_RETRYABLE", said: "Not failed or timed out any more", executions: ["exe_2", "exe_3"] },
      { code: "EXECUTION_CLOSED", said: "Had already closed", executions: ["exe_1"] },
      { code: "SOMETHING_NEW", said: "In the server's words.", executions: [] },
    ]);
  });
});
