/** A loop over days: waits for word from outside, reminds, waits again, and gives up in the end. */
import { commentsAbove, type Template } from "./template";

export const reminders: Template = {
  id: "reminders",
  title: "Reminders over days",
  sentence: "Sends an invoice, waits three days for the payment, reminds up to four times, then hands it over.",
  name: "collect_invoice",
  definition: {
    description: "Collect an invoice, with reminders",
    inputSchema: {
      type: "object",
      required: ["invoice", "email"],
      properties: {
        invoice: { type: "string", title: "Invoice" },
        email: { type: "string", title: "E-mail", format: "email" },
      },
    },
    nodes: [
      {
        id: "send_invoice",
        type: "task",
        task: "send_invoice",
        input: { invoice: "=input.invoice", to: "=input.email" },
      },
      { id: "payment", type: "signal", signal: '="paid:" + input.invoice', timeout: "3d" },
      {
        id: "remind",
        type: "task",
        task: "send_reminder",
        input: {
          invoice: "=input.invoice",
          to: "=input.email",
          number: "=loop.iteration",
          tone: '=loop.value == null ? "friendly" : loop.value',
        },
      },
      {
        id: "thank",
        type: "task",
        task: "send_receipt",
        input: { to: "=input.email", payment: "=steps.payment.output" },
      },
      { id: "hand_over", type: "task", task: "hand_to_collection", input: { invoice: "=input.invoice" } },
    ],
    edges: [
      { from: "send_invoice", to: "payment" },
      { from: "payment", to: "thank" },
      { from: "payment", port: "expired", to: "remind" },
      {
        from: "remind",
        to: "payment",
        loop: { maxIterations: 4, carry: '=loop.iteration >= 2 ? "firm" : "friendly"' },
      },
      { from: "remind", port: "error", to: "hand_over" },
    ],
    output: { paid: "=has(steps.thank.output)" },
  },
  layout: {
    comments: commentsAbove(
      "The wait holds nothing in memory, for three days or three months. Whoever sees the money come in sends the signal paid:<invoice>.",
      "The loop leads back four times. What it carries is loop.value in the next turn: here the tone, which grows firm.",
      "Behind the last turn the loop's limit fails the step, and its error way hands the invoice over.",
    ),
  },
};
