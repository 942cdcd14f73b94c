/** Forms from JSON Schema: every schema has a form, and what is said to be wrong is what the server would refuse. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { answerErrors, fieldsOf, firstAnswer, memberOf, withMember } from "@/lib/client/schema-form";
import type { JsonValue } from "@/lib/contract/json";
import { checkSchema } from "@/lib/engine/input-schema";

const kinds = (schema: unknown) => fieldsOf(schema as JsonValue)?.map(({ name, kind }) => [name, kind]);

describe("the fields of a schema", () => {
  it("begin with those that must be given, in the order in which the schema names them", () => {
    const member = { type: "string" };
    const schema = {
      required: ["where", "amount"],
      properties: { amount: member, note: member, where: member, zip: member },
    };
    expect(fieldsOf(schema)?.map(({ name }) => name)).toEqual(["where", "amount", "note", "zip"]);
  });

  it("are of the kind that its members have", () => {
    const schema = {
      type: "object",
      required: ["reason"],
      properties: {
        reason: { type: "string", title: "Why", description: "In a sentence", maxLength: 100 },
        story: { type: "string", maxLength: 4000 },
        mail: { type: "string", format: "email" },
        day: { type: "string", format: "date" },
        when: { type: "string", format: "date-time" },
        amount: { type: "number", minimum: 1, maximum: 9 },
        count: { type: "integer" },
        sure: { type: "boolean" },
        size: { enum: ["s", "m"] },
        color: { oneOf: [{ const: "r", title: "Red" }, { const: "b" }] },
        parts: { type: "array", items: { enum: ["a", "b"] } },
        names: { type: "array", items: { type: "string" } },
        matrix: { type: "array", items: { type: "array" } },
        address: { type: "object", properties: { city: { type: "string" } } },
        anything: {},
      },
    };
    expect(kinds(schema)).toEqual([
      ["reason", "text"],
      ["story", "longText"],
      ["mail", "email"],
      ["day", "date"],
      ["when", "dateTime"],
      ["amount", "number"],
      ["count", "number"],
      ["sure", "boolean"],
      ["size", "choice"],
      ["color", "choice"],
      ["parts", "choices"],
      ["names", "list"],
      ["matrix", "json"],
      ["address", "group"],
      ["anything", "json"],
    ]);
    const [reason, , , , , amount, count, , , color] = fieldsOf(schema as unknown as JsonValue) ?? [];
    expect(reason).toMatchObject({
      title: "Why",
      description: "In a sentence",
      required: true,
      bounds: { maxLength: 100 },
    });
    expect(amount?.bounds).toEqual({ min: 1, max: 9 });
    expect(count?.bounds).toEqual({ step: 1 });
    expect(color?.options).toEqual([
      { value: "r", title: "Red" },
      { value: "b", title: "b" },
    ]);
  });

  it("are none where only JSON can be drawn: no object, a choice of objects, a free map", () => {
    for (const schema of [
      { type: "string" },
      { type: "object" },
      { anyOf: [{ properties: {} }], properties: {} },
      true,
      null,
    ])
      expect(fieldsOf(schema as JsonValue)).toBeNull();
  });

  it("nest to a depth, and are JSON below it", () => {
    const nest = (depth: number): JsonValue =>
      depth === 0 ? { type: "string" } : { type: "object", properties: { in: nest(depth - 1) } };
    const [one] = fieldsOf(nest(5)) ?? [];
    const [two] = one?.fields ?? [];
    const [three] = two?.fields ?? [];
    expect([one?.kind, two?.kind, three?.kind]).toEqual(["group", "group", "json"]);
  });

  it("exist for whatever stands in a schema", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (properties) => {
        const schema = { type: "object", properties } as JsonValue;
        expect(() => [fieldsOf(schema), firstAnswer(schema)]).not.toThrow();
      }),
    );
  });
});

describe("an answer", () => {
  const schema = {
    type: "object",
    required: ["reason", "address"],
    properties: {
      reason: { type: "string", minLength: 3 },
      level: { enum: [1, 2], default: 2 },
      address: { type: "object", required: ["city"], properties: { city: { type: "string", default: "Rome" } } },
    },
  } satisfies JsonValue;

  it("begins with the defaults, and nothing else", () => {
    expect(firstAnswer(schema)).toEqual({ level: 2, address: { city: "Rome" } });
    expect(firstAnswer({ type: "object", properties: { a: { type: "string" } } })).toEqual({});
    expect(firstAnswer(null)).toBeNull();
  });

  it("is told what is wrong at the member that is", () => {
    const errors = answerErrors(schema, { reason: "no", level: 7, address: {} });
    expect([...errors.keys()].sort()).toEqual(["/address/city", "/level", "/reason"]);
    expect(errors.get("/address/city")).toBe("Required.");
    expect(answerErrors(schema, { reason: "because", address: { city: "Bern" } }).size).toBe(0);
  });

  it("is found wrong exactly where the server finds it wrong", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (answer) => {
        const value = answer as JsonValue;
        expect(answerErrors(schema, value).size === 0).toBe(checkSchema(schema, value) === null);
      }),
    );
  });

  it("loses a member that is emptied, and keeps the others", () => {
    expect(withMember({ a: 1, b: 2 }, "a", undefined)).toEqual({ b: 2 });
    expect(withMember(null, "a", 1)).toEqual({ a: 1 });
    expect(memberOf({ a: 1 }, "toString")).toBeUndefined();
  });
});
