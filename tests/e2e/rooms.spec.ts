/** Workers, queues, workflows and the namespace's settings: looked at, changed, and found as they were left. */
import type { Node } from "@cerebelum/sdk";
import { expect, orderScene, test, unique } from "./support";

test("a queue is paused and resumed, a worker drained, and another led to connect", async ({
  signedIn: page,
  client,
}) => {
  const scene = await orderScene(client);
  await scene.work();
  try {
    await page.goto(`/queues?queue=${scene.queue}`);
    const queue = page.getByRole("complementary", { name: "Queue" });
    await expect(queue.getByRole("link", { name: `worker-of-${scene.workflow}` })).toBeVisible();
    await queue.getByRole("button", { name: "Pause queue" }).click();
    await expect(queue).toContainText("Paused");
    await queue.getByRole("button", { name: "Change limits" }).click();
    await page.getByRole("dialog").getByLabel("Tasks").first().fill("5");
    await page.getByRole("dialog").getByRole("button", { name: "Save limits" }).click();
    await expect(queue).toContainText("5 tasks in 1.00 s");
    await queue.getByRole("button", { name: "Resume queue" }).click();
    await expect(queue.getByRole("button", { name: "Pause queue" })).toBeVisible();

    await queue.getByRole("link", { name: `worker-of-${scene.workflow}` }).click();
    const worker = page.getByRole("complementary", { name: "Worker" });
    await worker.getByRole("button", { name: "Drain" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Drain" }).click();
    await expect(worker).toContainText("Draining");

    await page.getByRole("button", { name: "Connect a worker" }).click();
    const connect = page.getByRole("dialog");
    const other = unique("other");
    await connect.getByLabel("Only on queue").fill(other);
    await connect.getByRole("button", { name: "Make a key" }).click();
    await expect(connect).toContainText("CEREBELUM_API_KEY=cbk_");
  } finally {
    await scene.end();
  }
});

test("two versions of a workflow are compared, and one is started from its room", async ({
  signedIn: page,
  client,
}) => {
  const name = unique("flow");
  const first: Node = { id: "first", type: "sleep", duration: 10 };
  const second: Node = { id: "second", type: "sleep", duration: 10 };
  const third: Node = { id: "third", type: "sleep", duration: 1 };
  await client.publish({ name, nodes: [first, second], edges: [{ from: "first", to: "second" }] });
  await client.publish({
    name,
    nodes: [first, { ...second, duration: 20 }, third],
    edges: [
      { from: "first", to: "second" },
      { from: "second", to: "third" },
    ],
  });
  await page.goto(`/workflows?q=${name}`);
  await page.getByRole("link", { name, exact: true }).click();
  await expect(page.getByRole("heading", { name })).toBeVisible();
  await expect(page.locator(".react-flow").getByText("third")).toBeVisible();
  await page.getByRole("tab", { name: "Changes" }).click();
  await expect(page.getByText("1 added, 1 changed, 0 removed")).toBeVisible();
  await expect(page.getByRole("region", { name: "second" })).toContainText("/duration");
  await page.getByRole("button", { name: "v1", exact: true }).click();
  await expect(page).toHaveURL(/version=1/);
  await page.getByRole("tab", { name: "Definition" }).click();
  await expect(page.getByRole("region", { name: "Definition" }).last()).toContainText("second");

  await page.getByRole("button", { name: "Start", exact: true }).click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: /^Start/ })
    .click();
  await expect(page).toHaveURL(/\/executions\/exe_/);
  await page.goto(`/workflows/${name}/versions/1`);
  await expect(page).toHaveURL(new RegExp(`/workflows/${name}\\?version=1`));
});

test("limits and retention are kept, an alert is tried out, a namespace is deleted", async ({ signedIn: page }) => {
  await page.goto("/settings/limits");
  await page.getByLabel("Events of a history").fill("500000");
  await page.getByLabel("Cancelled").fill("90d");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Saved.").first()).toBeVisible();
  await page.reload();
  await expect(page.getByLabel("Events of a history")).toHaveValue("500000");
  await page.getByLabel("Events of a history").fill("");
  await page.getByLabel("Cancelled").fill("soon");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("alert").filter({ hasText: /./ }).first()).toBeVisible();
  await page.getByLabel("Cancelled").fill("");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Saved.").first()).toBeVisible();

  await page.goto("/settings/alerts");
  await page.getByRole("button", { name: "New alert" }).click();
  const name = unique("hook");
  await page.getByRole("dialog").getByLabel("Name").fill(name);
  await page.getByRole("dialog").getByLabel("URL").fill("https://alerts.invalid/hook");
  await page.getByRole("dialog").getByRole("button", { name: "Create alert" }).click();
  await expect(page.getByRole("dialog", { name: "The webhook's secret" })).toContainText("whsec_");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: `Actions for ${name}` }).click();
  await page.getByRole("menuitem", { name: "Send a test" }).click();
  await expect(page.getByText("The test did not arrive").first()).toBeVisible();
  await page.getByRole("button", { name: `Actions for ${name}` }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await expect(page.getByText(name)).toHaveCount(0);

  const namespace = unique("scratch");
  await page.goto("/settings/namespaces");
  await page.getByRole("button", { name: "Create namespace" }).click();
  await page.getByRole("dialog").getByLabel("Name").fill(namespace);
  await page.getByRole("dialog").getByRole("button", { name: "Create namespace" }).click();
  await page.getByRole("button", { name: `Actions for ${namespace}` }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await page.getByRole("dialog").getByLabel(`Type ${namespace} to confirm`).fill(namespace);
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await expect(page.getByRole("button", { name: `Actions for ${namespace}` })).toHaveCount(0);
});
