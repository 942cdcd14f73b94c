/** Everyone can use it: nothing that axe finds, and all of it by keyboard alone. */
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { ADMIN, expect, orderScene, test, unique } from "./support";

async function violations(page: Page) {
  const { violations: found } = await new AxeBuilder({ page }).exclude(".react-flow__attribution").analyze();
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`);
}

for (const colorScheme of ["light", "dark"] as const) {
  test(`axe finds nothing on any page in ${colorScheme}`, async ({ signedIn: page, client }) => {
    test.setTimeout(300_000);
    const scene = await orderScene(client, { failures: 3 });
    try {
      scene.charge.open();
      await scene.work();
      const tags = ["vip", "eu-west"];
      const { id } = await client.start({ workflow: scene.workflow, input: { order: "o" }, key: unique("axe"), tags });
      await client.result(id);
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      const visits: [path: string, ready: string | RegExp][] = [
        [`/executions?workflow=${scene.workflow}`, "Failed"],
        ["/executions?q=nobody-has-this-key", "No execution matches"],
        [`/executions/${id}?step=charge`, "Attempt 3"],
        [`/executions/${id}?view=events&event=3`, "Raw JSON"],
        [`/executions/${id}?view=graph&step=charge`, "Not reached"],
        ["/workflows", "Published"],
        ["/workers", "Last seen"],
        ["/queues", "Per minute"],
        ["/executions/exe_0000000000000", "This execution does not exist"],
        ["/settings/profile", "This one"],
        ["/settings/members", "Owner"],
        ["/settings/api-keys", "first key"],
        ["/settings/namespaces", "You are here"],
        ["/settings/audit-log", "workflow.publish"],
        ["/nowhere", "Nothing here"],
      ];
      for (const [path, ready] of visits) {
        await page.goto(path);
        await expect(page.getByText(ready).first()).toBeVisible();
        expect(await violations(page), path).toEqual([]);
      }
      await page.goto("/executions");
      await page.getByRole("button", { name: "Start execution" }).first().click();
      await expect(page.getByRole("dialog")).toBeVisible();
      expect(await violations(page), "start dialog").toEqual([]);
      await page.context().clearCookies();
      for (const path of [
        "/sign-in",
        "/sign-up",
        "/forgot-password",
        "/reset-password?token=x",
        "/invitation?token=x",
      ]) {
        await page.goto(path);
        expect(await violations(page), path).toEqual([]);
      }
    } finally {
      await scene.end();
    }
  });
}

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
    await expect(page.getByRole("heading", { name: "Executions" })).toBeVisible();

    await keyboard.press("Tab");
    await expect(page.getByRole("link", { name: "Skip to content" })).toBeFocused();
    await keyboard.press("Enter");
    await keyboard.press("Tab");
    await expect(page.getByRole("button", { name: "Start execution" })).toBeFocused();
    await keyboard.press("Enter");
    await expect(page.getByRole("dialog").getByLabel("Workflow")).toBeVisible();
    await page.getByRole("dialog").getByLabel("Workflow").focus();
    await keyboard.press("Enter");
    await keyboard.type(scene.workflow);
    await expect(page.getByRole("option", { name: scene.workflow })).toBeVisible();
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

    await page.getByRole("listbox", { name: /Timeline/ }).focus();
    await keyboard.press("ArrowDown");
    await expect(page).toHaveURL(/step=reserve/);
    await keyboard.press("End");
    await expect(page).toHaveURL(/step=ship/);
    await keyboard.press("Escape");
    await expect(page).not.toHaveURL(/step=/);
    await keyboard.press("2");
    await expect(page.getByRole("tab", { name: "Events" })).toHaveAttribute("aria-selected", "true");
    await page.getByRole("tab", { name: "Events" }).focus();
    await keyboard.press("ArrowRight");
    await expect(page.getByRole("tab", { name: "Graph" })).toBeFocused();
  } finally {
    await scene.end();
  }
});
