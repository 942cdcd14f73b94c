// The security review names its tests by what they say: every one of them is there.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ROOT } from "./rules";

const review = readFileSync(join(ROOT, "docs/security.md"), "utf8");
const rows = review.split("\n").filter((line) => line.startsWith("| ") && !/^\| (?:---|asked)/.test(line));
const NAMED = /`(tests\/[^`]+)` › (.+?)(?=<br>| \|)/g;

test("it answers forty questions at least, each once", () => {
  expect(rows.length).toBeGreaterThanOrEqual(40);
  const asked = rows.map((row) => row.split(" | ")[0]);
  expect(new Set(asked).size).toBe(asked.length);
});

describe.each(rows.map((row) => [row.split(" | ")[0]?.slice(2) ?? "", row] as const))("%s", (_, row) => {
  test("names tests that are there", () => {
    const named = [...row.matchAll(NAMED)];
    expect(named).not.toEqual([]);
    for (const [, file = "", title = ""] of named) {
      const text = readFileSync(join(ROOT, file), "utf8");
      expect(
        [`"${title}"`, `\`${title}\``].some((quoted) => text.includes(quoted)),
        `${file} › ${title}`,
      ).toBe(true);
    }
  });
});
