/** A workflow from its definition: it runs here, is served and published, and its document stays as it is. */
import { describe, expect, expectTypeOf, it } from "vitest";
import { canonicalJson } from "@/lib/contract/json";
import { child, DefinitionError, fromDefinition, virtualClock, workflow } from "@/worker-sdk/src/index";
import { handlersOf } from "@/worker-sdk/src/worker/handlers";

const definition = {
  name: "order",
  inputSchema: { type: "object", properties: { total: { type: "number" } }, required: ["total"] },
  nodes: [
    { id: "charge", type: "task", task: "charge", input: "=input", compensate: { task: "refund" } },
    { id: "each", type: "map", items: "=[1, 2]", body: { task: "pack", input: "=item" } },
    {
      id: "all",
      type: "map",
      items: "=[3]",
      body: { nodes: [{ id: "label", type: "task", task: "label" }], edges: [] },
    },
  ],
  edges: [
    { from: "charge", to: "each" },
    { from: "each", to: "all" },
  ],
} as const;

const steps = {
  charge: async ({ total }: { total: number }) => total * 2,
  refund: async () => null,
  pack: async (item: number) => `box ${item}`,
  label: async (given: unknown) => given,
};

describe("a workflow from its definition", () => {
  it("runs, and its document is the one that was given, byte for byte", async () => {
    const order = fromDefinition(definition, { steps });
    expect(canonicalJson(order.definition)).toBe(canonicalJson(definition));
    const output = await order.execute({ total: 20 }, { clock: virtualClock() });
    expect(output).toEqual({ all: [{ label: { input: { total: 20 }, item: 3, index: 0, steps: {} } }] });
  });

  it("is typed by its schema, and asks for a handler of each task", () => {
    const order = fromDefinition(definition, { steps });
    expectTypeOf<Parameters<typeof order.execute>[0]>().toEqualTypeOf<{ total: number }>();
    const { label, ...others } = steps;
    // @ts-expect-error label is a task of a map's body
    expect(() => fromDefinition(definition, { steps: others })).toThrow('"order" needs a handler of "label"');
    // @ts-expect-error no task is called that
    expect(() => fromDefinition(definition, { steps: { ...steps, lable: label } })).toThrow(
      '"order" has no task "lable"',
    );
  });

  it("takes a document that was imported, whose types say little", async () => {
    const imported = JSON.parse(JSON.stringify(definition)) as {
      name: string;
      nodes: { id: string; type: string }[];
      edges: { from: string; to: string }[];
    };
    const order = fromDefinition(imported, { steps });
    expect(await order.execute({ total: 1 }, { clock: virtualClock() })).toHaveProperty("all");
  });

  it("is served by a worker, and started by others", async () => {
    const order = fromDefinition(definition, { steps });
    expect([...handlersOf({ workflows: [order] }).keys()].sort()).toEqual(["charge", "label", "pack", "refund"]);
    const selling = workflow<{ total: number }>("selling").timeline(child(order));
    expect(await selling.execute({ total: 1 }, { clock: virtualClock() })).toHaveProperty("all");
  });

  it("says everything that is wrong, when its definition is asked for", () => {
    const wrong = fromDefinition(
      { name: "wrong", nodes: [{ id: "a", type: "nonsense" }], edges: [{ from: "a", to: "b" }] },
      { steps: {} },
    );
    expect(() => wrong.definition).toThrow(DefinitionError);
    expect(() => wrong.definition).toThrow(/UNKNOWN_NODE_TYPE at \/nodes\/0\/type/);
  });

  it("does not change with the object that it was made from", () => {
    const given = JSON.parse(JSON.stringify(definition)) as {
      name: string;
      nodes: { id: string; type: string }[];
      edges: [];
    };
    const order = fromDefinition(given, { steps });
    given.nodes.pop();
    expect(order.definition.nodes).toHaveLength(3);
  });
});
