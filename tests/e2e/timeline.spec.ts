/** The timeline and the graph of one execution: found, folded, zoomed and walked, by pointer and by keys. */
import type { Client } from "@cerebelum/sdk";
import { barriers } from "./axe";
import { expect, test, timeline, timelineStep, unique } from "./support";

/** Needs no worker: a loop of three turns, then a map of thirty items of which one fails. */
async function turnsAndItems(client: Client): Promise<string> {
  const name = unique("timeline");
  await client.publish({
    name,
    nodes: [
      { id: "draft", type: "transform", value: "=loop.iteration" },
      { id: "good", type: "choice", cases: [{ port: "again", when: "loop.iteration < 3" }] },
      {
        id: "each",
        type: "map",
        items: Array.from({ length: 30 }, (_, item) => item),
        failure: "continue",
        body: {
          nodes: [
            { id: "check", type: "choice", cases: [{ port: "bad", when: "item == 17" }] },
            { id: "broken", type: "fail", code: "ITEM_BROKEN" },
            { id: "write", type: "transform", value: "=item" },
          ],
          edges: [
            { from: "check", port: "bad", to: "broken" },
            { from: "check", port: "otherwise", to: "write" },
          ],
        },
      },
    ],
    edges: [
      { from: "draft", to: "good" },
      { from: "good", port: "again", to: "draft", loop: {} },
      { from: "good", port: "otherwise", to: "each" },
    ],
  });
  const { id } = await client.start({ workflow: name });
  await client.result(id);
  return id;
}

test("turns of a loop share a line, and one of them is picked for all views", async ({ signedIn: page, client }) => {
  const id = await turnsAndItems(client);
  await page.goto(`/executions/${id}`);
  const draft = timelineStep(page, "draft");
  await expect(draft).toHaveAccessibleName(/3 iterations/);
  await expect(draft).toContainText("3/3");
  await draft.getByRole("button", { name: "Iteration of draft before" }).click();
  await expect(page).toHaveURL(/step=draft%232/);
  await expect(draft).toContainText("2/3");

  await timeline(page).focus();
  await page.keyboard.press("ArrowRight");
  await expect(timeline(page).getByRole("treeitem", { level: 2 })).toHaveCount(3);
  await page.keyboard.press("ArrowLeft");
  await expect(timeline(page).getByRole("treeitem", { level: 2 })).toHaveCount(0);

  await page.keyboard.press("3");
  const graph = page.locator(".react-flow");
  await expect(graph.getByText("2/3").first()).toBeVisible();
  await expect(graph.getByText("again ×2")).toBeVisible();
});

test("a failed item among many is found by its failure, by its number and by errors only", async ({
  signedIn: page,
  client,
}) => {
  const id = await turnsAndItems(client);
  await page.goto(`/executions/${id}`);
  await expect(timelineStep(page, "each")).toHaveAccessibleName(/29 of 30 done, 1 failed/);
  const items = page.getByRole("region", { name: "Items of each" });
  await items.getByRole("button", { name: "Next failed" }).click();
  await expect(timeline(page).getByRole("treeitem", { name: /^Item 17, Failed/ })).toHaveAttribute(
    "aria-selected",
    "true",
  );

  await items.getByLabel("Item number").fill("3");
  await page.keyboard.press("Enter");
  await expect(timeline(page).getByRole("treeitem", { name: /^Item 3, Completed/ })).toHaveAttribute(
    "aria-selected",
    "true",
  );
  await items.getByLabel("Item number").fill("99");
  await page.keyboard.press("Enter");
  await expect(items).toContainText("Item 99 has not begun.");

  await page.getByRole("button", { name: "Errors only" }).click();
  await expect(page).toHaveURL(/errors=1/);
  await expect(timeline(page).getByRole("treeitem")).toHaveCount(2);
});

test("the timeline zooms by drag and by keys, and a link shows the same", async ({ signedIn: page, client }) => {
  const name = unique("naps");
  const nap = (id: string) => ({ id, type: "sleep" as const, duration: 300 });
  await client.publish({ name, nodes: [nap("first"), nap("second")], edges: [{ from: "first", to: "second" }] });
  const { id } = await client.start({ workflow: name });
  await client.result(id);
  await page.goto(`/executions/${id}`);
  await expect(timelineStep(page, "second").locator("[data-span=sleeping]")).toBeVisible();
  const shown = page.getByRole("slider", { name: "What is shown", exact: true });
  await expect(shown).toHaveCount(0);
  await timeline(page).focus();
  await page.keyboard.press("+");
  await expect(page).toHaveURL(/zoom=\d+-\d+/);
  const said = (await shown.getAttribute("aria-valuetext")) ?? "";
  await page.reload();
  await expect(shown).toHaveAttribute("aria-valuetext", said);
  await timeline(page).focus();
  await page.keyboard.press("0");
  await expect(page).not.toHaveURL(/zoom=/);

  await page.getByRole("button", { name: "Critical path" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Critical path, 2 steps" })).toContainText("sleeping");
});

test("the graph is walked along its edges by arrows", async ({ signedIn: page, client }) => {
  const id = await turnsAndItems(client);
  await page.goto(`/executions/${id}?view=graph`);
  const node = (path: string) => page.locator(`.react-flow__node[data-id="${path}"]`);
  await node("draft").focus();
  const forward =
    (await node("good").boundingBox())?.y === (await node("draft").boundingBox())?.y ? "ArrowRight" : "ArrowDown";
  await page.keyboard.press(forward);
  await expect(node("good")).toBeFocused();
  await page.keyboard.press(forward);
  await expect(node("each")).toBeFocused();
  await expect(node("each")).toContainText("29/30");
  await expect(node("each/broken")).toContainText("Failed");
});

test("axe finds nothing on the timeline and the graph", async ({ signedIn: page, client }) => {
  const id = await turnsAndItems(client);
  for (const view of ["timeline", "graph"]) {
    await page.goto(`/executions/${id}?view=${view}&path=1&step=draft`);
    await expect(page.locator(view === "graph" ? ".react-flow__node" : "[role=treeitem]").first()).toBeVisible();
    expect(await barriers(page, "[role=tabpanel]"), view).toEqual([]);
  }
});
