/** A question that does not wait for ever: who does not answer in time is passed over. */
import { commentsAbove, type Template } from "./template";

const form = {
  type: "object",
  properties: { reason: { type: "string", title: "Reason", maxLength: 500 } },
};

export const approvalWithDeadline: Template = {
  id: "approval",
  title: "Approval with a deadline",
  sentence: "Small amounts pass by themselves; others ask a manager for two days, then whoever stands above.",
  name: "approve_expense",
  definition: {
    description: "Approve an expense, or pass the question on",
    inputSchema: {
      type: "object",
      required: ["employee", "amount"],
      properties: {
        employee: { type: "string", title: "Employee", format: "email" },
        amount: { type: "number", title: "Amount", minimum: 0 },
        purpose: { type: "string", title: "Purpose" },
      },
    },
    nodes: [
      { id: "small", type: "choice", cases: [{ port: "yes", when: "input.amount < 100" }] },
      {
        id: "manager",
        type: "approval",
        title: '="Expense of " + string(input.amount) + " for " + input.employee',
        description: '=has(input.purpose) ? input.purpose : "No purpose is given."',
        assignees: ["admin"],
        form,
        timeout: "2d",
      },
      {
        id: "director",
        type: "approval",
        title: '="Nobody decided for two days: expense of " + string(input.amount) + " for " + input.employee',
        assignees: ["owner"],
        form,
        timeout: "3d",
      },
      {
        id: "pay",
        type: "task",
        task: "pay_expense",
        input: { employee: "=input.employee", amount: "=input.amount" },
      },
      { id: "decline", type: "task", task: "tell_declined", input: { employee: "=input.employee" } },
    ],
    edges: [
      { from: "small", port: "yes", to: "pay" },
      { from: "small", port: "otherwise", to: "manager" },
      { from: "manager", to: "pay" },
      { from: "manager", port: "rejected", to: "decline" },
      { from: "manager", port: "expired", to: "director" },
      { from: "director", to: "pay" },
      { from: "director", port: "rejected", to: "decline" },
      { from: "director", port: "expired", to: "decline" },
    ],
    output: { paid: "=has(steps.pay.output)" },
  },
  layout: {
    comments: commentsAbove(
      "Three ways lead to pay. It runs once, after whichever of them was taken: the others are dead by then.",
      "Assignees are roles, user ids or e-mail addresses. Whoever decides fills in the form, and their answer is the step's output.",
      "A deadline is an outcome like any other: expired leads on to the next person, and in the end to a no.",
    ),
  },
};
