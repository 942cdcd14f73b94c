/** One person's whole way: she starts, approves, finds what broke, sees why in its past, mends it and watches it complete. */
import { type Client, type Definition, fail, step, Worker } from "@cerebelum/sdk";
import type { Page } from "@playwright/test";
import { ADMIN, expect, test, timelineStep, URL_OF_SERVER, unique } from "./support";

async function publishOrder(client: Client, queue: string): Promise<string> {
  const workflow = unique("checkout");
  const definition: Definition = {
    name: workflow,
    inputSchema: {
      type: "object",
      required: ["order", "total"],
      properties: { order: { type: "string", title: "Order" }, total: { type: "number", title: "Total" } },
    },
    defaults: { queue, retry: { maxAttempts: 1 } },
    nodes: [
      { id: "reserve", type: "task", task: "reserve" },
      { id: "approve", type: "approval", title: '="Ship " + input.order + "?"' },
      { id: "charge", type: "task", task: "charge", input: "=input" },
      { id: "ship", type: "task", task: "ship" },
    ],
    edges: [
      { from: "reserve", to: "approve" },
      { from: "approve", port: "approved", to: "charge" },
      { from: "charge", to: "ship" },
    ],
  };
  await client.publish(definition);
  return workflow;
}

/** `bank` takes the money: a worker is mended by another bank. */
function workerFor(queue: string, bank: (order: { total: number }) => { charged: number }): Worker {
  return new Worker({
    url: URL_OF_SERVER(),
    apiKey: process.env.CEREBELUM_API_KEY ?? "",
    queues: [queue],
    steps: [
      step("reserve", async () => ({ shelf: "A-12" })),
      step("charge", async (order: { total: number }) => bank(order)),
      step("ship", async () => ({ parcel: "P-1" })),
    ],
  });
}

/** From the workflow's own page, by its form; the page of the execution follows. */
async function startByForm(page: Page, workflow: string, order: string, total: number): Promise<string> {
  await page.goto(`/workflows/${workflow}`);
  await page.getByRole("button", { name: "Start", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Order").fill(order);
  await dialog.getByLabel("Total").fill(String(total));
  await dialog.getByRole("button", { name: /^Start/ }).click();
  await expect(page).toHaveURL(/\/executions\/exe_\w+/);
  return /exe_\w+/.exec(page.url())?.[0] ?? "";
}

async function approveFromInbox(page: Page, id: string, title: string) {
  await page.getByRole("link", { name: /^Approvals/ }).click();
  const row = page.getByRole("row").filter({ hasText: id });
  await expect(row).toContainText(title);
  await row.click();
  await page.getByRole("complementary", { name: "Approval" }).getByRole("button", { name: "Approve" }).click();
  await expect(row).toHaveCount(0);
}

test("an order is started, approved, breaks, is understood, mended and completes", async ({ page, client }) => {
  test.setTimeout(240_000);
  const queue = unique("checkout");
  const workflow = await publishOrder(client, queue);
  const code = unique("CARD").toUpperCase();
  const broken = workerFor(queue, ({ total }) => {
    if (total > 100) fail({ code, message: "The bank knows no cards of this kind", retryable: false });
    return { charged: total };
  });
  const mended = workerFor(queue, ({ total }) => ({ charged: total }));
  await broken.start();
  try {
    await page.goto(`/workflows/${workflow}`);
    await page.getByLabel("Email").fill(ADMIN().email);
    await page.getByLabel("Password").fill(ADMIN().password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByRole("heading", { name: workflow })).toBeVisible();

    const good = await startByForm(page, workflow, "lamp-1", 40);
    await expect(page.getByRole("treeitem", { name: /^approve, Waiting/ })).toBeVisible();
    await approveFromInbox(page, good, "Ship lamp-1?");
    await expect(client.result(good)).resolves.toMatchObject({ status: "completed" });

    const bad = await startByForm(page, workflow, "lamp-2", 240);
    await approveFromInbox(page, bad, "Ship lamp-2?");
    await expect(client.result(bad)).resolves.toMatchObject({ status: "failed", error: { code } });

    await page.getByRole("link", { name: "Overview" }).click();
    await page.getByRole("region", { name: "Failures by error" }).getByRole("link", { name: code }).click();
    await page.getByRole("row").filter({ hasText: workflow }).click();
    await page
      .getByRole("complementary", { name: "Dead letter" })
      .getByRole("link", { name: "Open the execution" })
      .click();
    const end = page.getByRole("region", { name: "How it ended" });
    await expect(end).toContainText(`${code} in charge: The bank knows no cards of this kind`);

    const history = await client.history(bad);
    const failure = history.find(({ type }) => type === "StepAttemptFailed")?.sequence ?? 0;
    const moment = page.getByRole("slider", { name: "Moment of this execution" });
    await expect(moment).toHaveAttribute("aria-valuenow", String(history.length));
    await moment.focus();
    for (let at = history.length - 1; at >= failure - 1; at -= 1) {
      await page.keyboard.press("ArrowLeft");
      await expect(moment).toHaveAttribute("aria-valuenow", String(at));
    }
    await expect(page).toHaveURL(new RegExp(`at=${failure - 1}`));
    await expect(page.getByRole("treeitem", { name: /^charge, Scheduled/ })).toBeVisible();
    await expect(end).toHaveCount(0);
    await page.getByRole("button", { name: "Back to now" }).click();
    await expect(end).toBeVisible();

    await page.getByRole("button", { name: "More actions" }).click();
    await page.getByRole("menuitem", { name: "Compare" }).click();
    await expect(page.getByText("The last that completed before this one")).toBeVisible();
    await expect(
      page.getByRole("button", { name: `They part at charge: failed here (${code}), completed there.` }),
    ).toBeVisible();
    await page.goBack();

    await expect(end).toBeVisible();
    await page.getByRole("button", { name: "Close details" }).click();
    await expect(page.getByRole("heading", { name: "Execution", exact: true })).toBeVisible();
    await page.keyboard.press("r");
    const dialog = page.getByRole("dialog", { name: "Retry this execution" });
    const plan = dialog.getByRole("region", { name: "Plan" });
    await expect(plan.getByRole("list", { name: "1 step runs again" })).toContainText(`same key ${bad}:charge:1`);
    const kept = plan.getByRole("list", { name: "2 steps are kept" });
    await expect(kept).toContainText("reserve");
    await expect(kept).toContainText("approve");

    await broken.stop();
    await mended.start();
    await dialog.getByLabel("Reason").fill("The worker knows the new cards");
    await dialog.getByRole("button", { name: "Retry" }).click();
    await expect(end).toContainText("It completed.");
    await expect(timelineStep(page, "ship")).toBeVisible();
    await expect(client.result(bad)).resolves.toMatchObject({ status: "completed" });
    const ran = (await client.history(bad)).filter(({ type }) => type === "StepCompleted").map(({ data }) => data);
    expect(ran.map((data) => ("node" in data ? data.node : null))).toEqual(["reserve", "approve", "charge", "ship"]);
  } finally {
    await Promise.all([broken.stop(), mended.stop()]);
  }
});
