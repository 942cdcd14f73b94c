/** The overview: what needs attention, how it ran, and the first steps of an empty namespace up to an execution that ran. */
import { Worker } from "@cerebelum/sdk";
import type { Page } from "@playwright/test";
import { steps } from "../../examples/first-order/steps";
import { barriers } from "./axe";
import { expect, orderScene, test, URL_OF_SERVER, unique } from "./support";

/** Goes on in another namespace, and answers the one that it left. */
async function enterNamespace(page: Page, name: (here: string) => string): Promise<string> {
  const here = await page.locator('meta[name="cerebelum-namespace"]').getAttribute("content");
  const namespace = name(here ?? "");
  await page.evaluate(async (place) => {
    const answer = await fetch("/api/v1/me/namespace", {
      method: "PUT",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ namespace: place }),
    });
    if (!answer.ok) throw new Error(await answer.text());
  }, namespace);
  return here ?? "";
}

async function createNamespace(page: Page, name: string) {
  await page.goto("/settings/namespaces");
  await page.getByRole("button", { name: "Create namespace" }).click();
  await page.getByRole("dialog").getByLabel("Name").fill(name);
  await page.getByRole("dialog").getByRole("button", { name: "Create namespace" }).click();
  await expect(page.getByRole("button", { name: `Open ${name}` })).toBeVisible();
}

test("an empty namespace leads to an execution that ran, without leaving the browser", async ({ signedIn: page }) => {
  const name = unique("first");
  await createNamespace(page, name);
  const home = await enterNamespace(page, (here) => `${here.split("/")[0]}/${name}`);
  let worker: Worker | null = null;
  try {
    await page.goto("/overview");
    await expect(page.getByRole("heading", { name: "Your first execution" })).toBeVisible();
    await expect(page.getByRole("listitem").filter({ hasText: "Publish the example workflow" })).toBeVisible();
    expect(await barriers(page)).toEqual([]);
    await page.getByRole("button", { name: "Publish the example" }).click();
    await expect(page.getByText("Published", { exact: true })).toBeVisible();

    await page.getByRole("button", { name: "Make a key" }).click();
    const command = page.getByRole("code").filter({ hasText: "examples/first-order/worker.ts" });
    await expect(command).not.toContainText("<your key>");
    const [, url = "", apiKey = ""] =
      (await command.innerText()).match(/CEREBELUM_URL=(\S+) CEREBELUM_API_KEY=(\S+)/) ?? [];
    expect(url).toBe(new URL(page.url()).origin);
    worker = new Worker({ url: URL_OF_SERVER(), apiKey, steps, queues: ["first_order"], name: `worker-of-${name}` });
    await worker.start();
    await expect(page.getByText("A worker is connected")).toBeVisible();

    await page.getByRole("button", { name: "Start the example" }).click();
    await expect(page.getByText("Ship lamp-1 for 240?")).toBeVisible();
    // What was done is a fact, and survives a reload.
    await page.reload();
    await expect(page.getByText("A worker is connected")).toBeVisible();
    await expect(page.getByRole("link", { name: "Open the execution" })).toBeVisible();
    await page.getByRole("button", { name: "Approve" }).click();
    await expect(page.getByText("Its timeline, graph and history")).toBeVisible();
    expect(await barriers(page)).toEqual([]);

    await page.getByRole("button", { name: "Go to the overview" }).click();
    await expect(page.getByRole("heading", { name: "Overview" })).toBeVisible();
    await page.reload();
    await expect(page.getByRole("heading", { name: "Overview" })).toBeVisible();
  } finally {
    await worker?.stop();
    await enterNamespace(page, () => home);
  }
});

test("first steps that were dismissed stay away", async ({ signedIn: page }) => {
  const name = unique("quiet");
  await createNamespace(page, name);
  const home = await enterNamespace(page, (here) => `${here.split("/")[0]}/${name}`);
  try {
    await page.goto("/overview");
    await page.getByRole("button", { name: "Dismiss" }).click();
    await expect(page.getByText("All is well")).toBeVisible();
    await page.reload();
    await expect(page.getByText("All is well")).toBeVisible();
    await expect(page.getByText("Your first execution")).toHaveCount(0);
    expect(await barriers(page)).toEqual([]);
  } finally {
    await enterNamespace(page, () => home);
  }
});

test("failures lead to their dead letters, charts to the executions they count", async ({ signedIn: page, client }) => {
  const scene = await orderScene(client, { failures: 3 });
  try {
    scene.charge.open();
    await scene.work();
    const { id } = await client.start({ workflow: scene.workflow, input: { order: "o" } });
    expect((await client.result(id)).status).toBe("failed");
    await page.goto("/overview");
    const failures = page.getByRole("list", { name: "Failures by error" });
    await expect(failures.getByRole("link", { name: "PAYMENT_DECLINED", exact: true }).first()).toHaveAttribute(
      "href",
      /^\/dead-letters\?fingerprint=.+/,
    );

    // Range and workflow stand in the address.
    await page.getByRole("radio", { name: "1 h", exact: true }).click();
    await expect(page).toHaveURL(/window=1h/);
    await page.goto(`/overview?window=1h&workflow=${scene.workflow}`);
    await expect(page.getByRole("heading", { name: "How it ran in the last hour" })).toBeVisible();
    await expect(page.getByRole("cell", { name: "100 %" })).toBeVisible();

    // By keys: the last bucket that counts something is found, told, and opened.
    const chart = page.getByRole("slider", { name: /^Throughput/ });
    await chart.focus();
    await chart.press("End");
    const told = () => chart.getAttribute("aria-valuetext");
    for (let left = 60; left > 0 && (await told())?.includes("Started 0"); left--) await chart.press("ArrowLeft");
    expect(await told()).toContain("Started 1");
    expect(await barriers(page)).toEqual([]);

    // The same numbers as a table, whose cells lead on.
    await page.getByRole("button", { name: "Show numbers Failure rate" }).click();
    const numbers = page.getByRole("table", { name: "Failure rate in numbers" });
    await numbers.getByRole("link", { name: "100 %" }).click();
    await expect(page).toHaveURL(/\/executions\?status=failed%2Ctimed_out&workflow=.*closedAfter=.*closedBefore=/);
    await expect(page.getByText(id.slice(-6)).first()).toBeVisible();
  } finally {
    await scene.end();
  }
});
