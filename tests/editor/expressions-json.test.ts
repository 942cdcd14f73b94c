/** JSON as it is typed: the same values as the language's own reader gives, where each stands, and what is being written. */
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { decodeJsonString, jsonContextAt, lenientJson, readJson } from "@/lib/editor/expressions/json-text";

const indent = fc.constantFrom(undefined, 0, 2, "\t");

test("whatever JSON.parse reads is read alike, and each span holds its value", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), indent, (value, space) => {
      const text = JSON.stringify(value, null, space);
      const read = readJson(text);
      expect(read.fault).toBeUndefined();
      expect(JSON.stringify(read.value)).toBe(JSON.stringify(JSON.parse(text)));
      for (const { from, to, path } of read.spans.values()) {
        const member = path.reduce<unknown>((at, key) => Reflect.get(at as object, key), JSON.parse(text));
        expect(JSON.stringify(JSON.parse(text.slice(from, to)))).toBe(JSON.stringify(member));
      }
    }),
  );
});

test("what JSON.parse refuses is refused, at a place within the text", () => {
  const broken = fc.tuple(
    fc.jsonValue({ maxDepth: 3 }),
    fc.noBias(fc.nat()),
    fc.constantFrom("", ",", "}", "]", '"', ":", "x", "0", "\\"),
  );
  fc.assert(
    fc.property(broken, ([value, at, sign]) => {
      const whole = JSON.stringify(value, null, 1);
      const cut = at % (whole.length + 1);
      const text = whole.slice(0, cut) + sign + whole.slice(cut + (sign === "" ? 1 : 0));
      const read = readJson(text);
      const isJson = (() => {
        try {
          JSON.parse(text);
          return true;
        } catch {
          return false;
        }
      })();
      if (!isJson) expect(read.fault).toBeDefined();
      else if (read.fault !== undefined) expect(read.fault.message).toContain("already");
      if (read.fault === undefined) return;
      expect(read.fault.from).toBeGreaterThanOrEqual(0);
      expect(read.fault.to).toBeLessThanOrEqual(text.length);
    }),
  );
});

describe("faults", () => {
  it("say what is missing where", () => {
    const fault = (text: string) => readJson(text).fault;
    expect(fault('{"a": 1 "b": 2}')).toEqual({ from: 8, to: 11, message: "A comma or } is missing here." });
    expect(fault('{"a": 1,}')).toMatchObject({ from: 8, message: "Take the comma before it out." });
    expect(fault('{"a": }')).toMatchObject({ from: 6, message: "A value is missing here." });
    expect(fault('{"a": 1, "a": 2}')).toMatchObject({
      from: 9,
      to: 12,
      message: "There is a already: keep one of them.",
    });
    expect(fault("")).toMatchObject({ from: 0, to: 0, message: "A value is missing at the end." });
    expect(fault("[1] 2")).toMatchObject({ from: 4, to: 5 });
  });
});

describe("what is being written", () => {
  const at = (marked: string) => {
    const cursor = marked.indexOf("|");
    const found = jsonContextAt(marked.replace("|", ""), cursor);
    return found && [found.kind, found.path, marked.replace("|", "").slice(found.from, found.to)];
  };

  it("is a name of an object, or a value by its path", () => {
    expect(at('{"a": 1, "n|')).toEqual(["key", [], '"n']);
    expect(at('{"nodes": [{"id": "x"}, {"ty|": "task"}]}')).toEqual(["key", ["nodes", 1], '"ty"']);
    expect(at('{"nodes": [{"type": "ta|sk"}]}')).toEqual(["value", ["nodes", 0, "type"], '"task"']);
    expect(at('{"nodes": [{"type": |')).toEqual(["value", ["nodes", 0, "type"], ""]);
    expect(at('{"a": {|}}')).toEqual(["key", ["a"], ""]);
    expect(at('{"a": [1, |')).toEqual(["value", ["a", 1], ""]);
    expect(at("|")).toEqual(["value", [], ""]);
    expect(at('{"a": tr|')).toEqual(["value", ["a"], "tr"]);
  });

  it("is nothing where a sign is due", () => {
    expect(at('{"a" |')).toBeNull();
    expect(at('{"a": 1 |')).toBeNull();
    expect(at("[1] |")).toBeNull();
    expect(jsonContextAt('{"a": 1, "b": 2, "', 18)?.names).toEqual(["a", "b"]);
  });
});

test("an unfinished text says what it can", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), indent, (value, space) => {
      const text = JSON.stringify(value, null, space);
      expect(JSON.stringify(lenientJson(text))).toBe(JSON.stringify(JSON.parse(text)));
    }),
  );
  expect(lenientJson('{"nodes": [{"type": "task", "id": , "q": "a')).toEqual({ nodes: [{ type: "task", q: "a" }] });
});

test("a text in quotes is read with the place of each of its characters", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom("a", '"', "\\", "\n", "é", "\u0001") }), (text) => {
      const raw = JSON.stringify(text);
      const read = decodeJsonString(raw);
      expect(read.text).toBe(text);
      for (let at = 0; at < text.length; at++)
        expect(JSON.parse(`"${raw.slice(read.places[at], read.places[at + 1])}"`)).toBe(text[at]);
    }),
  );
});
