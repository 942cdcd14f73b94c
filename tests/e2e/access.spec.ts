/** Everyone can use it: nothing that axe finds, and all of it by keyboard alone. */
import type { Client } from "@cerebelum/sdk";
import type { Page } from "@playwright/test";
import { barriers } from "./axe";
import { ADMIN, expect, orderScene, test, timeline, URL_OF_SERVER, unique } from "./support";

type Scene = Awaited<ReturnType<typeof orderScene>>;

interface Seen {
  workflow: string;
  queue: string;
  failed: string;
  worker: string;
  /** A workflow that asks, and its approvals. */
  asking: string;
  pending: string;
  approved: string;
  schedule: string;
  letter: string;
}

/** Something of each kind, so that no page is empty. */
async function somethingOfEach(page: Page, client: Client, scene: Scene): Promise<Seen> {
  const ask = async <T>(path: string, data?: unknown): Promise<T> => {
    const answer = await page.request.fetch(`/api/v1${path}`, {
      method: data === undefined ? "GET" : "POST",
      headers: { origin: URL_OF_SERVER() },
      ...(data !== undefined && { data }),
    });
    expect(answer.ok(), `${path}: ${await answer.text()}`).toBe(true);
    return answer.json();
  };
  const { workflow, queue } = scene;
  const tags = ["vip", "eu-west"];
  const { id: failed } = await client.start({ workflow, input: { order: "o" }, key: unique("axe"), tags });
  await client.result(failed);
  const asking = unique("asking");
  const form = { type: "object", required: ["reason"], properties: { reason: { type: "string", title: "Reason" } } };
  await client.publish({
    name: asking,
    nodes: [{ id: "gate", type: "approval", title: "Refund it?", form }],
    edges: [],
  });
  const approvals: string[] = [];
  for (let each = 0; each < 2; each += 1) {
    const { id } = await client.start({ workflow: asking });
    await expect
      .poll(async () => (await ask<{ items: { id: string }[] }>(`/approvals?execution=${id}`)).items.length)
      .toBe(1);
    approvals.push(
      ...(await ask<{ items: { id: string }[] }>(`/approvals?execution=${id}`)).items.map((item) => item.id),
    );
  }
  const [pending = "", approved = ""] = approvals;
  await ask(`/approvals/${approved}/decide`, { decision: "approved", data: { reason: "Broken" } });
  const schedule = await ask<{ id: string }>("/schedules", {
    name: unique("nightly"),
    cron: "0 3 * * *",
    workflow,
    input: { order: "o" },
  });
  const letters = await ask<{ items: { id: string; executionId: string }[] }>(`/dead-letters?workflow=${workflow}`);
  const workers = await ask<{ items: { id: string; queues: string[] }[] }>("/workers?limit=200");
  return {
    workflow,
    queue,
    failed,
    worker: workers.items.find(({ queues }) => queues.includes(queue))?.id ?? "",
    asking,
    pending,
    approved,
    schedule: schedule.id,
    letter: letters.items[0]?.id ?? "",
  };
}

/** Every page with what says that it is there, and what is done there before it is looked at. */
const pagesOf = (seen: Seen): [path: string, ready: string | RegExp, act?: (page: Page) => Promise<void>][] => [
  ["/overview", "Needs attention"],
  [`/executions?workflow=${seen.workflow}`, "Failed"],
  ["/executions?q=nobody-has-this-key", "No execution matches"],
  ["/executions", "Failed", start],
  ["/executions", "Failed", palette],
  ["/executions", "Failed", keySheet],
  [`/executions/${seen.failed}?step=charge`, "Retryable, while attempts are left."],
  [`/executions/${seen.failed}?step=charge&tab=attempts`, "Attempt 3"],
  [`/executions/${seen.failed}?view=events&event=3`, "Raw JSON"],
  [`/executions/${seen.failed}?view=graph&step=charge`, "Not reached"],
  [`/executions/${seen.failed}/compare`, "Nothing to compare with"],
  ["/executions/open", "Open a file"],
  ["/executions/exe_0000000000000", "This execution does not exist"],
  [`/approvals?approval=${seen.pending}`, "Refund it?"],
  [`/approvals?status=approved&approval=${seen.approved}`, "Broken"],
  ["/dead-letters", "PAYMENT_DECLINED"],
  [`/dead-letters?workflow=${seen.workflow}&letter=${seen.letter}`, "The bank declined the charge"],
  [`/schedules?schedule=${seen.schedule}`, "0 3 * * *"],
  ["/schedules?view=calendar", "Calendar"],
  ["/schedules", "0 3 * * *", newSchedule],
  ["/workflows", "Published"],
  [`/workflows/${seen.workflow}`, "Versions"],
  [`/workflows/${seen.workflow}?view=definition`, "Versions"],
  [`/workflows/${seen.workflow}?view=changes`, "Versions"],
  [`/workers?worker=${seen.worker}`, "Last seen"],
  [`/queues?queue=${seen.queue}`, "Change limits"],
  ["/settings/profile", "This one"],
  ["/settings/members", "Owner"],
  ["/settings/api-keys", "first key"],
  ["/settings/namespaces", "You are here"],
  ["/settings/limits", "Events of a history"],
  ["/settings/alerts", "New alert"],
  ["/settings/audit-log", "workflow.publish"],
  ["/nowhere", "Nothing here"],
];

async function start(page: Page) {
  await page.getByRole("button", { name: "Start execution" }).first().click();
  await expect(page.getByRole("dialog").getByLabel("Workflow")).toBeVisible();
}

async function palette(page: Page) {
  await page
    .getByRole("button", { name: /^Search/ })
    .first()
    .click();
  await expect(page.getByRole("dialog")).toBeVisible();
}

async function keySheet(page: Page) {
  // Rows come with the document: keys are heard once its script lives, and then the list follows.
  await expect(page.getByText("Live", { exact: true })).toBeVisible();
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keys" })).toBeVisible();
}

async function newSchedule(page: Page) {
  await page.getByRole("button", { name: "New schedule" }).first().click();
  await expect(page.getByRole("dialog").getByLabel("Name")).toBeVisible();
}

const OUTSIDE = ["/sign-in", "/sign-up", "/forgot-password", "/reset-password?token=x", "/invitation?token=x"];

test("axe finds nothing on any page, light and dark", async ({ signedIn: page, client }) => {
  test.setTimeout(600_000);
  const scene = await orderScene(client, { failures: 3 });
  try {
    scene.charge.open();
    await scene.work();
    const seen = await somethingOfEach(page, client, scene);
    for (const [path, ready, act] of pagesOf(seen)) {
      await page.goto(path);
      await expect(page.getByText(ready).first()).toBeVisible();
      await act?.(page);
      expect.soft(await barriers(page), `${path} ${act?.name ?? ""}`).toEqual([]);
    }
    await page.context().clearCookies();
    for (const path of OUTSIDE) {
      await page.goto(path);
      await expect(page.getByRole("heading").first()).toBeVisible();
      expect.soft(await barriers(page), path).toEqual([]);
    }
  } finally {
    await scene.end();
  }
});

test("a person without a mouse signs in, starts an execution and reads it", async ({ page, client }) => {
  const scene = await orderScene(client);
  try {
    scene.charge.open();
    await scene.work();
    const { keyboard } = page;
    await page.goto("/sign-in");
    await keyboard.type(ADMIN().email);
    await keyboard.press("Tab");
    await keyboard.type(ADMIN().password);
    await keyboard.press("Enter");
    await expect(page.getByRole("heading", { name: "Overview" })).toBeVisible();

    await page.goto("/executions");
    await expect(page.getByRole("row").first()).toBeVisible();
    await keyboard.press("Tab");
    await expect(page.getByRole("link", { name: "Skip to content" })).toBeFocused();
    await keyboard.press("Enter");
    await keyboard.press("Tab");
    await expect(page.getByRole("button", { name: "More actions" })).toBeFocused();
    await keyboard.press("Tab");
    await expect(page.getByRole("button", { name: "Start execution" })).toBeFocused();
    await keyboard.press("Enter");
    await expect(page.getByRole("dialog").getByLabel("Workflow")).toBeVisible();
    await page.getByRole("dialog").getByLabel("Workflow").focus();
    await keyboard.press("Enter");
    await expect(page.getByPlaceholder("Find a workflow")).toBeFocused();
    await keyboard.type(scene.workflow);
    await expect(page.getByRole("option")).toHaveCount(1);
    await keyboard.press("Enter");
    await expect(page.getByLabel("order")).toBeVisible();
    await keyboard.press("Tab");
    await keyboard.press("Tab");
    await keyboard.press("Tab");
    await expect(page.getByLabel("order")).toBeFocused();
    await keyboard.type("o-1");
    await keyboard.press("Tab");
    await keyboard.type("250");
    await keyboard.press("Tab");
    const key = unique("keys");
    await keyboard.type(key);
    await keyboard.press("Enter");
    await expect(page.getByRole("heading", { name: key })).toBeVisible();
    await expect(page.getByRole("treeitem", { name: /^ship, Completed/ })).toBeVisible();

    await timeline(page).focus();
    await keyboard.press("ArrowDown");
    await expect(page).toHaveURL(/step=reserve/);
    await keyboard.press("End");
    await expect(page).toHaveURL(/step=ship/);
    await keyboard.press("Escape");
    await expect(page).not.toHaveURL(/step=/);
    await keyboard.press("2");
    const events = page.locator("[data-view=events]");
    await expect(events).toHaveAttribute("aria-selected", "true");
    await events.focus();
    await keyboard.press("ArrowRight");
    await expect(page.locator("[data-view=graph]")).toBeFocused();
  } finally {
    await scene.end();
  }
});
