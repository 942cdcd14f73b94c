/** The workflow of the README, grown up: a branch, a question to a parent with reminders, three days of sleep, a report. */
import { commentsAbove, type Template } from "./template";

export const onboarding: Template = {
  id: "onboarding",
  title: "Onboarding",
  sentence: "Welcomes an adult, asks a child's parent and reminds them, waits three days, reports.",
  name: "user_onboarding",
  definition: {
    description: "Welcome a user, or ask a parent",
    inputSchema: {
      type: "object",
      required: ["user_id"],
      properties: { user_id: { type: "string", title: "User", description: "Whom to welcome" } },
    },
    nodes: [
      {
        id: "fetch_user",
        type: "task",
        task: "fetch_user",
        input: { user_id: "=input.user_id" },
        retry: { maxAttempts: 5, initialInterval: "1s", nonRetryable: ["USER_NOT_FOUND"] },
        timeout: { attempt: "30s" },
      },
      { id: "adult", type: "choice", cases: [{ port: "yes", when: "steps.fetch_user.output.age >= 18" }] },
      {
        id: "send_welcome_email",
        type: "task",
        task: "send_welcome_email",
        input: { user: "=steps.fetch_user.output" },
      },
      {
        id: "ask_parent",
        type: "task",
        task: "send_parental_consent",
        input: { user: "=steps.fetch_user.output" },
      },
      {
        id: "consent",
        type: "approval",
        title: '="May " + steps.fetch_user.output.name + " join?"',
        description: "A parent has answered, or is asked on the telephone.",
        timeout: "2d",
      },
      {
        id: "remind_parent",
        type: "task",
        task: "remind_parent",
        input: { user: "=steps.fetch_user.output", reminder: "=loop.iteration" },
      },
      { id: "no_consent", type: "fail", code: "NO_CONSENT", message: "A parent said no, or never answered." },
      { id: "cool_off", type: "sleep", duration: "3d" },
      {
        id: "report",
        type: "task",
        task: "report_onboarding",
        input: { user_id: "=input.user_id", welcomed: "=has(steps.send_welcome_email.output)" },
      },
    ],
    edges: [
      { from: "fetch_user", to: "adult" },
      { from: "adult", port: "yes", to: "send_welcome_email" },
      { from: "adult", port: "otherwise", to: "ask_parent" },
      { from: "ask_parent", to: "consent" },
      { from: "consent", to: "cool_off" },
      { from: "consent", port: "rejected", to: "no_consent" },
      { from: "consent", port: "expired", to: "remind_parent" },
      { from: "remind_parent", to: "consent", loop: { maxIterations: 3 } },
      { from: "remind_parent", port: "error", to: "no_consent" },
      { from: "send_welcome_email", to: "cool_off" },
      { from: "cool_off", to: "report" },
    ],
    output: { welcomed: "=has(steps.send_welcome_email.output)" },
  },
  layout: {
    comments: commentsAbove(
      "A branch: one of the two ways is taken, and the sleep behind both runs after whichever it was.",
      "Reminders: an approval that expires leads to a mail and back to the question, three times at most. Behind the last one the way is over, and the execution fails.",
      "Three days of sleep hold nothing in memory. Deploy meanwhile: each execution stays on its version.",
    ),
  },
};
