// Turns of namespaces: nobody waits behind another's flood, and nobody's own order changes.
import { expect, test } from "vitest";
import { inTurns } from "@/lib/engine/door/in-turns";
import { type Batch, Lane, type StartWork } from "@/lib/engine/door/lane";

const items = (text: string) => [...text].map((letter, i) => ({ namespaceId: letter.charCodeAt(0), letter, i }));
const turns = (text: string) => inTurns(items(text), ({ namespaceId }) => namespaceId);

test.each([
  ["", ""],
  ["aaa", "aaa"],
  ["aaaab", "abaaa"],
  ["aabbbc", "abcabb"],
  ["bbaac", "bacba"],
])("of %j the order is %j", (given, expected) => {
  expect(
    turns(given)
      .map(({ letter }) => letter)
      .join(""),
  ).toBe(expected);
});

test("all of them are there once, each namespace's in its own order", () => {
  const ordered = turns("abacabadabacaba");
  expect(ordered.map(({ i }) => i).sort((a, b) => a - b)).toEqual(items("abacabadabacaba").map(({ i }) => i));
  for (const letter of "abcd") {
    const own = ordered.filter((item) => item.letter === letter).map(({ i }) => i);
    expect(own).toEqual([...own].sort((a, b) => a - b));
  }
});

test("a lane takes another namespace's start into its next batch, however many wait before it", async () => {
  const batches: Batch[] = [];
  const lane = new Lane(async (batch) => void batches.push(batch));
  const start = (namespaceId: number) => ({ namespaceId }) as StartWork;
  lane.add({ starts: Array.from({ length: 10_000 }, () => start(1)) });
  lane.add({ starts: [start(2)] });
  await lane.drained();
  expect(batches[0]?.starts.map(({ namespaceId }) => namespaceId)).toContain(2);
  expect(batches.flatMap(({ starts }) => starts)).toHaveLength(10_001);
});
