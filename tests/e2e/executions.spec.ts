/** The executions list: start, find, follow. */
import { expect, orderScene, row, test, timelineStep, unique } from "./support";

test("an execution started from the dialog runs on a real worker, live before one's eyes", async ({
  signedIn: page,
  client,
}) => {
  const scene = await orderScene(client);
  try {
    await scene.work();
    await page.goto("/executions");
    await page.getByRole("button", { name: "Start execution" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Workflow").click();
    await page.getByRole("combobox", { name: "Find a workflow" }).fill(scene.workflow);
    await page.keyboard.press("Enter");
    await expect(dialog.getByText("Expects order: string, total?: number")).toBeVisible();
    await dialog.getByLabel("Input").fill('{"order": "o-1", "total": 250}');
    const key = unique("key");
    await dialog.getByLabel("Key").fill(key);
    await dialog.getByLabel("Tags").fill("vip, eu-west");
    await dialog.getByRole("button", { name: "Start execution" }).click();

    await expect(page.getByRole("heading", { name: key })).toBeVisible();
    await expect(timelineStep(page, "reserve")).toContainText("reserve");
    await expect(page.getByRole("option", { name: /^charge, Running/ })).toBeVisible();
    await expect(page.getByText("Live", { exact: true })).toBeVisible();
    scene.charge.open();
    await expect(page.getByRole("option", { name: /^ship, Completed/ })).toBeVisible();
    await expect(page.getByRole("option", { name: /^settle, Skipped/ })).toBeVisible();
    await expect(page.getByText("Complete", { exact: true })).toBeVisible();
    await expect(page.getByText("5 of 5 steps")).toBeVisible();
  } finally {
    await scene.end();
  }
});

test("the dialog says what is wrong with an input before and after it is sent", async ({ signedIn: page, client }) => {
  const scene = await orderScene(client);
  await page.goto(`/executions?workflow=${scene.workflow}`);
  await page.getByRole("button", { name: "Start execution" }).first().click();
  const dialog = page.getByRole("dialog");
  const submit = dialog.getByRole("button", { name: "Start execution" });
  await dialog.getByLabel("Input").fill("{");
  await expect(dialog.getByText(/Not valid JSON/)).toBeVisible();
  await expect(submit).toBeDisabled();
  await dialog.getByLabel("Input").fill('{"total": "much"}');
  await expect(dialog.getByText("Missing: order")).toBeVisible();
  await submit.click();
  await expect(dialog.getByRole("alert").last()).toContainText(/schema|input/i);
  await expect(dialog).toBeVisible();
});

test("filters stand in the URL, narrow the list, and can be cleared", async ({ signedIn: page, client }) => {
  const scene = await orderScene(client);
  const tag = unique("tag");
  const keys = [unique("a"), unique("b")];
  for (const key of keys) await client.start({ workflow: scene.workflow, input: { order: key }, key, tags: [tag] });
  await client.cancel(`key:${keys[0]}`);

  await page.goto(`/executions?workflow=${scene.workflow}`);
  await expect(row(page, keys[0] ?? "")).toContainText("Cancelled");
  await expect(row(page, keys[1] ?? "")).toContainText("Running");

  await page.getByRole("button", { name: "Status" }).click();
  await page.getByRole("option", { name: "Cancelled" }).click();
  await expect(page).toHaveURL(/status=cancelled/);
  await expect(row(page, keys[1] ?? "")).toHaveCount(0);
  await expect(row(page, keys[0] ?? "")).toBeVisible();

  await page.getByRole("button", { name: "Clear filters" }).click();
  await page.keyboard.press("/");
  await page.keyboard.type(keys[1] ?? "");
  await expect(page).toHaveURL(new RegExp(`q=${keys[1]}`));
  await expect(row(page, keys[1] ?? "")).toBeVisible();
  await row(page, keys[1] ?? "")
    .getByRole("button", { name: tag })
    .click();
  await expect(page).toHaveURL(new RegExp(`tag=${tag}`));

  await page.goto("/executions?q=nobody-has-this-key");
  await expect(page.getByRole("heading", { name: "No execution matches" })).toBeVisible();
  await page.getByRole("button", { name: "Clear filters" }).first().click();
  await expect(page.getByRole("table")).toBeVisible();
});

test("new executions and new states arrive by themselves, at the top or announced", async ({
  signedIn: page,
  client,
}) => {
  const scene = await orderScene(client);
  const starts = Array.from({ length: 70 }, (_, index) => ({
    workflow: scene.workflow,
    input: { order: String(index) },
  }));
  await client.startBatch(starts);
  await page.goto(`/executions?workflow=${scene.workflow}`);
  await expect(page.getByRole("row").nth(1)).toBeVisible();

  const first = unique("top");
  await client.start({ workflow: scene.workflow, input: { order: "x" }, key: first });
  await expect(row(page, first)).toBeVisible();

  const list = page.getByRole("region", { name: "Executions" });
  await list.evaluate((element) => element.scrollTo({ top: 900 }));
  const second = unique("later");
  await client.start({ workflow: scene.workflow, input: { order: "x" }, key: second });
  await page.getByRole("button", { name: "1 new execution" }).click();
  await expect(row(page, second)).toBeVisible();
  await client.cancel(`key:${second}`);
  await expect(row(page, second)).toContainText("Cancelled");
});

test("thousands of executions scroll, with only those in view in the document", async ({ signedIn: page, client }) => {
  const scene = await orderScene(client);
  const starts = Array.from({ length: 1000 }, (_, index) => ({
    workflow: scene.workflow,
    input: { order: String(index) },
  }));
  await client.startBatch(starts);
  await page.goto(`/executions?workflow=${scene.workflow}`);
  const list = page.getByRole("region", { name: "Executions" });
  await expect(page.getByRole("row").nth(5)).toBeVisible();
  await expect(async () => {
    await list.evaluate((element) => element.scrollTo({ top: element.scrollHeight }));
    await expect(page.getByText("1,000 executions")).toBeVisible({ timeout: 500 });
  }).toPass();
  expect(await page.getByRole("row").count()).toBeLessThan(80);
});
