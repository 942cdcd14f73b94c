/** The frame: changes that arrive by themselves, the palette, the keys, the numbers beside the rooms. */
import type { Page, Request } from "@playwright/test";
import { barriers } from "./axe";
import { expect, orderScene, row, test, unique } from "./support";

const palette = (page: Page) => page.getByRole("dialog", { name: "Find or do" });

/** Types into the palette and goes to what is chosen then, once that is what was meant. */
async function choose(page: Page, text: string, name: string) {
  await page.keyboard.press("Control+k");
  await expect(palette(page)).toBeVisible();
  await page.keyboard.type(text);
  await expect(palette(page).getByRole("option", { name, selected: true })).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(palette(page)).toHaveCount(0);
}

/** The stream of changes is open: what is told from now on is seen without waiting for any interval. */
async function followed(page: Page, path: string) {
  const opened = page.waitForResponse((response) => response.url().endsWith("/api/v1/changes/stream"));
  await page.goto(path);
  expect((await opened).status()).toBe(200);
}

/** Paths of the streams that the page has open at the moment. */
function openStreams(page: Page): () => string[] {
  const open = new Set<Request>();
  page.on("request", (request) => request.url().endsWith("/stream") && open.add(request));
  page.on("requestfinished", (request) => open.delete(request));
  page.on("requestfailed", (request) => open.delete(request));
  return () => [...open].map((request) => new URL(request.url()).pathname);
}

test("an execution that is started elsewhere shows in the list, told by the stream and not by the clock", async ({
  signedIn: page,
  client,
}) => {
  const scene = await orderScene(client);
  await followed(page, `/executions?workflow=${scene.workflow}`);
  await expect(page.getByText("No execution matches")).toBeVisible();
  const key = unique("elsewhere");
  await client.start({ workflow: scene.workflow, input: { order: "o-1" }, key });
  await expect(row(page, key)).toBeVisible({ timeout: 10_000 });
  await client.cancel(`key:${key}`);
  await expect(row(page, key)).toContainText("Cancelled", { timeout: 10_000 });
});

test("the page of a live execution has one stream, and the rooms follow again after it", async ({
  signedIn: page,
  client,
}) => {
  const scene = await orderScene(client);
  const key = unique("live");
  const { id } = await client.start({ workflow: scene.workflow, input: { order: "o-1" }, key });
  const streams = openStreams(page);
  await page.goto(`/executions/${id}`);
  await expect(page.getByRole("heading", { name: key })).toBeVisible();
  await expect.poll(streams).toEqual([`/api/v1/executions/${id}/events/stream`]);
  await client.cancel(`key:${key}`);
  await expect.poll(streams).toEqual(["/api/v1/changes/stream"]);
});

test("an approval that is asked for is counted beside its room, and no more once it is decided", async ({
  signedIn: page,
  client,
}) => {
  const workflow = unique("gated");
  await client.publish({ name: workflow, nodes: [{ id: "gate", type: "approval" }], edges: [] });
  await followed(page, "/executions");
  const link = page.getByRole("navigation", { name: "Rooms" }).getByRole("link", { name: /^Approvals/ });
  // Other tests may have left some: how many, the first answer says.
  const { id: first } = await client.start({ workflow, input: {} });
  const counted = async () => Number(/\d+/.exec((await link.textContent()) ?? "")?.[0] ?? 0);
  await expect.poll(counted).toBeGreaterThan(0);
  await client.cancel(first);
  const pending = async () => {
    const answer = await page.request.get("/api/v1/approvals?status=pending&limit=200");
    return ((await answer.json()) as { items: unknown[] }).items.length;
  };
  await expect.poll(async () => (await counted()) === (await pending())).toBe(true);
  const before = await counted();
  const { id } = await client.start({ workflow, input: {} });
  await expect.poll(counted).toBe(before + 1);
  await client.cancel(id);
  await expect.poll(counted).toBe(before);
});

test("the palette finds rooms, executions and actions, by keyboard alone", async ({ signedIn: page, client }) => {
  const scene = await orderScene(client);
  const key = unique("findme");
  await client.start({ workflow: scene.workflow, input: { order: "o-1" }, key });
  await followed(page, "/executions");

  await choose(page, "workers", "Workers");
  await expect(page).toHaveURL(/\/workers$/);
  await expect(page.locator("#content")).toBeFocused();
  await choose(page, key, key);
  await expect(page.getByRole("heading", { name: key })).toBeVisible();
  await page.keyboard.press("Control+k");
  await expect(palette(page).getByRole("option", { name: key })).toBeVisible();
  await page.keyboard.press("Escape");
  await choose(page, "theme: dark", "Theme: Dark");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");

  await page.keyboard.press("Control+k");
  await expect(palette(page)).toBeVisible();
  await page.keyboard.type("nothing is called so");
  await expect(palette(page).getByText("Nothing found for “nothing is called so”.")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(palette(page)).toHaveCount(0);
});

test("G and a letter go to a room, ? lists the keys, and neither acts while one types", async ({ signedIn: page }) => {
  await followed(page, "/executions");
  await page.keyboard.press("g");
  await page.keyboard.press("q");
  await expect(page).toHaveURL(/\/queues$/);
  await page.keyboard.press("?");
  const sheet = page.getByRole("dialog", { name: "Keys" });
  await expect(sheet.getByText("Find or do")).toBeVisible();
  await page.keyboard.press("g");
  await page.keyboard.press("e");
  await expect(page).toHaveURL(/\/queues$/);
  await page.keyboard.press("Escape");
  await expect(sheet).toHaveCount(0);
  await page.keyboard.press("g");
  await page.keyboard.press("e");
  await expect(page).toHaveURL(/\/executions$/);
  const search = page.getByRole("searchbox");
  await search.fill("");
  await search.pressSequentially("gq?");
  await expect(search).toHaveValue("gq?");
  await expect(sheet).toHaveCount(0);
});

test("palette and sheet have no barrier that axe knows, light and dark", async ({ signedIn: page }) => {
  await followed(page, "/executions");
  await page.keyboard.press("Control+k");
  await expect(palette(page)).toBeVisible();
  expect(await barriers(page)).toEqual([]);
  await page.keyboard.press("Escape");
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keys" })).toBeVisible();
  expect(await barriers(page)).toEqual([]);
});
