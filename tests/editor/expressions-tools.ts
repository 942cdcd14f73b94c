/** A workflow in which everything that expressions can see occurs, what an execution of it recorded, and places in it. */
import type { Definition } from "@/lib/contract/definition";
import { type ExpressionPlace, type FieldAt, placeOf } from "@/lib/editor/expressions/place";
import type { Samples } from "@/lib/editor/expressions/samples";

export const ORDERS: Definition = {
  name: "orders",
  inputSchema: {
    type: "object",
    required: ["customer", "lines"],
    properties: {
      customer: { $ref: "#/$defs/customer" },
      lines: {
        type: "array",
        items: { type: "object", properties: { sku: { type: "string" }, count: { type: "integer" } } },
      },
      "ship-to": { type: "string", description: "Where it goes" },
    },
    $defs: {
      customer: {
        type: "object",
        required: ["name"],
        properties: { name: { type: "string" }, tier: { enum: ["gold", "plain"] } },
      },
    },
  },
  nodes: [
    { id: "stock", type: "task", task: "check_stock" },
    { id: "enough", type: "choice", cases: [{ port: "yes", when: "steps.stock.output.ok" }] },
    { id: "quote-1", type: "http", request: { url: "https://example.com" } },
    { id: "sum", type: "transform", value: { total: 12, who: "=input.customer.name", lines: "=input.lines" } },
    { id: "sign", type: "approval", form: { type: "object", properties: { amount: { type: "number" } } } },
    {
      id: "each",
      type: "map",
      items: "=input.lines",
      body: {
        nodes: [
          { id: "pick", type: "task", task: "pick", input: "=item.sku" },
          {
            id: "parts",
            type: "map",
            items: "=steps.pick.output.parts",
            body: { task: "pack", input: "=[item, outer.item]" },
          },
        ],
        edges: [{ from: "pick", to: "parts" }],
        output: { picked: "=steps.pick.output", n: 1 },
      },
    },
    {
      id: "poll",
      type: "task",
      task: "track",
      poll: { until: "output.done" },
      compensate: { task: "undo", input: "=steps.poll.output" },
    },
    { id: "again", type: "choice", cases: [{ port: "no", when: "steps.poll.output.done && loop.iteration > 2" }] },
    { id: "end", type: "succeed", output: "=steps.sum.output" },
  ],
  edges: [
    { from: "stock", to: "enough" },
    { from: "enough", port: "yes", to: "quote-1" },
    { from: "enough", port: "otherwise", to: "sum" },
    { from: "quote-1", to: "sign" },
    { from: "sum", to: "sign" },
    { from: "sign", to: "each" },
    { from: "each", to: "poll" },
    { from: "poll", to: "again" },
    {
      from: "again",
      port: "otherwise",
      to: "poll",
      loop: { maxIterations: 5, carry: { seen: "=steps.poll.output", n: 1 } },
    },
    { from: "again", port: "no", to: "end" },
  ],
  output: { sum: "=steps.sum.output" },
};

export const SAMPLES: Samples = {
  execution: {
    id: "exe_1",
    workflow: "orders",
    version: 1,
    startedAt: "2030-01-02T03:04:05Z",
    tags: ["vip"],
    correlationId: null,
    key: "k-1",
  },
  input: {
    customer: { name: "Ada", tier: "gold" },
    lines: [
      { sku: "A", count: 2 },
      { sku: "B", count: 1 },
    ],
    extra: true,
  },
  steps: {
    stock: { status: "completed", iteration: 1, output: { ok: true, "left-over": 3, at: { shelf: "x" } } },
    "quote-1": { status: "completed", iteration: 1, output: { status: 200, headers: {}, body: { price: 9.5 } } },
    sum: { status: "skipped", iteration: 1 },
    sign: {
      status: "completed",
      iteration: 1,
      output: { decision: "approved", data: { amount: 3 }, comment: null, decidedBy: "ada" },
    },
    "each/pick": { status: "completed", iteration: 1, output: { parts: [{ weight: 4 }] } },
    each: { status: "completed", iteration: 1, output: [{ picked: { parts: [] }, n: 1 }] },
    poll: { status: "completed", iteration: 2, round: 3, output: { done: true } },
  },
  items: {
    each: {
      list: [
        { sku: "A", count: 2 },
        { sku: "B", count: 1 },
      ],
      index: 0,
    },
    "each/parts": { list: [{ weight: 4 }], index: 0 },
  },
  loops: { poll: { iteration: 2, value: { seen: { done: false }, n: 1 } } },
};

const CARRY = { from: "again", port: "otherwise", to: "poll" };

export const FIELDS = {
  when: { node: "enough", path: ["cases", 0, "when"] },
  sign: { node: "sign", path: ["title"] },
  pick: { node: "pick", path: ["input"] },
  inner: { node: "parts", path: ["body", "input"] },
  bodyOutput: { node: "each", path: ["body", "output", "picked"] },
  until: { node: "poll", path: ["poll", "until"] },
  undo: { node: "poll", path: ["compensate", "input"] },
  again: { node: "again", path: ["cases", 0, "when"] },
  carry: { edge: { scope: null, edge: CARRY }, path: ["loop", "carry"] },
  end: { node: "end", path: ["output", "x"] },
  output: { path: ["output", "sum"] },
} as const satisfies Record<string, FieldAt>;

export function at(field: keyof typeof FIELDS, definition: Definition = ORDERS): ExpressionPlace {
  const place = placeOf(definition, FIELDS[field]);
  if (place === null) throw new Error(`there is no field ${field}`);
  return place;
}
