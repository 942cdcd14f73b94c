/**
 * The order that the first steps publish: small, and with one of each thing that makes a workflow durable: a step that fails
 * once, a choice, a person's approval, a sleep. Its steps are served by examples/first-order/worker.ts.
 */
import { EXAMPLE_QUEUE } from "@/lib/client/worker-command";
import type { Definition } from "@/lib/contract/definition";

export const EXAMPLE: Definition = {
  name: "first_order",
  description: "Reserves stock, charges a card, asks about large orders, waits for the parcel, ships",
  inputSchema: {
    type: "object",
    required: ["order", "total"],
    properties: { order: { type: "string" }, total: { type: "number" } },
  },
  defaults: { queue: EXAMPLE_QUEUE },
  nodes: [
    { id: "reserve_stock", type: "task", task: "reserve_stock", input: "=input" },
    {
      id: "charge_card",
      type: "task",
      task: "charge_card",
      input: "=input",
      retry: { maxAttempts: 3, initialInterval: "2s", backoff: 1, jitter: 0 },
    },
    { id: "large", type: "choice", cases: [{ port: "yes", when: "input.total > 100.0" }] },
    {
      id: "sign_off",
      type: "approval",
      title: '="Ship " + input.order + " for " + string(input.total) + "?"',
      description: "Orders above 100 are looked at by a person before they leave.",
      timeout: "1h",
    },
    { id: "pack", type: "sleep", duration: "5s" },
    { id: "ship_parcel", type: "task", task: "ship_parcel", input: "=input" },
    { id: "release_stock", type: "task", task: "release_stock", input: "=input" },
  ],
  edges: [
    { from: "reserve_stock", to: "charge_card" },
    { from: "charge_card", to: "large" },
    { from: "large", port: "yes", to: "sign_off" },
    { from: "large", port: "otherwise", to: "pack" },
    { from: "sign_off", to: "pack" },
    { from: "sign_off", port: "rejected", to: "release_stock" },
    { from: "sign_off", port: "expired", to: "release_stock" },
    { from: "pack", to: "ship_parcel" },
  ],
};

export const EXAMPLE_INPUT = { order: "lamp-1", total: 240 };
/** The caller's own name of its one execution: starting it twice starts it once. */
export const EXAMPLE_KEY = "first-order";
export const EXAMPLE_APPROVAL = "sign_off";
