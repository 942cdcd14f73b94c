// Which failures count as one: those whose messages differ only in what names the occurrence.
import { describe, expect, it } from "vitest";
import { fingerprint, pattern } from "@/lib/engine/door/fingerprint";

describe("a message's pattern", () => {
  it.each([
    ["order 17 of 3 is gone", "order <number> of <number> is gone"],
    ["took 1.5e3 ms, limit 1,000.25", "took <number> ms, limit <number>"],
    ['no user "ada 7" in `eu-1`', "no user <quoted> in <quoted>"],
    ["no user 'ada' here", "no user <quoted> here"],
    ["can't find what isn't there", "can't find what isn't there"],
    ["at 2026-01-05T12:00:00.123Z for exe_0ABC123DEF456", "at <time> for <id>"],
    ["due 2026-01-05, then 12:30:01", "due <time>, then <time>"],
    ["lost 6F9619FF-8B86-D011-B42D-00C04FC964FF", "lost <id>"],
    ["segment 0x7ffde3a1 of deadbeef01 in face", "segment <hex> of <hex> in face"],
    ["connect ECONNREFUSED 10.0.0.12:5432", "connect ECONNREFUSED <number>:<number>"],
    ["worker12 left worker-7", "worker<number> left worker-<number>"],
    ["  two\n  lines ", "two lines"],
  ])("of %j is %j", (message, expected) => {
    expect(pattern(message)).toBe(expected);
  });

  it("is the same for two messages that differ only far behind their beginning", () => {
    const long = "word ".repeat(1_000);
    expect(pattern(`${long}a`)).toBe(pattern(`${long}b`));
  });
});

describe("a fingerprint", () => {
  it("is one for occurrences of one failure", () => {
    expect(fingerprint("TIMEOUT", "order 17 timed out")).toBe(fingerprint("TIMEOUT", "order 99 timed out"));
  });

  it("tells codes and words apart", () => {
    const one = fingerprint("TIMEOUT", "order 17 timed out");
    expect(fingerprint("HTTP_ERROR", "order 17 timed out")).not.toBe(one);
    expect(fingerprint("TIMEOUT", "order 17 was refused")).not.toBe(one);
  });

  it("is what it was when it was stored", () => {
    expect(fingerprint("TIMEOUT", "order 17 timed out")).toBe("73d67b18c88421c632490623");
  });
});
