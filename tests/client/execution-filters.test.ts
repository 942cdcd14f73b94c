/** Filters in the URL, as people read them and as the API is asked. */
import { describe, expect, it } from "vitest";
import { fieldText, offeredFields, setFields, withoutField } from "@/app/_executions/filter-fields";
import { addressOf, canonicalQuery, queryOf, readView } from "@/app/_executions/list-view";
import { durationField, fieldInstant, localField, typedDuration } from "@/app/_executions/ranges";
import { askedNow, needsReadersDay, readFilters } from "@/lib/client/execution-filters";
import { executionFilterSchema } from "@/lib/contract/executions";

const NOW = Date.parse("2026-11-28T12:00:00.000Z");
const viewOf = (query: string) => readView(new URLSearchParams(query));

describe("the address of a view", () => {
  it("is the same for the same filters, in whatever order they were written", () => {
    const one = canonicalQuery("q=ord&status=failed,timed_out&workflow=order");
    expect(canonicalQuery("workflow=order&q=ord&status=failed,timed_out")).toBe(one);
    expect(canonicalQuery("workflow=order&q=ord&status=failed")).not.toBe(one);
  });

  it("gives back the view that it was written for, columns and saved view too", () => {
    const view = {
      filters: { status: "failed", startedAfter: "24h", tag: "a b&c" },
      columns: ["execution", "error"] as const,
      from: "viw_1",
    };
    expect(viewOf(addressOf(view))).toEqual(view);
  });

  it("leaves out what is unknown or empty, and keeps no saved view in what a saved view keeps", () => {
    expect(queryOf(viewOf("status=&nonsense=1&view=viw_1&tag=vip"))).toBe("tag=vip");
  });

  it("names default columns where a view names them, so that everyone sees the same", () => {
    expect(viewOf(queryOf({ filters: {}, columns: viewOf("columns=status,execution").columns })).columns).toEqual([
      "status",
      "execution",
    ]);
    expect(viewOf("columns=nonsense").columns).toBeNull();
  });
});

describe("what the API is asked", () => {
  it("turns ages into instants and leaves every other value to the API", () => {
    expect(askedNow({ startedAfter: "24h", startedBefore: "2026-11-28T10:00:00Z", tag: "24h" }, NOW)).toEqual({
      startedAfter: "2026-11-27T12:00:00.000Z",
      startedBefore: "2026-11-28T10:00:00Z",
      tag: "24h",
    });
    expect(askedNow({ closedAfter: "soon" }, NOW)).toEqual({ closedAfter: "soon" });
  });

  it("begins today at the reader's midnight, which the server does not know", () => {
    const midnight = new Date(NOW);
    midnight.setHours(0, 0, 0, 0);
    expect(askedNow({ closedAfter: "today" }, NOW)).toEqual({ closedAfter: midnight.toISOString() });
    expect(needsReadersDay({ closedAfter: "today" })).toBe(true);
    expect(needsReadersDay({ closedAfter: "1h", tag: "today" })).toBe(false);
  });

  it("is always what the contract takes", () => {
    const filters = readFilters(
      (name) =>
        ({
          status: "failed,timed_out",
          workflow: "order",
          version: "3",
          startedAfter: "7d",
          closedBefore: "today",
          minDurationMs: "1000",
          errorCode: "PAYMENT_DECLINED",
        })[name as "status"] ?? null,
    );
    expect(executionFilterSchema.safeParse(askedNow(filters, NOW)).error).toBeUndefined();
  });
});

describe("a filter in words", () => {
  it.each([
    [{ status: "failed,timed_out" }, "status", "Failed, Timed out"],
    [{ status: "failed,timed_out,running" }, "status", "3 statuses"],
    [{ startedAfter: "24h" }, "started", "Last 24 hours"],
    [{ startedAfter: "1h" }, "started", "Last hour"],
    [{ startedBefore: "1h" }, "started", "Over 1 hour ago"],
    [{ closedAfter: "today" }, "closed", "Today"],
    [{ closedAfter: "7d", closedBefore: "24h" }, "closed", "7 days ago – 24 hours ago"],
    [{ minDurationMs: "90000" }, "duration", "1 min 30 s or longer"],
    [{ maxDurationMs: "2000" }, "duration", "Under 2 s"],
    [{ version: "3" }, "version", "v3"],
    [{ startedAfter: "nonsense" }, "started", "After nonsense"],
  ] as const)("%j is told as %s: %s", (filters, field, said) => {
    expect(fieldText(filters, field)).toBe(said);
  });

  it("takes both ends of a range away with its chip, and the version with its workflow", () => {
    expect(withoutField({ startedAfter: "1h", startedBefore: "5m", q: "x" }, "started")).toEqual({ q: "x" });
    expect(withoutField({ workflow: "order", version: "3", tag: "vip" }, "workflow")).toEqual({ tag: "vip" });
  });

  it("has one chip for each field, and none for the text, which stands in the search", () => {
    expect(setFields({ q: "x", startedAfter: "1h", startedBefore: "5m", status: "failed" })).toEqual([
      "status",
      "started",
    ]);
  });

  it("offers a version only of a workflow, and never what only links set", () => {
    expect(offeredFields({})).not.toContain("version");
    expect(offeredFields({ workflow: "order" })).toContain("version");
    expect(offeredFields({})).not.toContain("fingerprint");
  });
});

describe("ranges as they are typed", () => {
  it("shows an instant on the reader's clock and reads the same instant back", () => {
    const field = localField("2026-11-28T10:30:00.000Z");
    expect(fieldInstant(field)).toBe("2026-11-28T10:30:00.000Z");
    expect(localField("24h")).toBe("");
    expect(localField("today")).toBe("");
    expect(fieldInstant("")).toBeUndefined();
  });

  it("reads durations in short, alone or together, and refuses what is none", () => {
    expect(typedDuration("90s")).toBe(90_000);
    expect(typedDuration(" 1h  30m ")).toBe(5_400_000);
    expect(typedDuration("")).toBeUndefined();
    expect(typedDuration("soon")).toBeNull();
    expect(typedDuration("90")).toBeNull();
  });

  it("writes durations as it reads them", () => {
    for (const ms of [0, 1, 999, 90_000, 5_400_000, 86_401_001])
      expect(typedDuration(durationField(String(ms)))).toBe(ms);
    expect(durationField("nonsense")).toBe("");
    expect(durationField(undefined)).toBe("");
  });
});
