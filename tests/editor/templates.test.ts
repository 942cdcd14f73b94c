/** Templates are workflows that one can publish as they are: nothing to find fault with, and they run to their end. */
import { describe, expect, it } from "vitest";
import { definitionSchema, nameSchema } from "@/lib/contract/definition";
import { layoutSchema } from "@/lib/contract/drafts";
import { validateDefinition } from "@/lib/core/definition/validate";
import { documentFrom } from "@/lib/editor/templates/template";
import { TEMPLATES, templateOf } from "@/lib/editor/templates/templates";
import { exampleAnswers, exampleInput } from "@/lib/editor/trial/example-answers";
import { began, endings, ran } from "./trial-tools";

const byId = (id: string) => {
  const template = templateOf(id);
  if (template === null) throw new Error(`there is no template ${id}`);
  return documentFrom(template, "mine").definition;
};

describe.each(TEMPLATES.map((template) => [template.id, template] as const))("the template %s", (_, template) => {
  const { definition, layout } = documentFrom(template, "mine");

  it("is accepted by the schema, under any name", () => {
    expect(definitionSchema.safeParse(definition).error?.issues).toBeUndefined();
    expect(layoutSchema.safeParse(layout).error?.issues).toBeUndefined();
    expect(nameSchema.safeParse(template.name).success).toBe(true);
    expect(definition).toMatchObject({ format: 1, name: "mine" });
  });

  it("leaves the validator nothing to say", () => {
    expect(validateDefinition(definition)).toEqual([]);
  });

  it("says what it is, what goes in, and explains itself", () => {
    expect(template.sentence).toMatch(/\.$/);
    expect(definition.description).toBeTruthy();
    expect(definition.inputSchema).toMatchObject({ type: "object" });
    expect(layout.comments?.length).toBeGreaterThan(1);
  });

  it("runs to its end with made up answers", () => {
    const run = began(definition, { input: exampleInput(definition), answers: exampleAnswers(definition) });
    run.playOut();
    expect(run.outcome).toMatchObject({ status: "completed", error: null });
  });
});

describe("onboarding", () => {
  const child = { fetch_user: [{ output: { name: "Tim", age: 12 } }] };

  it("welcomes an adult", () => {
    const run = ran(byId("onboarding"), {
      input: { user_id: "ada" },
      steps: {
        fetch_user: [{ output: { name: "Ada", age: 36 } }],
        send_welcome_email: [{ output: 1 }],
        report: [{ output: 1 }],
      },
    });
    expect(run.outcome).toMatchObject({ status: "completed", output: { welcomed: true } });
    expect(run.clock - run.startedAt).toBe(3 * 86_400_000);
  });

  it("reminds a parent, and goes on once they agree", () => {
    const run = ran(byId("onboarding"), {
      input: { user_id: "tim" },
      steps: { ...child, ask_parent: [{ output: 1 }], remind_parent: [{ output: 1 }], report: [{ output: 1 }] },
      approvals: { consent: ["expired", "expired", { decision: "approved" }] },
    });
    expect(run.outcome).toMatchObject({ status: "completed", output: { welcomed: false } });
    expect(endings(run)).toContain("consent#3 completed");
  });

  it("gives up after the last reminder", () => {
    const run = ran(byId("onboarding"), {
      input: { user_id: "tim" },
      steps: { ...child, ask_parent: [{ output: 1 }], remind_parent: [{ output: 1 }] },
      approvals: { consent: ["expired"] },
    });
    expect(run.outcome).toMatchObject({ status: "failed", error: "NO_CONSENT" });
  });
});

it("an order that cannot be shipped is refunded, then released", () => {
  const run = ran(byId("order"), {
    input: { order_id: "o1", amount: 12, items: ["book"] },
    steps: {
      reserve_stock: [{ output: { reservation: "r1" } }],
      charge_card: [{ output: { charge: "c1" } }],
      ship: [{ error: { code: "NO_CARRIER", message: "nobody drives", retryable: false } }],
    },
    compensations: { reserve_stock: [{ output: null }], charge_card: [{ output: null }] },
  });
  expect(run.outcome).toMatchObject({ status: "failed", error: "NO_CARRIER" });
  expect(endings(run).slice(-2)).toEqual(["charge_card:compensate completed", "reserve_stock:compensate completed"]);
});

it("an expense that nobody decides is declined in the end", () => {
  const run = ran(byId("approval"), {
    input: { employee: "ada@example.com", amount: 500 },
    steps: { decline: [{ output: null }] },
    approvals: { manager: ["expired"], director: ["expired"] },
  });
  expect(run.outcome).toMatchObject({ status: "completed", output: { paid: false } });
  expect(run.clock - run.startedAt).toBe(5 * 86_400_000);
});

it("a job that takes too long is called off", () => {
  const run = ran(byId("poll"), {
    input: { dataset: "sales" },
    steps: {
      start_job: [{ output: { job: "j1" } }],
      watch_job: [{ output: { state: "running" } }],
      cancel_job: [{ output: null }],
    },
  });
  expect(run.outcome).toMatchObject({ status: "failed", error: "EXPORT_TOO_SLOW" });
  expect(endings(run)).toContain("cancel_job completed");
});

it("an item that fails stops no other", () => {
  const run = ran(byId("fan-out"), {
    input: { album: "summer" },
    steps: {
      list_images: [{ output: ["a", "b", "c"] }],
      "each_image/resize": [{ output: "file" }],
      "each_image/resize[1]": [{ error: { code: "BROKEN", message: "no image", retryable: false } }],
      "each_image/store": [{ output: "stored" }],
      report_failures: [{ output: null }],
    },
  });
  expect(run.outcome).toMatchObject({ status: "completed", output: { done: 2, failed: 1 } });
});

it("an invoice that nobody pays is handed over after four reminders", () => {
  const run = began(byId("reminders"), {
    input: { invoice: "i1", email: "ada@example.com" },
    answers: exampleAnswers(byId("reminders")),
  });
  run.playOut();
  expect(run.outcome).toMatchObject({ status: "completed", output: { paid: false } });
  expect(endings(run)).toContain("hand_over completed");
  expect(run.clock - run.startedAt).toBe(12 * 86_400_000);
});

it("a draft may be empty, a template is not", () => {
  for (const template of TEMPLATES) expect(template.definition.nodes.length).toBeGreaterThan(3);
  expect(new Set(TEMPLATES.map(({ id }) => id)).size).toBe(6);
  expect(templateOf("nowhere")).toBeNull();
});
