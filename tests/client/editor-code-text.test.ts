/** A text that is taken over from outside changes in one place: the cursor beside it stays. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { changeBetween } from "@/app/_editor/code/text-change";

const text = fc.string({ unit: fc.constantFrom("a", "b", "\n"), maxLength: 12 });

test("the change, made to the text before, gives the text after", () => {
  fc.assert(
    fc.property(text, text, (before, after) => {
      const change = changeBetween(before, after);
      const { from, to, insert } = change ?? { from: 0, to: 0, insert: "" };
      expect(before.slice(0, from) + insert + before.slice(to)).toBe(after);
    }),
  );
});

test("what stands before and after the change is not touched", () => {
  expect(changeBetween("one two three", "one 2 three")).toEqual({ from: 4, to: 7, insert: "2" });
  expect(changeBetween("aa", "aaa")).toEqual({ from: 2, to: 2, insert: "a" });
});
