/** Time travel: every view shows a moment that has passed, by pointer, keys and link, while newer events keep coming. */
import type { Page } from "@playwright/test";
import { barriers } from "./axe";
import { expect, orderScene, test, timeline, timelineStep } from "./support";

const slider = (page: Page) => page.getByRole("slider", { name: "Moment of this execution" });
/** It stands twice in the document, for wide pages and for narrow ones. */
const shownMoment = (page: Page) => page.getByText(/^Event \d+ of \d+$/).filter({ visible: true });

test("a failed execution is followed back to where it went wrong, in all views and by a link", async ({
  signedIn: page,
  client,
}) => {
  const scene = await orderScene(client, { failures: 3 });
  try {
    scene.charge.open();
    await scene.work();
    const { id } = await client.start({ workflow: scene.workflow, input: { order: "o-1" } });
    await client.result(id).catch(() => {});
    const history = await client.history(id);
    await page.goto(`/executions/${id}`);
    await expect(page.getByRole("banner").or(page.locator("header")).getByText("Failed").first()).toBeVisible();
    await expect(slider(page)).toHaveAttribute("aria-valuenow", String(history.length));
    await expect(page.getByText("Complete", { exact: true })).toBeVisible();

    // The last event, then failure by failure.
    await page.keyboard.press(",");
    await expect(slider(page)).toHaveAttribute("aria-valuenow", String(history.length - 1));
    const first = history.find(({ type }) => type === "StepAttemptFailed")?.sequence ?? 0;
    for (let at = history.length - 1; at > first; ) {
      await page.keyboard.press("<");
      await expect(slider(page)).not.toHaveAttribute("aria-valuenow", String(at));
      at = Number(await slider(page).getAttribute("aria-valuenow"));
    }
    await expect(slider(page)).toHaveAttribute("aria-valuetext", /charge attempt 1 failed/);
    await expect(page).toHaveURL(new RegExp(`at=${first}`));
    await expect(page.getByRole("treeitem", { name: /^charge, Retrying/ })).toBeVisible();
    await expect(timelineStep(page, "large")).toHaveCount(0);
    await expect(page.locator("header").getByText("Failed", { exact: true })).toHaveCount(0);

    // A link shows the same.
    await page.reload();
    await expect(slider(page)).toHaveAttribute("aria-valuenow", String(first));
    await expect(shownMoment(page)).toHaveText(`Event ${first} of ${history.length}`);

    await page.keyboard.press("2");
    await expect(page.getByRole("tabpanel").locator("[aria-current=true]")).toContainText("attempt 1 failed");
    await page.keyboard.press("3");
    await expect(page.locator(".react-flow").getByText("Retrying")).toBeVisible();

    await page.getByRole("button", { name: "Back to now" }).click();
    await expect(page).not.toHaveURL(/at=/);
    await expect(page.locator(".react-flow").getByText("×3")).toBeVisible();
  } finally {
    await scene.end();
  }
});

test("newer events come in without moving what one looks at", async ({ signedIn: page, client }) => {
  const scene = await orderScene(client);
  try {
    await scene.work();
    const { id } = await client.start({ workflow: scene.workflow, input: { order: "o-1", total: 500 } });
    await page.goto(`/executions/${id}?at=2`);
    await expect(slider(page)).toHaveAttribute("aria-valuenow", "2");
    scene.charge.open();
    await client.result(id);
    const history = await client.history(id);
    await expect(shownMoment(page)).toHaveText(`Event 2 of ${history.length}`);
    await expect(slider(page)).toHaveAttribute("aria-valuenow", "2");
    await expect(timeline(page).getByRole("treeitem")).toHaveCount(1);
    await page.getByRole("button", { name: "Back to now" }).click();
    await expect(timelineStep(page, "ship")).toBeVisible();
  } finally {
    await scene.end();
  }
});

test("the scrubber follows pointer and keys, and a history plays to its end", async ({ signedIn: page, client }) => {
  const scene = await orderScene(client, { failures: 1 });
  try {
    scene.charge.open();
    await scene.work();
    const { id } = await client.start({ workflow: scene.workflow, input: { order: "o-1", total: 500 } });
    await client.result(id);
    await page.goto(`/executions/${id}`);
    const { length } = await client.history(id);
    await expect(slider(page)).toHaveAttribute("aria-valuenow", String(length));
    const box = await slider(page).boundingBox();
    if (!box) throw new Error("the scrubber has no place");
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + 4, box.y + box.height / 2, { steps: 5 });
    await page.mouse.up();
    await expect(slider(page)).toHaveAttribute("aria-valuenow", "1");
    await slider(page).press("ArrowRight");
    await expect(slider(page)).toHaveAttribute("aria-valuenow", "2");
    await slider(page).press("End");
    await expect(slider(page)).toHaveAttribute("aria-valuetext", /^Now\./);
    await slider(page).press("Home");
    await expect(slider(page)).toHaveAttribute("aria-valuenow", "1");
    await page.getByRole("button", { name: "Play the history" }).click();
    await expect(slider(page)).toHaveAttribute("aria-valuetext", /^Now\./, { timeout: 60_000 });
    await expect(page.getByRole("button", { name: "Play the history" })).toBeVisible();
  } finally {
    await scene.end();
  }
});

test("events lie step by step, of one step alone, and lead to their moments", async ({ signedIn: page, client }) => {
  const scene = await orderScene(client, { failures: 1 });
  try {
    scene.charge.open();
    await scene.work();
    const { id } = await client.start({ workflow: scene.workflow, input: { order: "o-1", total: 500 } });
    await client.result(id);
    await page.goto(`/executions/${id}?view=events&step=charge`);
    const rows = page.getByRole("tabpanel").getByRole("listitem");
    await page.getByRole("button", { name: "Only charge" }).click();
    await expect(rows).toHaveCount(4);
    await expect(page).toHaveURL(/only=true/);
    await page.getByRole("button", { name: "By step" }).click();
    await expect(rows).toHaveCount(1);
    await page.getByRole("button", { name: "charge, 4 events" }).click();
    await expect(rows).toHaveCount(5);
    await rows.nth(2).hover();
    await rows
      .nth(2)
      .getByRole("button", { name: /^Show this moment/ })
      .click();
    await expect(page.getByRole("button", { name: "Back to now" })).toBeVisible();
    await expect(slider(page)).toHaveAttribute("aria-valuetext", /charge attempt 1 failed/);
  } finally {
    await scene.end();
  }
});

test("a moment that has passed is open to everybody", async ({ signedIn: page, client }) => {
  const scene = await orderScene(client);
  try {
    const { id } = await client.start({ workflow: scene.workflow, input: { order: "o-1" } });
    for (const view of ["timeline", "events"]) {
      await page.goto(`/executions/${id}?at=1&view=${view}`);
      await expect(page.getByRole("button", { name: "Back to now" })).toBeVisible();
      expect(await barriers(page), view).toEqual([]);
    }
  } finally {
    await scene.end();
  }
});
