/** The editor beside the walk through it: everyone can use each part of it, and two people lose nothing. */
import type { Locator, Page } from "@playwright/test";
import { barriers } from "./axe";
import { expect, gate, test, unique } from "./support";

const node = (page: Page, id: string) => page.locator(`[data-editor-graph] .react-flow__node[data-id="${id}"]`);
const settings = (page: Page) => page.getByRole("complementary", { name: "Settings of what is selected" });

async function saved(page: Page) {
  await expect(page.getByRole("status").filter({ hasText: /^Draft( of v\d+)? saved$/ })).toBeVisible();
}

async function onboarding(page: Page): Promise<string> {
  const workflow = unique("editor");
  await page.goto(`/workflows/${workflow}/edit?template=onboarding`);
  await expect(node(page, "fetch_user")).toBeVisible();
  await saved(page);
  return workflow;
}

/** Each part by its address, and what stands in it once it is there. */
const PARTS: readonly { search: string; stands: (page: Page) => Locator }[] = [
  { search: "?node=consent", stands: (page) => settings(page).getByRole("textbox", { name: "Title" }) },
  { search: "?node=fetch_user&dock=findings", stands: (page) => page.getByText("Nothing to say") },
  { search: "?view=list", stands: (page) => page.getByRole("treeitem", { name: /^cool_off/ }) },
  { search: "?view=json", stands: (page) => page.locator(".cm-content") },
  { search: "?view=typescript", stands: (page) => page.locator(".cm-content") },
  { search: "?dock=trial", stands: (page) => page.getByRole("button", { name: "Begin the trial" }) },
  { search: "?dock=backtest", stands: (page) => page.getByRole("button", { name: "Replay" }) },
];

test("axe finds nothing in any part of the editor, in both themes", async ({ signedIn: page }) => {
  test.setTimeout(120_000);
  const workflow = await onboarding(page);
  for (const { search, stands } of PARTS) {
    await page.goto(`/workflows/${workflow}/edit${search}`);
    await expect(stands(page)).toBeVisible();
    expect(await barriers(page), search).toEqual([]);
  }
  await page.getByRole("button", { name: "Publish", exact: true }).click();
  await expect(page.getByRole("button", { name: "Publish v1" })).toBeEnabled();
  expect(await barriers(page), "publish").toEqual([]);
  await page.goto("/workflows");
  await page.getByRole("button", { name: "New workflow" }).first().click();
  await expect(page.getByRole("radio", { name: /Onboarding/ })).toBeVisible();
  expect(await barriers(page), "new workflow").toEqual([]);
});

test("axe finds nothing on a phone, while a trial runs and over its settings", async ({ signedIn: page }) => {
  test.setTimeout(90_000);
  await page.setViewportSize({ width: 390, height: 844 });
  const workflow = await onboarding(page);
  expect(await barriers(page), "canvas").toEqual([]);
  await page.goto(`/workflows/${workflow}/edit?dock=trial`);
  const trial = page.getByRole("region", { name: "Trial of the draft" });
  await trial.getByRole("textbox", { name: "User" }).fill("ada");
  await trial.getByRole("button", { name: "Run", exact: true }).click();
  await expect(trial.getByRole("button", { name: "Answer" })).toBeVisible();
  expect(await barriers(page), "trial").toEqual([]);
  await page.getByRole("button", { name: "Settings", exact: true }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  expect(await barriers(page), "settings").toEqual([]);
  await page.setViewportSize({ width: 1280, height: 720 });
});

test("the end of an edge is led to another node by mouse, and no second edge begins where it is let go", async ({
  signedIn: page,
}) => {
  await onboarding(page);
  await page.getByRole("button", { name: "Show all" }).click();
  const edge = (to: string) => page.getByRole("group", { name: `Edge from cool_off, success, to ${to}`, exact: true });
  const lead = async (from: string, onto: string, below = 0) => {
    // Waits until the view stands still.
    await edge(from).locator(".react-flow__edgeupdater-target").hover();
    await page.mouse.down();
    const box = await node(page, onto).boundingBox();
    if (!box) throw new Error("It is not on screen.");
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2 + below, { steps: 8 });
    await page.mouse.up();
  };
  await lead("report", "no_consent");
  await expect(edge("no_consent")).toBeVisible();
  await expect(edge("report")).toHaveCount(0);
  await lead("no_consent", "report", 200);
  await expect(edge("no_consent")).toBeVisible();
  await expect(page.getByRole("dialog")).toHaveCount(0);
});

test("two people edit one workflow: both changes stand, and what both changed is asked", async ({
  signedIn: page,
  context,
}) => {
  test.setTimeout(90_000);
  const workflow = await onboarding(page);
  const other = await context.newPage();
  await other.goto(`/workflows/${workflow}/edit?node=cool_off`);
  await expect(settings(other).getByRole("textbox", { name: "Duration" })).toHaveText("3d");

  await test.step("one of each: they are put together", async () => {
    await rewrite(other, "Duration", "5d");
    await saved(other);
    await node(page, "report").click();
    await settings(page).getByRole("combobox", { name: "Task" }).fill("report_all");
    await expect(page.getByText(/^Changes .*came in\.$/).first()).toBeVisible();
    await saved(page);
    await expect(node(page, "cool_off")).toContainText("5d");
    await expect(node(other, "report")).toContainText("report_all");
  });

  await test.step("the same of both: it is asked whose stands", async () => {
    const otherSaved = gate();
    await page.route("**/draft", async (route) => {
      if (route.request().method() === "PUT") await otherSaved.passed;
      await route.continue();
    });
    await node(page, "cool_off").click();
    await rewrite(page, "Duration", "7d");
    await expect(page.getByRole("status").filter({ hasText: "Saving" })).toBeVisible();
    await rewrite(other, "Duration", "6d");
    await saved(other);
    otherSaved.open();
    const dialog = page.getByRole("dialog", { name: "You both changed the same" });
    await expect(dialog).toContainText("7d");
    await dialog.getByRole("button", { name: "Take theirs" }).click();
    await expect(settings(page).getByRole("textbox", { name: "Duration" })).toHaveText("6d");
    await expect(node(page, "report")).toContainText("report_all");
    await saved(page);
  });
  await other.close();
});

/** Types over what a field with an expression holds. */
async function rewrite(page: Page, name: string, text: string) {
  await settings(page).getByRole("textbox", { name, exact: true }).click();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type(text);
  await page.keyboard.press("Escape");
}
