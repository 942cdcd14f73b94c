/** Two executions side by side: where they part, what differs, and all of it in the address. */
import { barriers } from "./axe";
import { expect, orderScene, test, unique } from "./support";

test("a failed execution says where it parts from the last that completed, with the values that differ", async ({
  signedIn: page,
  client,
}) => {
  const scene = await orderScene(client);
  try {
    await scene.work();
    scene.charge.open();
    const [good, other] = [unique("good"), unique("other")];
    await client.start({ workflow: scene.workflow, input: { order: "o-1", total: 250 }, key: good });
    await page.goto(`/executions/key:${good}`);
    await expect(page.getByText("5 of 5 steps")).toBeVisible();
    await client.start({ workflow: scene.workflow, input: { order: "o-2", total: 50 }, key: other });
    await page.goto(`/executions/key:${other}`);
    await expect(page.getByText("5 of 5 steps")).toBeVisible();

    await page.goto(`/executions/key:${other}/compare`);
    await expect(page.getByText("The last that completed before this one")).toBeVisible();
    await expect(page.getByRole("button", { name: /^They part at large: it left by otherwise here/ })).toBeVisible();
    await expect(page.getByText(/Their inputs differ in 2 places/)).toBeVisible();
    await page.getByRole("button", { name: /^They part at/ }).click();
    await expect(page).toHaveURL(/step=large/);

    const steps = page.getByRole("listbox", { name: "Steps side by side" });
    await steps.focus();
    await page.keyboard.press("Escape");
    await expect(page).not.toHaveURL(/step=/);
    await expect(page.getByRole("region", { name: "Input", exact: true })).toContainText("/total");
    expect(await barriers(page)).toEqual([]);

    await page.getByRole("button", { name: "Choose another" }).click();
    await page.getByRole("textbox", { name: "Id or key" }).fill(other);
    await page.keyboard.press("Enter");
    await expect(page.getByText("Both went the same way.")).toBeVisible();
    const reserve = page.getByRole("option", { name: /^reserve,/ });
    await expect(reserve).toBeVisible();
    await page.getByRole("radio", { name: /^Different/ }).click();
    await expect(page).toHaveURL(/filter=different/);
    await expect(reserve).toHaveCount(0);
  } finally {
    await scene.end();
  }
});

test("where nothing has completed, one can choose", async ({ signedIn: page, client }) => {
  const scene = await orderScene(client);
  const key = unique("alone");
  await client.start({ workflow: scene.workflow, input: { order: "o-1" }, key });
  await page.goto(`/executions/key:${key}/compare`);
  await expect(page.getByRole("heading", { name: "Nothing to compare with" })).toBeVisible();
});
