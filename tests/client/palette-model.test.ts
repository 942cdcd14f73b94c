// What a text typed into the palette finds.
import { expect, test } from "vitest";
import { strokesOf } from "@/app/_shell/key-names";
import { matching } from "@/app/_shell/palette-model";

const entries = ["Start an execution", "Dead letters", "Executions", "Theme: Dark", "Members"].map((name) => ({
  id: name,
  name,
  words: name === "Members" ? "Settings" : undefined,
}));
const found = (text: string) => matching(entries, text).map(({ name }) => name);

test("names that begin with the text come before those with a word that does, and those before any that hold it", () => {
  expect(found("ex")).toEqual(["Executions", "Start an execution"]);
  expect(found("e")[0]).toBe("Executions");
  expect(found("da")).toEqual(["Theme: Dark"]);
  expect(found("ark")).toEqual(["Theme: Dark"]);
});

test("all words of the text have to occur, in any order and case", () => {
  expect(found("DARK theme")).toEqual(["Theme: Dark"]);
  expect(found("dark letters")).toEqual([]);
});

test("words that are not shown find an entry, too", () => {
  expect(found("settings")).toEqual(["Members"]);
});

test("without a text everything stays as it is", () => {
  expect(found("  ")).toEqual(entries.map(({ name }) => name));
});

test("keys are shown as they stand on the keyboard", () => {
  expect(strokesOf("g e", false)).toEqual([["G"], ["E"]]);
  expect(strokesOf("mod+k", false)).toEqual([["Ctrl", "K"]]);
  expect(strokesOf("mod+k", true)).toEqual([["⌘", "K"]]);
  expect(strokesOf("X", false)).toEqual([["Shift", "X"]]);
  expect(strokesOf("ArrowDown", false)).toEqual([["↓"]]);
  expect(strokesOf(" ", false)).toEqual([["Space"]]);
  expect(strokesOf("+", false)).toEqual([["+"]]);
});
