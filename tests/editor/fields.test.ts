/** Forms follow the schema: what the format has, a form has; what is typed is read as the format means it. */
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { definitionSchema, edgeSchema, type NodeType, nodeSchema } from "@/lib/contract/definition";
import { nodeShapes } from "@/lib/contract/definition-shape";
import type { JsonValue } from "@/lib/contract/json";
import { compileGraph } from "@/lib/core/definition/graph";
import {
  commonFields,
  edgeFields,
  everyField,
  type FormField,
  hintOf,
  nodeFields,
  valueAt,
  workflowFields,
} from "@/lib/editor/fields/form-fields";
import { placeAt, pointerOf } from "@/lib/editor/fields/place-at";
import { readText } from "@/lib/editor/fields/read-text";
import {
  membersOf,
  withMemberNamed,
  withMemberOptions,
  withMemberRequired,
  withMemberTitled,
  withMemberTyped,
  withNewMember,
  withoutMember,
} from "@/lib/editor/fields/schema-members";

const TYPES = [...nodeShapes.keys()];

/** Every property that the published JSON Schema has, by its path; of a list's items and of either of two shapes, too. */
function propertiesOf(schema: unknown, path = ""): string[] {
  if (typeof schema !== "object" || schema === null) return [];
  const { properties, items, anyOf, oneOf } = schema as { [word: string]: unknown };
  const own = Object.entries((properties ?? {}) as object).flatMap(([name, member]) => [
    `${path}/${name}`,
    ...propertiesOf(member, `${path}/${name}`),
  ]);
  const either = [anyOf, oneOf].flatMap((list) =>
    Array.isArray(list) ? list.flatMap((each) => propertiesOf(each, path)) : [],
  );
  return [...new Set([...own, ...propertiesOf(items, path), ...either])];
}

function jsonSchemaOf(type: NodeType): unknown {
  const option = nodeSchema.options.find(({ shape }) => shape.type.value === type);
  if (option === undefined) throw new Error(`There is no type ${type}`);
  return z.toJSONSchema(option, { io: "input" });
}

/** In the same words; the fields of a list's items stand under the list. */
function pathsOf(fields: readonly FormField[], under = ""): string[] {
  return fields.flatMap((field) => {
    const path = `${under}${pointerOf(field.path)}`;
    const inside = field.control === "rows" ? pathsOf(field.fields, path) : pathsOf(field.fields, under);
    return [path, ...inside, ...field.variants.flatMap((variant) => pathsOf(variant, under))];
  });
}

/** Renamed or drawn, never typed into a form. */
const ELSEWHERE = /^\/(id|type|name|format)$|^(\/body)?\/(nodes|edges)(\/|$)/;

describe("a form", () => {
  it.each(TYPES)("of a %s has a field for every property of its schema", (type) => {
    const asked = propertiesOf(jsonSchemaOf(type)).filter((path) => !ELSEWHERE.test(path));
    expect(asked.length).toBeGreaterThan(0);
    expect([...new Set(pathsOf(nodeFields(type)))].sort()).toStrictEqual(asked.sort());
  });

  it("of the workflow has a field for each of its settings, and that of an edge for all it has", () => {
    const ofWorkflow = propertiesOf(z.toJSONSchema(definitionSchema, { io: "input" })).filter(
      (path) => !ELSEWHERE.test(path),
    );
    expect(pathsOf(workflowFields).sort()).toStrictEqual(ofWorkflow.sort());
    expect(pathsOf(edgeFields).sort()).toStrictEqual(propertiesOf(z.toJSONSchema(edgeSchema, { io: "input" })).sort());
  });

  it("says of every field what it is for", () => {
    const silent = [...TYPES.map(nodeFields), workflowFields, edgeFields]
      .flatMap(everyField)
      .filter(({ description, control }) => description === null && control !== "nodes");
    expect(silent.map(({ path }) => pointerOf(path))).toStrictEqual([]);
  });

  it("takes what there is no better way for as JSON, and needs that nowhere yet", () => {
    const asJson = TYPES.flatMap((type) => everyField(nodeFields(type))).filter(({ control }) => control === "json");
    expect(asJson.map(({ path }) => pointerOf(path))).toStrictEqual([]);
  });

  it("has what is new in the format among the advanced", () => {
    expect(
      nodeFields("task")
        .filter(({ group }) => group === "advanced")
        .map(({ name }) => name),
    ).toStrictEqual([...["priority", "sticky", "concurrencyKey", "concurrencyLimit"]]);
  });

  it("has what several types have in common", () => {
    expect(commonFields(["task", "http"]).map(({ name }) => name)).toStrictEqual([
      "retry",
      "timeout",
      "join",
      "keepLosers",
    ]);
    expect(commonFields(["task", "approval"]).map(({ name }) => name)).toStrictEqual(["join", "keepLosers"]);
  });
});

describe("a fallback", () => {
  const of = (type: NodeType, pointer: string) =>
    everyField(nodeFields(type)).find(({ path }) => pointerOf(path) === pointer)?.fallback;

  it("is what the engine takes where nothing is written", () => {
    const { nodes } = compileGraph({
      name: "w",
      nodes: [{ id: "a", type: "task", task: "a", poll: { until: "true" } }],
      edges: [],
    });
    const task = nodes[0]?.task;
    expect(of("task", "/retry/maxAttempts")).toBe(String(task?.retry.maxAttempts));
    expect(of("task", "/retry/initialInterval")).toBe(`${(task?.retry.initialIntervalMs ?? 0) / 1000}s`);
    expect(of("task", "/retry/backoff")).toBe(String(task?.retry.backoff));
    expect(of("task", "/retry/maxInterval")).toBe(`${(task?.retry.maxIntervalMs ?? 0) / 60_000}m`);
    expect(of("task", "/retry/jitter")).toBe(String(task?.retry.jitter));
    expect(of("task", "/queue")).toBe(task?.queue);
    expect(of("task", "/priority")).toBe(String(task?.priority));
    expect(of("task", "/poll/interval")).toBe(`${(task?.poll?.intervalMs ?? 0) / 1000}s`);
    expect(of("task", "/poll/timeout")).toBe(`${(task?.poll?.timeoutMs ?? 0) / 3_600_000}h`);
  });

  it("stands in the field, and not in the words beside it again", () => {
    const attempts = everyField(nodeFields("task")).find(({ name }) => name === "maxAttempts");
    expect(attempts && hintOf(attempts)).toBe("The first one counts");
  });
});

describe("what is typed", () => {
  const field = (type: NodeType, pointer: string): FormField => {
    const found = everyField(nodeFields(type)).find(({ path }) => pointerOf(path) === pointer);
    if (found === undefined) throw new Error(`There is no ${pointer}`);
    return found;
  };
  const DURATION = "Write it as 250ms, 90s, 15m, 36h, 7d, PT15M or whole milliseconds.";

  it.each<[NodeType, string, string, JsonValue | undefined]>([
    ["task", "/task", " charge ", "charge"],
    ["task", "/queue", "", undefined],
    ["task", "/timeout/attempt", "30s", "30s"],
    ["task", "/timeout/attempt", "1500", 1500],
    ["task", "/retry/maxAttempts", "5", 5],
    ["task", "/retry/jitter", "0.5", 0.5],
    ["task", "/concurrencyKey", "=input.customer", "=input.customer"],
    ["task", "/poll/until", "output.done", "output.done"],
    ["sleep", "/duration", "=input.pause", "=input.pause"],
    ["sleep", "/until", "2030-01-31T08:00:00Z", "2030-01-31T08:00:00Z"],
    ["http", "/request/body", '{"a": 1}', { a: 1 }],
    ["transform", "/value", "[1, 2]", [1, 2]],
  ])("in %s%s, %j, is %j", (type, pointer, text, value) =>
    expect(readText(field(type, pointer), text)).toStrictEqual({ value }),
  );

  it.each<[NodeType, string, string, string]>([
    ["task", "/task", "", "It cannot be left out."],
    ["task", "/task", "a b", "It must be 1 to 128 letters, digits, _ . or -, and begin with a letter, a digit or _."],
    ["task", "/timeout/attempt", "soon", DURATION],
    ["sleep", "/duration", "5 minutes", DURATION],
    ["task", "/retry/maxAttempts", "0", "Write a whole number from 1 to 10,000."],
    ["task", "/retry/maxAttempts", "2.5", "Write a whole number from 1 to 10,000."],
    ["task", "/retry/jitter", "2", "Write a number from 0 to 1."],
    ["workflow", "/version", "0", "Write a whole number from 1 on."],
    ["sleep", "/until", "tomorrow", "Write it as 2030-01-31T08:00:00Z, or as an expression after =."],
    ["task", "/concurrencyKey", "a\0", "That text cannot be stored."],
  ])("in %s%s, %j, is wrong, and it is said what would be right", (type, pointer, text, wrong) =>
    expect(readText(field(type, pointer), text)).toStrictEqual({ wrong }),
  );
});

describe("a pointer", () => {
  const definition = {
    name: "w",
    nodes: [
      { id: "a", type: "task" as const, task: "a", input: { "x/y": ["=steps.b"] } },
      { id: "short", type: "map" as const, items: [], body: { task: "t", retry: { maxAttempts: 2 } } },
      {
        id: "each",
        type: "map" as const,
        items: [],
        body: {
          nodes: [{ id: "in", type: "task" as const, task: "in" }],
          edges: [{ from: "in", to: "in", loop: { carry: "=1" } }],
          output: "=item",
        },
      },
    ],
    edges: [{ from: "a", to: "short" }],
  };

  it("leads to a field of a node, of a map's short task, and into a map's body", () => {
    expect(placeAt(definition, "/nodes/0/input/x~1y/0")).toStrictEqual({
      kind: "node",
      node: "a",
      path: ["input", "x/y", 0],
    });
    expect(placeAt(definition, "/nodes/1/body/retry/maxAttempts")).toStrictEqual({
      kind: "node",
      node: "short",
      path: ["body", "retry", "maxAttempts"],
    });
    expect(placeAt(definition, "/nodes/2/body/nodes/0/task")).toStrictEqual({
      kind: "node",
      node: "in",
      path: ["task"],
    });
    expect(placeAt(definition, "/nodes/2/body/output")).toStrictEqual({
      kind: "node",
      node: "each",
      path: ["body", "output"],
    });
  });

  it("leads to an edge, by its ends, and to the workflow's settings", () => {
    expect(placeAt(definition, "/nodes/2/body/edges/0/loop/carry")).toMatchObject({
      kind: "edge",
      scope: "each",
      edge: { from: "in", port: "success", to: "in" },
      path: ["loop", "carry"],
    });
    expect(placeAt(definition, "/defaults/retry")).toStrictEqual({ kind: "workflow", path: ["defaults", "retry"] });
  });

  it("to what is gone leads nowhere", () => {
    expect(placeAt(definition, "/nodes/9/task")).toBeNull();
    expect(placeAt(definition, "/edges/4")).toBeNull();
  });

  it("is written back as it was read", () => expect(pointerOf(["input", "x/y", 0])).toBe("/input/x~1y/0"));
});

describe("a value", () => {
  it("is found by its path, and never among what objects have by birth", () => {
    expect(valueAt({ a: [{ b: 1 }] }, ["a", 0, "b"])).toBe(1);
    expect(valueAt({ a: {} }, ["a", "constructor"])).toBeUndefined();
  });
});

describe("the members of a schema", () => {
  const schema: JsonValue = {
    type: "object",
    required: ["age"],
    properties: { age: { type: "integer", minimum: 0 }, how: { enum: ["mail", "call"], title: "How" } },
    additionalProperties: false,
  };

  it("are what it asks for", () => {
    expect(membersOf(schema)).toStrictEqual([
      { name: "age", type: "integer", title: "", isRequired: true, options: [] },
      { name: "how", type: "choice", title: "How", isRequired: false, options: ["mail", "call"] },
    ]);
  });

  it.each<[string, JsonValue]>([
    ["more than a list can say", { anyOf: [] }],
    ["no object", { type: "array" }],
    ["anything at all", true],
    ["a member that is either of two", { properties: { a: { type: ["string", "null"] } } }],
  ])("of a schema for %s are none", (_, given) => expect(membersOf(given)).toBeNull());

  it("are renamed in their place, required or not", () => {
    const named = withMemberNamed(schema, "age", "years");
    expect(Object.keys(named?.properties ?? {})).toStrictEqual(["years", "how"]);
    expect(named?.required).toStrictEqual(["years"]);
    expect(withMemberNamed(schema, "age", "how")).toBeNull();
    expect(withMemberNamed(schema, "age", "")).toBeNull();
  });

  it("keep what the list does not show when they change", () => {
    expect(withMemberTyped(schema, "age", "number").properties).toMatchObject({ age: { type: "number", minimum: 0 } });
    expect(withMemberTitled(schema, "how", "")).toMatchObject({ properties: { how: { enum: ["mail", "call"] } } });
    expect(withMemberTyped(schema, "how", "string").properties).toMatchObject({
      how: { type: "string", title: "How" },
    });
    expect(withMemberOptions(schema, "how", ["fax"]).additionalProperties).toBe(false);
    expect(withMemberRequired(schema, "age", false)).not.toHaveProperty("required");
  });

  it("come from nothing, and leave nothing when they go", () => {
    const one = withNewMember(undefined);
    expect(one).toStrictEqual({ type: "object", properties: { field_1: { type: "string" } } });
    expect(withoutMember(one, "field_1")).toBeNull();
    expect(withoutMember(schema, "age")).toMatchObject({ additionalProperties: false });
  });
});
