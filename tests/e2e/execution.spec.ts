/** One execution: what happened, why, and what can be done. */
import { expect, orderScene, test, timelineStep, unique } from "./support";

test("a failed step is understood on one selection: timeline, inspector, events, graph", async ({
  signedIn: page,
  client,
}) => {
  const scene = await orderScene(client, { failures: 3 });
  try {
    scene.charge.open();
    await scene.work();
    const { id } = await client.start({ workflow: scene.workflow, input: { order: "o-1" } });
    await page.goto(`/executions/${id}`);
    await expect(page.getByRole("region", { name: "How it ended" })).toContainText(
      "PAYMENT_DECLINED in charge: The bank declined the charge",
    );

    await timelineStep(page, "charge").click();
    await expect(page).toHaveURL(/step=charge/);
    const inspector = page.getByRole("complementary", { name: "Step details" });
    await expect(inspector.getByRole("tab", { name: "Attempts 3" })).toBeVisible();
    await expect(inspector.getByRole("region", { name: "Error" })).toContainText("PAYMENT_DECLINED");
    await expect(inspector.getByRole("region", { name: "Details" })).toContainText("limit");

    await page.keyboard.press("2");
    await expect(page).toHaveURL(/view=events/);
    await page.getByRole("button", { name: "All types" }).click();
    await page.getByRole("option", { name: "StepAttemptFailed" }).click();
    await expect(page.getByRole("tabpanel").getByRole("listitem")).toHaveCount(3);
    await page.getByRole("tabpanel").getByRole("listitem").first().getByRole("button").first().click();
    await expect(page.getByRole("region", { name: "Raw JSON" })).toContainText('"PAYMENT_DECLINED"');

    await page.keyboard.press("3");
    await expect(page.getByText("Failed").last()).toBeVisible();
    const graph = page.locator(".react-flow");
    await expect(graph.getByText("×3")).toBeVisible();
    await expect(graph.getByText("Not reached").first()).toBeVisible();
    await graph.getByText("reserve").click();
    await expect(page).toHaveURL(/step=reserve/);
    await expect(inspector.getByRole("region", { name: "Output" })).toContainText("A-12");
  } finally {
    await scene.end();
  }
});

test("a retried step shows its attempts and what lay between them", async ({ signedIn: page, client }) => {
  const scene = await orderScene(client, { failures: 1 });
  try {
    scene.charge.open();
    await scene.work();
    const { id } = await client.start({ workflow: scene.workflow, input: { order: "o-1", total: 5 } });
    await client.result(id);
    await page.goto(`/executions/${id}?step=charge`);
    await expect(page.getByRole("treeitem", { name: /^charge, Completed, 2 attempts/ })).toBeVisible();
    await expect(timelineStep(page, "charge").locator("[data-span=backoff]")).toBeVisible();
    await expect(timelineStep(page, "settle").locator("[data-span=sleeping]")).toBeVisible();
    const inspector = page.getByRole("complementary", { name: "Step details" });
    await inspector.getByRole("tab", { name: "Attempts 2" }).click();
    await expect(inspector.getByText("Attempt 1")).toBeVisible();
    await inspector.getByRole("tab", { name: "Summary" }).click();
    await timelineStep(page, "large").click();
    await expect(inspector.getByText("input.total > 100.0")).toBeVisible();
    await expect(inspector.getByText("input.total = 5")).toBeVisible();
  } finally {
    await scene.end();
  }
});

test("an open execution says what it waits for, and can be cancelled with a reason", async ({
  signedIn: page,
  client,
}) => {
  const scene = await orderScene(client);
  const key = unique("cancel");
  await client.start({ workflow: scene.workflow, input: { order: "o-1" }, key });
  await page.goto(`/executions/key:${key}`);
  await expect(page).toHaveURL(/\/executions\/exe_/);
  await expect(page.getByText(`No worker that runs reserve has ever polled queue ${scene.queue}`)).toBeVisible();

  await page.getByRole("button", { name: "Cancel" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("1 open step will be cancelled");
  await dialog.getByLabel("Reason").fill("Ordered twice");
  await dialog.getByRole("button", { name: "Cancel execution" }).click();
  await expect(page.getByRole("treeitem", { name: /^reserve, Cancelled/ })).toBeVisible();
  await expect(page.getByRole("button", { name: "Cancel" })).toHaveCount(0);
  await expect(page.getByText("Ordered twice")).toBeVisible();
});

test("a lost stream is said, and resumes without loss or repeat", async ({ signedIn: page, client }) => {
  const scene = await orderScene(client);
  const key = unique("lost");
  const { id } = await client.start({ workflow: scene.workflow, input: { order: "o-1" }, key });
  await page.route("**/events/stream", (route) => route.abort());
  await page.goto(`/executions/${id}?view=events`);
  await expect(page.getByText(/^Reconnecting, data from/)).toBeVisible();
  await page.unroute("**/events/stream");
  await expect(page.getByText("Live", { exact: true })).toBeVisible();
  await client.cancel(id);
  await expect(page.getByText("Complete", { exact: true })).toBeVisible();
  const history = await client.history(id);
  await expect(page.getByRole("tabpanel").getByRole("listitem")).toHaveCount(history.length);
});

test("a fork to another version is drawn by the version that it went on with", async ({ signedIn: page, client }) => {
  const name = unique("forked");
  const value = (id: string) => ({ id, type: "transform" as const, value: id });
  const nap = { id: "nap", type: "sleep" as const, duration: "1h" };
  await client.publish({ name, nodes: [value("old"), nap], edges: [{ from: "old", to: "nap" }] });
  const { id } = await client.start({ workflow: name });
  await client.publish({ name, nodes: [value("old"), value("added")], edges: [{ from: "old", to: "added" }] });
  const fork = await client.fork(id, { at: 2, version: 2 });
  await client.cancel(id);
  await client.result(fork.id);
  await page.goto(`/executions/${fork.id}?view=graph`);
  const graph = page.locator(".react-flow");
  await expect(graph.getByText("added")).toBeVisible();
  await expect(graph.getByText("Completed")).toHaveCount(2);
  await page.keyboard.press("1");
  await expect(page.getByRole("treeitem", { name: /^added, Completed/ })).toBeVisible();
});

test("an execution that is not there is said to be missing", async ({ signedIn: page }) => {
  await page.goto("/executions/exe_0000000000000");
  await expect(page.getByRole("heading", { name: "This execution does not exist" })).toBeVisible();
});
