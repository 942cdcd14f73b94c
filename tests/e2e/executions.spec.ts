/** The executions list: start, find, follow. */
import type { Page } from "@playwright/test";
import { expect, orderScene, row, test, timelineStep, unique } from "./support";

/** Opens the list and waits until scripts have it: only then has it counted. */
async function openList(page: Page, query = "") {
  await page.goto(query ? `/executions?${query}` : "/executions");
  await expect(page.getByRole("button", { name: /^All [\d,]+\+?$/ })).toBeVisible();
}

test("an execution started from the dialog runs on a real worker, live before one's eyes", async ({
  signedIn: page,
  client,
}) => {
  const scene = await orderScene(client);
  try {
    await scene.work();
    await openList(page);
    await page.getByRole("button", { name: "Start execution" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Workflow").click();
    await page.getByRole("combobox", { name: "Find a workflow" }).fill(scene.workflow);
    await page.keyboard.press("Enter");
    await dialog.getByLabel("order").fill("o-1");
    await dialog.getByLabel("total").fill("250");
    const key = unique("key");
    await dialog.getByLabel("Key").fill(key);
    await dialog.getByLabel("Tags").fill("vip, eu-west");
    await dialog.getByRole("button", { name: "Start execution" }).click();

    await expect(page.getByRole("heading", { name: key })).toBeVisible();
    await expect(timelineStep(page, "reserve")).toContainText("reserve");
    await expect(page.getByRole("treeitem", { name: /^charge, Running/ })).toBeVisible();
    await expect(page.getByText("Live", { exact: true })).toBeVisible();
    scene.charge.open();
    await expect(page.getByRole("treeitem", { name: /^ship, Completed/ })).toBeVisible();
    await expect(page.getByRole("treeitem", { name: /^settle, Skipped/ })).toBeVisible();
    await expect(page.getByText("Complete", { exact: true })).toBeVisible();
    await expect(page.getByText("5 of 5 steps")).toBeVisible();
  } finally {
    await scene.end();
  }
});

test("the form says what is missing, and JSON what is wrong, before and after it is sent", async ({
  signedIn: page,
  client,
}) => {
  const scene = await orderScene(client);
  await openList(page, `workflow=${scene.workflow}`);
  await page.getByRole("button", { name: "Start execution" }).first().click();
  const dialog = page.getByRole("dialog");
  const submit = dialog.getByRole("button", { name: "Start execution" });
  await submit.click();
  await expect(dialog.getByText("Required.")).toBeVisible();
  await dialog.getByLabel("order").fill("o-1");
  await dialog.getByRole("radio", { name: "JSON" }).click();
  await expect(dialog.getByLabel("JSON", { exact: true }).last()).toHaveValue(/"order": "o-1"/);

  const json = dialog.getByRole("textbox", { name: "JSON" });
  await json.fill("{");
  await expect(dialog.getByText(/Not valid JSON/)).toBeVisible();
  await expect(submit).toBeDisabled();
  await json.fill('{"total": "much"}');
  await expect(dialog.getByText("Missing: order")).toBeVisible();
  await submit.click();
  await expect(dialog.getByRole("alert").last()).toContainText(/schema|input/i);
  await expect(dialog).toBeVisible();
});

test("an execution can be started later, found by its correlation id", async ({ signedIn: page, client }) => {
  const scene = await orderScene(client);
  await openList(page, `workflow=${scene.workflow}`);
  await page.getByRole("button", { name: "Start execution" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("order").fill("o-1");
  await dialog.getByText("More", { exact: true }).click();
  await dialog.getByLabel("Start at").fill(`${new Date().getFullYear() + 2}-01-01T08:00`);
  await dialog.getByLabel("Priority").fill("7");
  const correlation = unique("case");
  await dialog.getByLabel("Correlation id").fill(correlation);
  await dialog.getByRole("button", { name: "Start execution" }).click();
  await expect(page).toHaveURL(/\/executions\/exe_/);

  await openList(page, `correlationId=${correlation}`);
  await expect(page.getByRole("row").nth(1)).toContainText("Scheduled");
});

test("filters stand in the URL, narrow the list, and can be cleared", async ({ signedIn: page, client }) => {
  const scene = await orderScene(client);
  const tag = unique("tag");
  const keys = [unique("a"), unique("b")];
  for (const key of keys) await client.start({ workflow: scene.workflow, input: { order: key }, key, tags: [tag] });
  await client.cancel(`key:${keys[0]}`);

  await openList(page, `workflow=${scene.workflow}`);
  await expect(row(page, keys[0] ?? "")).toContainText("Cancelled");
  await expect(row(page, keys[1] ?? "")).toContainText("Running");

  await page
    .getByRole("group", { name: "Executions by status" })
    .getByRole("button", { name: /^Cancelled/ })
    .click();
  await expect(page).toHaveURL(/status=cancelled/);
  await expect(row(page, keys[1] ?? "")).toHaveCount(0);
  await expect(row(page, keys[0] ?? "")).toBeVisible();

  await page.getByRole("button", { name: "Remove filter Status" }).click();
  await expect(page).not.toHaveURL(/status=/);
  await page.getByRole("button", { name: "Clear filters" }).click();
  await page.keyboard.press("Escape");
  await page.locator("body").click({ position: { x: 700, y: 20 } });
  await page.keyboard.press("/");
  await page.keyboard.type(keys[1] ?? "");
  await expect(page).toHaveURL(new RegExp(`q=${keys[1]}`));
  await expect(row(page, keys[1] ?? "")).toBeVisible();
  await row(page, keys[1] ?? "")
    .getByRole("button", { name: tag })
    .click();
  await expect(page).toHaveURL(new RegExp(`tag=${tag}`));

  await openList(page, "q=nobody-has-this-key");
  await expect(page.getByRole("heading", { name: "No execution matches" })).toBeVisible();
  await page.getByRole("button", { name: "Clear filters" }).first().click();
  await expect(page.getByRole("table")).toBeVisible();
});

test("every filter is set by keyboard, told in words, and sent in a link", async ({ signedIn: page, client }) => {
  const scene = await orderScene(client);
  const key = unique("key");
  await client.start({ workflow: scene.workflow, input: { order: "o" }, key });
  await client.cancel(`key:${key}`);
  await openList(page);
  await expect(page.getByRole("table")).toBeVisible();
  const { keyboard } = page;
  const choose = async (filter: string) => {
    await keyboard.press("f");
    await page.getByRole("combobox", { name: "Find a filter" }).fill(filter);
    await keyboard.press("Enter");
  };

  await choose("Workflow");
  await page.getByRole("combobox", { name: "Find a workflow" }).fill(scene.workflow);
  await expect(page.getByRole("option", { name: scene.workflow })).toBeVisible();
  await keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`workflow=${scene.workflow}`));

  await choose("Status");
  const statuses = page.getByRole("combobox", { name: "Status" });
  await statuses.fill("cancelled");
  await keyboard.press("Enter");
  await statuses.fill("failed");
  await keyboard.press("Enter");
  await keyboard.press("Escape");
  await expect(page).toHaveURL(/status=failed,cancelled/);

  await choose("Duration");
  await page.getByLabel("Less than").fill("soon");
  await expect(page.getByText(/Not a duration/)).toBeVisible();
  await page.getByLabel("Less than").fill("1h 30m");
  await keyboard.press("Enter");
  await expect(page).toHaveURL(/maxDurationMs=5400000/);

  await choose("Started");
  await page.getByRole("button", { name: "Last 24 hours" }).press("Enter");
  await expect(page).toHaveURL(/startedAfter=24h/);
  await choose("Version");
  await page.getByLabel("Version").fill("1");
  await keyboard.press("Enter");
  await expect(row(page, key)).toBeVisible();

  await page.reload();
  const bar = page.getByRole("search", { name: "Filters" });
  for (const chip of ["Status Failed, Cancelled", "Started Last 24 hours", "Version v1", "Duration Under 1 h 30 min"])
    await expect(bar.getByRole("button", { name: chip, exact: true })).toBeVisible();
  await expect(row(page, key)).toContainText("Cancelled");

  await bar.getByRole("button", { name: "Duration Under 1 h 30 min" }).press("Delete");
  await expect(page).not.toHaveURL(/maxDurationMs/);
  await expect(bar.getByRole("button", { name: "Add filter" })).toBeFocused();
});

test("the strip counts by status over the filters, while they change", async ({ signedIn: page, client }) => {
  const scene = await orderScene(client);
  const starts = Array.from({ length: 7 }, (_, index) => ({ workflow: scene.workflow, input: { order: `${index}` } }));
  await client.startBatch(starts);
  const key = unique("key");
  await client.start({ workflow: scene.workflow, input: { order: "o" }, key });
  await openList(page, `workflow=${scene.workflow}`);
  const strip = page.getByRole("group", { name: "Executions by status" });
  await expect(strip.getByRole("button", { name: "All 8" })).toBeVisible();
  await expect(strip.getByRole("button", { name: "Running 8" })).toBeVisible();
  await client.cancel(`key:${key}`);
  await expect(strip.getByRole("button", { name: "Cancelled 1" })).toBeVisible();
  await strip.getByRole("button", { name: "Cancelled 1" }).click();
  await expect(strip.getByRole("button", { name: "Running 7" })).toBeVisible();
  await strip.getByRole("button", { name: "Running 7" }).click({ modifiers: ["ControlOrMeta"] });
  await expect(page).toHaveURL(/status=running,cancelled/);
});

test("columns are chosen and ordered, and stay so", async ({ signedIn: page, client }) => {
  const scene = await orderScene(client);
  await client.start({ workflow: scene.workflow, input: { order: "o" }, correlationId: "case-1" });
  await openList(page, `workflow=${scene.workflow}`);
  const heads = page.getByRole("columnheader");
  await expect(heads).toHaveText(["", "Status", "Execution", "Workflow", "Error", "Tags", "Started", "Duration"]);
  await page.getByRole("button", { name: "Columns" }).click();
  await page.getByRole("checkbox", { name: "Show column Tags" }).click();
  await page.getByRole("checkbox", { name: "Show column Correlation id" }).click();
  await page.getByRole("button", { name: "Move Error to the left" }).click();
  await page.keyboard.press("Escape");
  const chosen = ["", "Status", "Execution", "Error", "Workflow", "Correlation id", "Started", "Duration"];
  await expect(heads).toHaveText(chosen);
  await expect(page.getByRole("cell", { name: "case-1" })).toBeVisible();
  await page.reload();
  await expect(heads).toHaveText(chosen);
  await page.getByRole("button", { name: "Columns" }).click();
  await page.getByRole("button", { name: "Reset" }).click();
  await expect(heads.nth(3)).toHaveText("Workflow");
});

test("a view is kept under a name, changed, and deleted", async ({ signedIn: page, client }) => {
  const scene = await orderScene(client);
  const key = unique("key");
  await client.start({ workflow: scene.workflow, input: { order: "o" }, key });
  const name = unique("My view");
  await openList(page, `workflow=${scene.workflow}`);
  const views = page.getByRole("navigation", { name: "Views" });
  await views.getByRole("button", { name: "Save view" }).click();
  await page.getByRole("dialog").getByRole("textbox", { name: "Name" }).fill(name);
  await page.keyboard.press("Enter");
  await expect(views.getByRole("link", { name })).toHaveAttribute("aria-current", "page");

  await views.getByRole("link", { name: "Failed today" }).click();
  await expect(page).toHaveURL(/status=failed,timed_out&closedAfter=today/);
  await expect(row(page, key)).toHaveCount(0);
  await views.getByRole("link", { name }).click();
  await expect(row(page, key)).toBeVisible();

  await page
    .getByRole("group", { name: "Executions by status" })
    .getByRole("button", { name: /^Failed/ })
    .click();
  await expect(views.getByText("edited")).toBeVisible();
  await views.getByRole("button", { name: `Actions of view ${name}` }).click();
  await page.getByRole("menuitem", { name: "Save changes" }).click();
  await expect(views.getByText("edited")).toHaveCount(0);
  await page.reload();
  await expect(views.getByRole("link", { name })).toHaveAttribute("aria-current", "page");
  await expect(page).toHaveURL(/status=failed/);

  await views.getByRole("button", { name: `Actions of view ${name}` }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await expect(views.getByRole("link", { name })).toHaveCount(0);
});

test("the list is walked, opened and selected by keys", async ({ signedIn: page, client }) => {
  const scene = await orderScene(client);
  const keys = Array.from({ length: 5 }, (_, index) => unique(`row${index}`));
  for (const key of keys) await client.start({ workflow: scene.workflow, input: { order: key }, key });
  await openList(page, `workflow=${scene.workflow}`);
  await expect(page.getByRole("row")).toHaveCount(6);
  const { keyboard } = page;
  const link = (index: number) => page.getByRole("row").nth(index).getByRole("link");
  const selected = page.getByRole("toolbar", { name: "Actions on the selected executions" });

  await keyboard.press("j");
  await expect(link(1)).toBeFocused();
  await keyboard.press("j");
  await expect(link(2)).toBeFocused();
  await keyboard.press("ArrowDown");
  await expect(link(3)).toBeFocused();
  await keyboard.press("k");
  await expect(link(2)).toBeFocused();
  await keyboard.press("x");
  await expect(selected).toContainText("1 selected");
  await keyboard.press("j");
  await expect(link(3)).toBeFocused();
  await keyboard.press("j");
  await expect(link(4)).toBeFocused();
  await keyboard.press("Shift+X");
  await expect(selected).toContainText("3 selected");
  await keyboard.press("a");
  await expect(selected).toContainText("5 selected");
  await keyboard.press("Escape");
  await expect(selected).toHaveCount(0);

  await page.getByRole("checkbox", { name: `Select ${keys[4]}` }).click();
  await page.getByRole("checkbox", { name: `Select ${keys[1]}` }).click({ modifiers: ["Shift"] });
  await expect(selected).toContainText("4 selected");
  await keyboard.press("Escape");
  await link(2).focus();
  await keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: keys[3] })).toBeVisible();
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
  await openList(page, `workflow=${scene.workflow}`);
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
  await openList(page, `workflow=${scene.workflow}`);
  const list = page.getByRole("region", { name: "Executions" });
  await expect(page.getByRole("row").nth(5)).toBeVisible();
  await expect(async () => {
    await list.evaluate((element) => element.scrollTo({ top: element.scrollHeight }));
    await expect(page.getByText("1,000 executions")).toBeVisible({ timeout: 500 });
  }).toPass();
  expect(await page.getByRole("row").count()).toBeLessThan(80);
});
