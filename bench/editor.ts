/**
 * How fluent the workflow editor is in Chromium with a workflow of 1,000 nodes, against a running server: the time until it
 * shows nodes, and the time of each frame while one pans, zooms, drags a node and types in the settings of one.
 *
 *   CEREBELUM_URL=… CEREBELUM_API_KEY=… CEREBELUM_ADMIN_EMAIL=… CEREBELUM_ADMIN_PASSWORD=… \
 *     npx tsx bench/editor.ts [--nodes 1000] [--moves 120]
 */
import { parseArgs } from "node:util";
import { chromium, type Page } from "@playwright/test";
import { findChromium } from "../scripts/chromium.mjs";

const { values: options } = parseArgs({
  options: { nodes: { type: "string", default: "1000" }, moves: { type: "string", default: "120" } },
});
const NODES = Number(options.nodes);
const MOVES = Number(options.moves);
const WORKFLOW = "bench_editor";
const PATIENCE_MS = 120_000;
const url = setting("CEREBELUM_URL");
const headers = { authorization: `Bearer ${setting("CEREBELUM_API_KEY")}`, "content-type": "application/json" };

await saveDraft();
const browser = await chromium.launch({
  executablePath: findChromium(),
  args: ["--disable-dev-shm-usage", "--disable-gpu", ...(process.getuid?.() === 0 ? ["--no-sandbox"] : [])],
});
try {
  const page = await signedIn();
  const startedAt = performance.now();
  await page.goto(`${url}/workflows/${WORKFLOW}/edit`, { waitUntil: "commit" });
  await page.locator(".node-card").first().waitFor({ timeout: PATIENCE_MS });
  add("nodes shown", `${Math.round(performance.now() - startedAt)} ms`);
  await page.keyboard.press("0");
  await frames(page, "all in view, panning", () => pan(page));
  await frames(page, "zooming in and out", () => zoom(page));
  await page.locator(".node-card").first().click();
  await page.keyboard.press("z");
  await frames(page, "near, panning", () => pan(page));
  await page.keyboard.press("z");
  await frames(page, "dragging a node", () => drag(page));
  await frames(page, "typing in a field of a node", () => type(page));
} finally {
  await browser.close();
}

function setting(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`set ${name}`);
  return value;
}

function add(name: string, value: string): void {
  console.log(`${`${NODES} nodes, ${name}`.padEnd(52)} ${value}`);
}

/** Chains of ten, that a choice before each leads into or past. */
async function saveDraft(): Promise<void> {
  const nodes: object[] = [];
  const edges: object[] = [];
  for (let at = 0; at < NODES; at++) {
    const id = `n${at}`;
    const isChoice = at % 10 === 0;
    nodes.push(
      isChoice
        ? { id, type: "choice", cases: [{ port: "yes", when: "input.go" }] }
        : { id, type: "task", task: `task_${at % 7}`, input: { from: "=input.user" }, retry: { maxAttempts: 3 } },
    );
    if (at > 0) edges.push({ from: `n${at - 1}`, ...((at - 1) % 10 === 0 && { port: "yes" }), to: id });
    if (isChoice && at + 10 < NODES) edges.push({ from: id, port: "otherwise", to: `n${at + 10}` });
  }
  const path = `${url}/api/v1/workflows/${WORKFLOW}/draft`;
  const found = await fetch(path, { headers });
  const revision = found.ok ? ((await found.json()) as { revision: number }).revision : 0;
  const definition = { name: WORKFLOW, nodes, edges };
  const body = JSON.stringify({ definition, layout: {}, revision, baseVersion: null });
  const saved = await fetch(path, { method: "PUT", headers, body });
  if (!saved.ok) throw new Error(await saved.text());
}

async function signedIn(): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const answer = await context.request.post(`${url}/api/auth/sign-in/email`, {
    headers: { origin: url },
    data: { email: setting("CEREBELUM_ADMIN_EMAIL"), password: setting("CEREBELUM_ADMIN_PASSWORD") },
  });
  if (!answer.ok()) throw new Error(await answer.text());
  // What is sent to the page is compiled with names kept, by a helper that is not there.
  await context.addInitScript("globalThis.__name = (it) => it");
  return context.newPage();
}

/** The time from each frame to the next while something is done. */
async function frames(page: Page, name: string, act: () => Promise<void>): Promise<void> {
  await page.evaluate(() => {
    const taken: number[] = [];
    let before = performance.now();
    const note = (now: number) => {
      taken.push(now - before);
      before = now;
      Object.assign(window, { frame: requestAnimationFrame(note) });
    };
    Object.assign(window, { taken, frame: requestAnimationFrame(note) });
  });
  await act();
  const taken = await page.evaluate(() => {
    const { taken: all, frame } = window as unknown as { taken: number[]; frame: number };
    cancelAnimationFrame(frame);
    return all;
  });
  const sorted = [...taken].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  add(`${name}, frame p50 / p95 / worst`, [0.5, 0.95, 1].map((share) => `${at(share).toFixed(1)} ms`).join(" / "));
}

/** The middle of the canvas. */
async function middle(page: Page): Promise<{ x: number; y: number }> {
  const box = await page.locator("[data-editor-graph]").boundingBox();
  if (!box) throw new Error("there is no canvas");
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

async function pan(page: Page): Promise<void> {
  const { x, y } = await middle(page);
  await page.mouse.move(x, y);
  for (let move = 0; move < MOVES; move++) await page.mouse.wheel(move < MOVES / 2 ? 30 : -30, move % 2 === 0 ? 8 : -8);
}

async function zoom(page: Page): Promise<void> {
  const { x, y } = await middle(page);
  await page.mouse.move(x, y);
  await page.keyboard.down("Control");
  for (let move = 0; move < MOVES; move++) await page.mouse.wheel(0, move < MOVES / 2 ? -24 : 24);
  await page.keyboard.up("Control");
}

async function drag(page: Page): Promise<void> {
  const box = await page.locator(".node-card.is-selected").first().boundingBox();
  if (!box) throw new Error("no node is selected");
  const { x, y } = { x: box.x + box.width / 2, y: box.y + 12 };
  await page.mouse.move(x, y);
  await page.mouse.down();
  for (let move = 0; move < MOVES; move++)
    await page.mouse.move(x + 120 * Math.sin(move / 12), y + 80 * (1 - Math.cos(move / 12)));
  await page.mouse.up();
}

async function type(page: Page): Promise<void> {
  const field = page.locator("aside").getByRole("textbox").last();
  await field.click();
  for (let key = 0; key < MOVES; key++) await page.keyboard.press(key % 20 < 10 ? "x" : "Backspace");
}
