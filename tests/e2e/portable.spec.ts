/** An execution as a file: saved, opened from disk without a network, and opened in the page without sending it. */
import { readFile, writeFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import type { Page } from "@playwright/test";
import { barriers, violations } from "./axe";
import { expect, orderScene, test, timelineStep, unique } from "./support";

const HOSTILE = "</script><script>document.title='taken'</script>\u2028<!--";

async function savedFile(page: Page, client: Parameters<typeof orderScene>[0], path: string): Promise<string> {
  const scene = await orderScene(client);
  try {
    await scene.work();
    scene.charge.open();
    const key = unique("saved");
    await client.start({ workflow: scene.workflow, input: { order: HOSTILE, total: 250 }, key });
    await page.goto(`/executions/key:${key}`);
    await expect(page.getByText("5 of 5 steps")).toBeVisible();
    const answer = await page.request.get(`/api/v1/executions/key:${key}/file`);
    expect(answer.headers()["content-disposition"]).toMatch(/^attachment; filename="exe_.*\.html"$/);
    await writeFile(path, await answer.body());
    return key;
  } finally {
    await scene.end();
  }
}

test("a file opens from disk without a network: views, moments, signature, both themes", async ({
  signedIn: page,
  client,
  context,
}, testInfo) => {
  const path = testInfo.outputPath("execution.html");
  const key = await savedFile(page, client, path);
  await context.setOffline(true);
  const file = await context.newPage();
  const asked: string[] = [];
  const complained: string[] = [];
  file.on("request", (request) => asked.push(request.url()));
  file.on("console", (message) => complained.push(message.text()));
  file.on("pageerror", (error) => complained.push(error.message));
  await file.goto(pathToFileURL(path).href);

  await expect(file.getByRole("heading", { name: key })).toBeVisible();
  await expect(timelineStep(file, "ship")).toBeVisible();
  await expect(file.getByRole("button", { name: /^Unchanged since it was signed/ })).toBeVisible();
  await expect(file).toHaveTitle(/^exe_/);
  await expect(file.getByRole("button", { name: "Cancel" })).toHaveCount(0);
  await file.keyboard.press("3");
  await expect(file.locator(".react-flow").getByText("wrap", { exact: true })).toBeVisible();
  await file.keyboard.press("2");
  await expect(file.getByText(/chose yes/)).toBeVisible();
  await file.getByRole("slider").first().focus();
  await file.keyboard.press("Home");
  await expect(file).toHaveURL(/at=1/);
  for (const theme of ["Dark", "Light"]) {
    expect(await violations(file, { without: ["region"] })).toEqual([]);
    await file.getByRole("button", { name: "Change the theme" }).click();
    await expect(file.locator("html")).toHaveAttribute("data-theme", theme.toLowerCase());
  }
  expect(asked.filter((url) => !/^(?:file|data|blob):/.test(url))).toEqual([]);
  expect(complained).toEqual([]);
});

test("a file is opened in the page alone, and one that is none or was changed is told", async ({
  signedIn: page,
  client,
}, testInfo) => {
  const path = testInfo.outputPath("execution.html");
  const key = await savedFile(page, client, path);
  await page.goto("/executions/open");
  const choose = page.locator("input[type=file]");
  await choose.setInputFiles({ name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("notes") });
  await expect(page.getByRole("alert").filter({ hasText: "notes.txt cannot be shown" })).toBeVisible();
  const whole = await readFile(path);
  const cut = whole.subarray(0, whole.byteLength - 200);
  await choose.setInputFiles({ name: "cut.html", mimeType: "text/html", buffer: cut });
  await expect(page.getByText(/It was cut off/)).toBeVisible();
  expect(await barriers(page)).toEqual([]);

  const sent: string[] = [];
  page.on("request", (request) => {
    if (request.method() !== "GET" || request.url().includes("exe_")) sent.push(request.url());
  });
  await choose.setInputFiles(path);
  await expect(page.getByRole("heading", { name: key })).toBeVisible();
  await expect(page.getByRole("button", { name: "Unchanged since this installation signed it" })).toBeVisible();
  await expect(timelineStep(page, "ship")).toBeVisible();
  expect(sent).toEqual([]);

  const exported = await (await page.request.get(`/api/v1/executions/key:${key}/export`)).json();
  exported.events[1].actor = "user:mallory";
  await page.getByRole("button", { name: "Close the file" }).click();
  await choose.setInputFiles({
    name: "changed.json",
    mimeType: "application/json",
    buffer: Buffer.from(JSON.stringify(exported)),
  });
  await expect(page.getByRole("button", { name: /^Changed: / })).toBeVisible();
});
