/** A definition as text: completed by its schema and its own nodes, judged at the character, taken in from files and given out. */
import { describe, expect, it } from "vitest";
import { canonicalJson } from "@/lib/contract/json";
import { blankDocument } from "@/lib/editor/blank";
import { fileText, readable, readFile } from "@/lib/editor/definition-file";
import { completeDefinition, describeField, readDefinition } from "@/lib/editor/definition-schema";
import { applyEdit } from "@/lib/editor/edits";
import { completeJson } from "@/lib/editor/expressions/json-complete";
import { ORDERS } from "./expressions-tools";

const PRETTY = JSON.stringify(ORDERS, null, 2);

function offered(marked: string) {
  const text = marked.replace("|", "");
  return completeDefinition(text, marked.indexOf("|")).options;
}
const labels = (marked: string) => offered(marked).map(({ label }) => label);

describe("completion of a definition", () => {
  it("offers the fields of the workflow, of an edge, and of a node of its type", () => {
    expect(labels('{"|')).toEqual([
      "name",
      "nodes",
      "edges",
      "format",
      "description",
      "inputSchema",
      "defaults",
      "timeout",
      "output",
    ]);
    expect(labels('{"edges": [{"from": "a", "|"}]}')).toEqual(["to", "port", "loop"]);
    expect(labels('{"nodes": [{"id": "a", "type": "sleep", |}]}')).toEqual(["join", "keepLosers", "duration", "until"]);
    expect(labels('{"nodes": [{"id": "a", "type": "http", "request": {"|')).toEqual([
      "url",
      "method",
      "headers",
      "query",
      "body",
    ]);
    expect(labels('{"nodes": [{"type": "map", "body": {"nodes": [{"type": "fail", "|')).toContain("rethrow");
  });

  it("leaves out what is there, also behind the place", () => {
    expect(labels('{"name": "x", "|", "nodes": [], "edges": []}')).not.toContain("nodes");
  });

  it("offers the values of a field: types, methods, and nodes and ports that there are", () => {
    expect(labels('{"nodes": [{"id": "a", "type": "|')).toHaveLength(11);
    expect(labels('{"nodes": [{"type": "http", "request": {"method": "|"}}]}')).toContain('"PATCH"');
    expect(labels('{"nodes": [{"type": "task", "sticky": |')).toEqual(["true", "false"]);
    const graph = '"nodes": [{"id": "a", "type": "approval"}, {"id": "b", "type": "fail", "code": "X"}]';
    expect(labels(`{${graph}, "edges": [{"from": "|`)).toEqual(['"a"', '"b"']);
    expect(labels(`{${graph}, "edges": [{"from": "a", "port": "|`)).toEqual([
      '"approved"',
      '"rejected"',
      '"expired"',
      '"error"',
    ]);
    expect(
      labels('{"nodes": [{"id": "a", "type": "task", "task": "t"}, {"id": "b", "type": "fail", "rethrow": "|'),
    ).toContain('"a"');
  });

  it("writes what comes next, and puts the cursor there", () => {
    const [option] = offered('{"desc|\n "name": "x"}').filter(({ label }) => label === "description");
    expect(option).toMatchObject({ apply: '"description": "",', cursor: 16, note: "What the workflow is for" });
    expect(offered('{"|": "x"}').find(({ label }) => label === "name")?.apply).toBe('"name"');
  });

  it("says what a field means, of the node's own type", () => {
    const sleep = { nodes: [{ id: "a", type: "sleep", until: "" }] };
    expect(describeField(["nodes", 0, "until"], sleep)?.note).toContain("instant");
    expect(describeField(["nodes", 0, "nonsense"], sleep)).toBeNull();
  });

  it("goes by any schema, where one is given", () => {
    const schema = {
      type: "object",
      properties: { to: { type: "string", enum: ["a", "b"] }, deep: { type: "object" } },
    };
    expect(completeJson('{"', 2, schema).options.map(({ apply }) => apply)).toEqual(['"to": ""', '"deep": {}']);
    expect(completeJson('{"to": "', 8, schema).options.map(({ apply }) => apply)).toEqual(['"a"', '"b"']);
    expect(completeJson('{"to": "', 8, {}).options).toEqual([]);
  });
});

describe("a definition that is typed", () => {
  it("is itself, with nothing left out or put in", () => {
    const { definition, faults } = readDefinition(PRETTY, "orders");
    expect(JSON.stringify(definition)).toBe(JSON.stringify(ORDERS));
    expect(faults.filter(({ severity }) => severity === "error")).toEqual([]);
  });

  it("is none while it is no JSON, has a wrong shape, or another name; where, is said", () => {
    const at = (text: string) => {
      const { definition, faults } = readDefinition(text, "orders");
      return [definition, ...faults.map(({ from, to, code }) => [text.slice(from, to), code])];
    };
    expect(at('{"name": "orders", }')).toEqual([null, ["}", null]]);
    expect(at(PRETTY.replace('"check_stock"', "12"))).toEqual([null, ["12", "WRONG_TYPE"]]);
    expect(at(PRETTY.replace('"task": "check_stock"', '"tusk": "check_stock"'))[1]).toBeDefined();
    expect(at(PRETTY.replace('"orders"', '"other"'))).toEqual([null, ['"other"', "OTHER_NAME"]]);
  });

  it("may be one that cannot be published yet: its findings stand where they belong", () => {
    const text = PRETTY.replace('"to": "enough"', '"to": "nobody"');
    const { definition, faults } = readDefinition(text, "orders");
    expect(definition).not.toBeNull();
    expect(faults.map(({ from, to, code }) => [text.slice(from, to), code])).toContainEqual([
      '"nobody"',
      "UNKNOWN_NODE",
    ]);
  });

  it("may have no nodes yet", () => {
    const { definition, faults } = readDefinition('{"name": "orders", "nodes": [], "edges": []}', "orders");
    expect([definition?.nodes, faults]).toEqual([[], []]);
  });
});

describe("files", () => {
  const document = { definition: ORDERS, layout: { places: { stock: { x: 1, y: 2 } } } };

  it("come back as they were given out, whatever their form", () => {
    for (const form of ["pretty", "canonical"] as const) {
      const bare = readFile(fileText(document, false, form), "orders");
      expect(bare).toMatchObject({ definition: ORDERS, calledOtherwise: null });
      expect(bare).not.toHaveProperty("layout");
      expect(readFile(fileText(document, true, form), "orders")).toMatchObject(document);
    }
    expect(fileText(document, false, "canonical")).toBe(canonicalJson(ORDERS));
  });

  it("are written in the order in which one reads, whatever order the members had", () => {
    const sorted = JSON.parse(canonicalJson(ORDERS));
    expect(Object.keys(readable(sorted))).toEqual(["name", "inputSchema", "nodes", "edges", "output"]);
    expect(Object.keys(readable(sorted).nodes[5] ?? {})[0]).toBe("id");
    expect(fileText({ definition: sorted, layout: {} }, false, "pretty")).toContain(
      '"from": "again",\n      "port": "no",',
    );
    expect(canonicalJson(readable(sorted))).toBe(canonicalJson(ORDERS));
  });

  it("take the name of the workflow that they are taken into", () => {
    const file = readFile(fileText(document, false, "pretty"), "mine");
    expect(file).toMatchObject({ definition: { ...ORDERS, name: "mine" }, calledOtherwise: "orders" });
  });

  it("name a format where they did, and only there", () => {
    for (const definition of [ORDERS, { ...ORDERS, format: 1 as const }]) {
      const file = readFile(JSON.stringify(definition), "orders");
      if ("refused" in file) throw new Error(file.refused);
      const edited = applyEdit(blankDocument("orders"), { type: "replace", definition: file.definition });
      expect("document" in edited && canonicalJson(edited.document.definition)).toBe(canonicalJson(definition));
    }
  });

  it("are refused with a sentence where they hold no workflow", () => {
    const refused = (text: string) => {
      const file = readFile(text, "orders");
      return "refused" in file ? file.refused : null;
    };
    expect(refused("{\n oops")).toContain("line 2");
    expect(refused("[]")).toContain("no JSON object");
    expect(refused('{"a": 1}')).toContain("no workflow");
    expect(refused('{"cerebelum": "nodes", "format": 1, "nodes": [], "edges": []}')).toContain("paste");
    expect(refused('{"nodes": [{"id": "a", "type": "nap"}], "edges": []}')).toContain("/nodes/0/type");
    expect(refused('{"format": 99, "nodes": [], "edges": []}')).toContain("format 1");
  });
});
