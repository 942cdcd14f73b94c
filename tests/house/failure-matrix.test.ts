// The failure matrix names its tests by what they say: every one of them is there, and so is every folder it points to.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "./rules";

const matrix = readFileSync(join(ROOT, "docs/failure-matrix.md"), "utf8");
const named = [...matrix.matchAll(/`(tests\/[^`]+)` › (.+?)(?=<br>| \|)/g)].map(([, file = "", title = ""]) => ({
  file,
  title,
}));

test.each(named)("$file says: $title", ({ file, title }) => {
  const text = readFileSync(join(ROOT, file), "utf8");
  expect([`"${title}"`, `\`${title}\``].some((quoted) => text.includes(quoted))).toBe(true);
});

test("each trap names at least one", () => {
  const [, traps = ""] = matrix.split("## Traps");
  const rows = traps.split("\n").filter((line) => line.startsWith("| ") && !/^\| (?:---|the trap)/.test(line));
  expect(rows).toHaveLength(17);
  for (const row of rows) expect(row).toMatch(/`tests\/[^`]+\.test\.ts` › /);
});

test("each place where something is shown exists", () => {
  const places = [...matrix.matchAll(/`(tests\/[^`]+)`/g)].map(([, place = ""]) => place);
  expect(places.filter((place) => !existsSync(join(ROOT, place)))).toEqual([]);
});
