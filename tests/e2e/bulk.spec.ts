/** Many executions at once: a thousand that failed are repaired, and nothing happens to those that were not meant. */

import { type Client, type Definition, fail, step, Worker } from "@cerebelum/sdk";
import type { Page } from "@playwright/test";
import { barriers } from "./axe";
import { expect, test, URL_OF_SERVER, unique } from "./support";

/** A workflow whose one step fails until it is mended, and a worker for it. */
async function brokenScene(client: Client) {
  const queue = unique("broken");
  const workflow = unique("sync");
  const definition: Definition = {
    name: workflow,
    defaults: { queue, retry: { maxAttempts: 1 } },
    nodes: [{ id: "push", type: "task", task: "push" }],
    edges: [],
  };
  await client.publish(definition);
  let isBroken = true;
  const push = step("push", async () => {
    if (isBroken) fail({ code: "UPSTREAM_DOWN", message: "The other side answers 503" });
    return { pushed: true };
  });
  const worker = new Worker({
    url: URL_OF_SERVER(),
    apiKey: process.env.CEREBELUM_API_KEY ?? "",
    steps: [push],
    queues: [queue],
    capacity: 100,
    name: `worker-of-${workflow}`,
  });
  await worker.start();
  return {
    workflow,
    start: (n: number) => client.startBatch(Array.from({ length: n }, () => ({ workflow }))),
    mend: () => {
      isBroken = false;
    },
    end: () => worker.stop(),
  };
}

const strip = (page: Page) => page.getByRole("group", { name: "Executions by status" });
const bar = (page: Page) => page.getByRole("toolbar", { name: "Actions on the selected executions" });
const operations = (page: Page) => page.getByRole("region", { name: "Operations" });

/** Opens the list and waits until scripts have it: only then has it counted. */
async function openList(page: Page, query: string) {
  await page.goto(`/executions?${query}`);
  await expect(strip(page).getByRole("button", { name: /^All [\d,]+\+?$/ })).toBeVisible();
}

test("a thousand failed executions are repaired from the list", async ({ signedIn: page, client }) => {
  test.setTimeout(300_000);
  const scene = await brokenScene(client);
  try {
    await scene.start(1000);
    await openList(page, `workflow=${scene.workflow}&errorCode=UPSTREAM_DOWN`);
    await expect(strip(page).getByRole("button", { name: "Failed 1,000" })).toBeVisible({ timeout: 120_000 });
    await expect(page.getByRole("row").nth(1)).toContainText("UPSTREAM_DOWN");
    await expect(page.getByRole("row").nth(1)).toContainText("The other side answers 503");
    scene.mend();

    await page.getByRole("checkbox", { name: "Select all that are loaded" }).click();
    await bar(page).getByRole("button", { name: "Select all 1,000 that match" }).click();
    await expect(bar(page)).toContainText("All 1,000 executions that match");
    await expect(bar(page).getByRole("button", { name: "Terminate" })).toBeDisabled();
    await bar(page).getByRole("button", { name: "Retry" }).click();
    const dialog = page.getByRole("dialog", { name: "Retry 1,000 executions?" });
    await dialog.getByLabel("Reason").fill("The other side is back");
    const submit = dialog.getByRole("button", { name: "Retry 1,000 executions" });
    await expect(submit).toBeDisabled();
    await dialog.getByLabel("Type 1,000 to confirm").fill("1000");
    await submit.click();

    await expect(operations(page)).toBeVisible();
    await expect(bar(page)).toHaveCount(0);
    await page.getByRole("link", { name: "Workers" }).click();
    await expect(page.getByRole("heading", { name: "Workers" })).toBeVisible();
    await openList(page, `workflow=${scene.workflow}`);
    await expect(operations(page).getByRole("heading", { name: "Retried 1,000 executions" })).toBeVisible({
      timeout: 120_000,
    });
    await expect(strip(page).getByRole("button", { name: "Completed 1,000" })).toBeVisible({ timeout: 120_000 });
    await expect(strip(page).getByRole("button", { name: "Failed 0" })).toBeVisible();
    await page.reload();
    await expect(operations(page)).toBeVisible();
    await operations(page)
      .getByRole("button", { name: /^Dismiss/ })
      .click();
    await expect(operations(page)).toHaveCount(0);
  } finally {
    await scene.end();
  }
});

test("what is refused is told by code, with links to the executions", async ({ signedIn: page, client }) => {
  const scene = await brokenScene(client);
  try {
    await scene.start(3);
    await openList(page, `workflow=${scene.workflow}`);
    await expect(strip(page).getByRole("button", { name: "Failed 3" })).toBeVisible();
    await expect(page.getByRole("row").nth(3)).toContainText("Failed");
    scene.mend();
    const { items } = await client.list({ workflow: scene.workflow });
    await page.getByRole("checkbox", { name: "Select all that are loaded" }).click();
    await bar(page).getByRole("button", { name: "Retry" }).click();
    await expect(page.getByRole("dialog")).toBeVisible();
    // Somebody else was faster with one of them.
    const first = items[0]?.id ?? "";
    await client.retry(first);
    await client.result(first);
    await page.getByRole("button", { name: "Retry 3 executions" }).click();

    const card = operations(page);
    await expect(card.getByRole("heading", { name: "Retried 2 executions" })).toBeVisible();
    await expect(card).toContainText("1 refused");
    await card.getByRole("button", { name: /Not failed or timed out any more/ }).click();
    await card.getByRole("link").click();
    await expect(page).toHaveURL(new RegExp(first));
  } finally {
    await scene.end();
  }
});

test("only those that can take an action are asked to, and cancelling many needs their number", async ({
  signedIn: page,
  client,
}) => {
  const workflow = unique("idle");
  await client.publish({
    name: workflow,
    nodes: [{ id: "wait", type: "sleep", duration: "1h" }],
    edges: [],
  });
  await client.startBatch(Array.from({ length: 12 }, () => ({ workflow })));
  await openList(page, `workflow=${workflow}`);
  await expect(strip(page).getByRole("button", { name: "Waiting 12" })).toBeVisible();
  await page.keyboard.press("a");
  await expect(bar(page)).toContainText("12 selected");
  await expect(bar(page).getByRole("button", { name: "Retry" })).toBeDisabled();
  await bar(page).getByRole("button", { name: "Pause" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Pause 12 executions" }).click();
  await expect(strip(page).getByRole("button", { name: "Paused 12" })).toBeVisible();

  await expect(page.getByRole("row").nth(1)).toContainText("Paused");
  await page.keyboard.press("a");
  await bar(page).getByRole("button", { name: "Cancel" }).click();
  const dialog = page.getByRole("dialog", { name: "Cancel 12 executions?" });
  const submit = dialog.getByRole("button", { name: "Cancel 12 executions" });
  await dialog.getByLabel("Type 12 to confirm").fill("11");
  await expect(submit).toBeDisabled();
  await dialog.getByLabel("Type 12 to confirm").fill("12");
  await submit.click();
  await expect(strip(page).getByRole("button", { name: "Cancelled 12" })).toBeVisible();
});

test("axe finds nothing among selected executions and their dialogs", async ({ signedIn: page, client }) => {
  const workflow = unique("idle");
  await client.publish({ name: workflow, nodes: [{ id: "wait", type: "sleep", duration: "1h" }], edges: [] });
  await client.startBatch(Array.from({ length: 12 }, () => ({ workflow })));
  await openList(page, `workflow=${workflow}&startedAfter=24h&status=waiting`);
  await expect(page.getByRole("row").nth(12)).toBeVisible();
  const look = async (at: string) => expect(await barriers(page), at).toEqual([]);
  await page.keyboard.press("a");
  await expect(bar(page)).toBeVisible();
  await look("selection");
  await bar(page).getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByRole("dialog").getByLabel("Reason")).toBeVisible();
  await look("bulk dialog");
  await page.keyboard.press("Escape");
  for (const filter of ["Status", "Closed", "Duration", "Tag"]) {
    await page.getByRole("button", { name: "Add filter" }).click();
    await page.getByRole("combobox", { name: "Find a filter" }).fill(filter);
    await page.keyboard.press("Enter");
    await look(`filter ${filter}`);
    await page.keyboard.press("Escape");
  }
  await page.getByRole("button", { name: "Columns" }).click();
  await expect(page.getByRole("checkbox", { name: "Show column Tags" })).toBeVisible();
  await look("columns");
});
