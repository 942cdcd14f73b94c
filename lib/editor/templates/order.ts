/** A saga: each step that did something says how it is undone, and a failure undoes them all, the latest first. */
import { commentsAbove, type Template } from "./template";

export const order: Template = {
  id: "order",
  title: "Order with compensation",
  sentence: "Reserves, charges and ships; if a later step fails for good, what was done before is undone.",
  name: "place_order",
  definition: {
    description: "Reserve, charge and ship, or undo it all",
    inputSchema: {
      type: "object",
      required: ["order_id", "amount", "items"],
      properties: {
        order_id: { type: "string", title: "Order" },
        amount: { type: "number", title: "Amount", exclusiveMinimum: 0 },
        items: { type: "array", title: "Items", items: { type: "string" } },
      },
    },
    nodes: [
      {
        id: "reserve_stock",
        type: "task",
        task: "reserve_stock",
        input: { order_id: "=input.order_id", items: "=input.items" },
        compensate: { task: "release_stock", input: { reservation: "=steps.reserve_stock.output.reservation" } },
      },
      {
        id: "charge_card",
        type: "task",
        task: "charge_card",
        input: { order_id: "=input.order_id", amount: "=input.amount" },
        retry: { maxAttempts: 4, initialInterval: "2s", nonRetryable: ["CARD_DECLINED"] },
        timeout: { attempt: "20s" },
        compensate: { task: "refund_card", input: { charge: "=steps.charge_card.output.charge" } },
      },
      {
        id: "ship",
        type: "task",
        task: "ship_order",
        input: { order_id: "=input.order_id", reservation: "=steps.reserve_stock.output.reservation" },
        retry: { maxAttempts: 6, initialInterval: "10s", maxInterval: "10m" },
      },
      {
        id: "confirm",
        type: "task",
        task: "send_confirmation",
        input: { order_id: "=input.order_id", tracking: "=steps.ship.output.tracking" },
      },
    ],
    edges: [
      { from: "reserve_stock", to: "charge_card" },
      { from: "charge_card", to: "ship" },
      { from: "ship", to: "confirm" },
    ],
    output: { tracking: "=steps.ship.output.tracking" },
  },
  layout: {
    comments: commentsAbove(
      "What is undone: reserve_stock and charge_card name a task that takes them back. Its input is frozen when the step completes.",
      "A card that is declined is not tried again: its code is in nonRetryable. A service that is down is, with longer and longer waits.",
      "When ship fails for good, the card is refunded and then the stock released. Try it: let ship fail in a trial.",
    ),
  },
};
