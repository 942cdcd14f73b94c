/** People and what waits for them: approvals decided with a form, failures dealt with by cause, schedules made and stopped. */
import { type Client, type Definition, fail, step, Worker } from "@cerebelum/sdk";
import { expect, test, URL_OF_SERVER, unique } from "./support";

async function gateScene(client: Client) {
  const workflow = unique("refund");
  const definition: Definition = {
    name: workflow,
    nodes: [
      {
        id: "approve",
        type: "approval",
        title: "Refund the order?",
        description: "More than the clerk may refund alone.",
        timeout: "2d",
        form: {
          type: "object",
          required: ["reason", "amount"],
          properties: {
            reason: { type: "string", title: "Reason", minLength: 3 },
            amount: { type: "number", title: "Amount", minimum: 1, maximum: 500 },
            method: { enum: ["card", "voucher"], title: "Method", default: "card" },
            notify: { type: "boolean", title: "Tell the customer" },
          },
        },
      },
      { id: "refused", type: "fail", code: "REFUSED", message: "Nobody approved it" },
    ],
    edges: [{ from: "approve", port: "rejected", to: "refused" }],
  };
  await client.publish(definition);
  return { workflow, start: async () => (await client.start({ workflow })).id };
}

test("an approval is decided from the inbox, with what its form asks for", async ({ signedIn: page, client }) => {
  const scene = await gateScene(client);
  const id = await scene.start();
  await page.goto("/approvals");
  const row = page.getByRole("row").filter({ hasText: id });
  await expect(row).toContainText("Refund the order?");
  await row.click();
  await expect(page).toHaveURL(/approval=apr_/);
  const panel = page.getByRole("complementary", { name: "Approval" });
  await expect(panel).toContainText("More than the clerk may refund alone.");

  await panel.getByRole("button", { name: "Approve" }).click();
  await expect(panel.getByRole("alert").first()).toContainText("Required.");
  await panel.getByLabel("Reason").fill("Broken on arrival");
  await panel.getByLabel("Amount").fill("120");
  await panel.getByLabel("Tell the customer").check();
  await panel.getByLabel("Comment").fill("Photos attached");
  await panel.getByRole("button", { name: "Approve" }).click();
  await expect(panel.getByText("Photos attached")).toBeVisible();
  await expect(row).toHaveCount(0);
  await expect(client.result(id)).resolves.toMatchObject({ status: "completed" });

  await page.goto("/approvals?status=approved");
  await page.getByRole("row").filter({ hasText: id }).click();
  await expect(panel).toContainText("Photos attached");
  await expect(panel.getByRole("region", { name: "Answer" })).toContainText("Broken on arrival");
});

test("a rejection owes no answer to the form, and the execution goes its other way", async ({
  signedIn: page,
  client,
}) => {
  const scene = await gateScene(client);
  const id = await scene.start();
  await page.goto("/approvals");
  await page.getByRole("row").filter({ hasText: id }).focus();
  await page.keyboard.press("Enter");
  const panel = page.getByRole("complementary", { name: "Approval" });
  await panel.getByLabel("Comment").fill("No receipt");
  await panel.getByRole("button", { name: "Reject" }).click();
  await expect(panel.getByText("No receipt")).toBeVisible();
  await expect(client.result(id)).resolves.toMatchObject({ status: "failed", error: { code: "REFUSED" } });
});

test("failures of one cause are put aside one by one, ticked and all at once", async ({ signedIn: page, client }) => {
  const queue = unique("press");
  const workflow = unique("print");
  await client.publish({
    name: workflow,
    defaults: { queue, retry: { maxAttempts: 1 } },
    nodes: [{ id: "press", type: "task", task: "press" }],
    edges: [],
  });
  let isJammed = true;
  const code = unique("JAM").toUpperCase();
  const press = step("press", async () => {
    if (isJammed) fail({ code, message: "Paper jam in tray 2" });
    return { printed: true };
  });
  const worker = new Worker({
    url: URL_OF_SERVER(),
    apiKey: process.env.CEREBELUM_API_KEY ?? "",
    steps: [press],
    queues: [queue],
  });
  await worker.start();
  try {
    await client.startBatch(Array.from({ length: 12 }, () => ({ workflow })));
    await page.goto("/dead-letters");
    const group = page.getByRole("row").filter({ hasText: code });
    await expect(group).toContainText("12", { timeout: 60_000 });
    await group.click();
    await expect(page).toHaveURL(/fingerprint=/);
    await expect(page.getByText("12 dead letters")).toBeVisible();

    await page.getByRole("row").nth(1).click();
    const panel = page.getByRole("complementary", { name: "Dead letter" });
    await expect(panel.getByRole("region", { name: "Attempts" })).toContainText("Paper jam in tray 2");
    await panel.getByRole("button", { name: "Resolve" }).click();
    await page.getByRole("dialog").getByLabel("Note").fill("Printed by hand");
    await page.getByRole("dialog").getByRole("button", { name: "Resolve" }).click();
    await expect(page.getByText("11 dead letters")).toBeVisible();

    isJammed = false;
    await page.getByRole("row").nth(1).getByRole("checkbox").check();
    await page
      .getByRole("row")
      .nth(3)
      .getByRole("checkbox")
      .click({ modifiers: ["Shift"] });
    await expect(page.getByText("3 ticked")).toBeVisible();
    await page.getByRole("button", { name: "Retry", exact: true }).last().click();
    await page.getByRole("dialog").getByRole("button", { name: "Retry 3" }).click();
    await expect(page.getByText("8 dead letters")).toBeVisible({ timeout: 60_000 });

    await page.getByRole("button", { name: "Show all" }).click();
    await page.getByRole("radio", { name: "By cause" }).click();
    await group.getByRole("button", { name: "Retry all" }).click();
    await expect(page.getByRole("dialog")).toContainText("8 executions go on");
    await page.getByRole("dialog").getByRole("button", { name: "Retry 8" }).click();
    await expect(group).toHaveCount(0, { timeout: 60_000 });
  } finally {
    await worker.stop();
  }
});

test("a schedule is made, says when it runs, runs now, is paused and deleted", async ({ signedIn: page, client }) => {
  const workflow = unique("report");
  await client.publish({ name: workflow, nodes: [{ id: "nap", type: "sleep", duration: 10 }], edges: [] });
  const name = unique("nightly");
  await page.goto("/schedules");
  await page.getByRole("button", { name: "New schedule" }).first().click();
  const form = page.getByRole("dialog");
  await form.getByLabel("Name").fill(name);
  await form.getByLabel("Workflow").selectOption(workflow);
  await form.getByLabel("Cron expression").fill("every day");
  await expect(form.getByRole("alert")).toBeVisible();
  await form.getByRole("button", { name: "Weekdays at 09:00" }).click();
  await expect(form).toContainText("Monday through Friday");
  await form.getByLabel("Time zone").fill("Europe/Berlin");
  await form.getByRole("button", { name: "Create schedule" }).click();

  const row = page.getByRole("row").filter({ hasText: name });
  await row.click();
  const panel = page.getByRole("complementary", { name: "Schedule" });
  await expect(panel.getByRole("region", { name: "Next runs" }).getByRole("listitem")).toHaveCount(10);
  await panel.getByRole("button", { name: "Pause" }).click();
  await page.getByRole("dialog").getByLabel("Reason").fill("Holidays");
  await page.getByRole("dialog").getByRole("button", { name: "Pause" }).click();
  await expect(panel).toContainText("Paused: Holidays");
  await panel.getByRole("button", { name: "Resume" }).click();
  await expect(panel.getByRole("button", { name: "Pause" })).toBeVisible();

  await page.getByRole("radio", { name: "Calendar" }).click();
  await expect(page.getByRole("button", { name: new RegExp(name) }).first()).toBeVisible();
  await panel.getByRole("button", { name: "Run now" }).click();
  await expect(page).toHaveURL(/\/executions\/exe_/);

  await page.goto(`/schedules?schedule=${name}`);
  await panel.getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete schedule" }).click();
  await expect(row).toHaveCount(0);
});
