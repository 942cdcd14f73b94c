// A JSON value becomes the lines that are shown of it.
import { describe, expect, it } from "vitest";
import { around, type Folds, findInJson, foldAll, jsonLines, MATCHES_MAX, pathText } from "@/app/_ui/json-lines";
import type { JsonValue } from "@/lib/contract/json";

const NONE: Folds = new Map();
const shown = (value: JsonValue, folds = NONE) => jsonLines(value, folds).map(({ id, kind }) => `${kind} ${id}`);

describe("the lines of a JSON value", () => {
  it("are one for a plain value, and for what is empty", () => {
    expect(shown(7)).toEqual(["value "]);
    expect(shown({ list: [], map: {} })).toEqual(["open ", "value /list", "value /map", "end "]);
  });

  it("open what is small, and fold what is deep or long until somebody unfolds it", () => {
    const long = Array.from({ length: 31 }, (_, index) => index);
    expect(shown({ long })).toEqual(["open ", "folded /long", "end "]);
    expect(shown({ long }, new Map([["/long", true]]))).toHaveLength(35);
    expect(shown({ a: { b: { c: { d: 1 } } } })).toContain("folded /a/b/c");
    expect(shown({ a: { b: 1 } }, new Map([["/a", false]]))).toEqual(["open ", "folded /a", "end "]);
  });

  it("show all of a long list at the root", () => {
    expect(shown(Array.from({ length: 10_000 }, () => null))).toHaveLength(10_002);
  });

  it("can be folded and unfolded all at once, but for the root", () => {
    const value = { a: { b: { c: { d: { e: 1 } } } } };
    expect(shown(value, foldAll(value, false))).toEqual(["open ", "folded /a", "end "]);
    expect(shown(value, foldAll(value, true)).filter((line) => line.startsWith("folded"))).toEqual([]);
  });
});

describe("a search in a JSON value", () => {
  const value = { order: { Id: "X-1", lines: [{ sku: "id-7" }, { sku: null }] }, "a/b": "id" };

  it("finds names and texts whatever their case, in order", () => {
    expect(findInJson(value, "id")).toEqual(["/order/Id", "/order/lines/0/sku", "/a~1b"]);
    expect(findInJson(value, "null")).toEqual(["/order/lines/1/sku"]);
    expect(findInJson(value, "  ")).toEqual([]);
  });

  it("stops where nobody would look any more", () => {
    expect(
      findInJson(
        Array.from({ length: 5000 }, () => "x"),
        "x",
      ),
    ).toHaveLength(MATCHES_MAX);
  });

  it("knows what has to be open for a value to be seen, and its path as expressions write it", () => {
    expect(around("/order/lines/0/sku")).toEqual(["", "/order", "/order/lines", "/order/lines/0"]);
    expect(pathText("/order/lines/0/sku", value)).toBe("order.lines[0].sku");
    expect(pathText("/a~1b", value)).toBe('["a/b"]');
    expect(pathText("", value)).toBe("");
  });
});
