/**
 * How fast the pages are in Chromium against a running server: the list and an execution of 100,000 events until they show
 * something and until they are complete, how fluently one scrubs through that history, how long an event takes from its
 * commit to the page of its execution, and how much script each page loads.
 *
 *   CEREBELUM_URL=… CEREBELUM_API_KEY=… CEREBELUM_ADMIN_EMAIL=… CEREBELUM_ADMIN_PASSWORD=… \
 *     npx tsx bench/pages.ts [--items 10000] [--execution exe_…] [--runs 5]
 */
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";
import { type Browser, chromium, type Page } from "@playwright/test";
import { findChromium } from "../scripts/chromium.mjs";
import { Client, Worker } from "../worker-sdk/src/index";
import { longHistory, steps, ticking } from "./pages-workflow";

const { values: options } = parseArgs({
  options: {
    items: { type: "string", default: "10000" },
    execution: { type: "string" },
    runs: { type: "string", default: "5" },
  },
});
const RUNS = Number(options.runs);
const MOVES = 120;
const EVENTS = 200;
const PATIENCE_MS = 120_000;

const url = setting("CEREBELUM_URL");
const apiKey = setting("CEREBELUM_API_KEY");
const client = new Client({ url, apiKey });
const worker = new Worker({ name: "bench-pages", url, apiKey, steps, queues: ["bench_pages"], capacity: 200 });
const browser = await chromium.launch({
  executablePath: findChromium(),
  args: ["--disable-dev-shm-usage", "--disable-gpu", ...(process.getuid?.() === 0 ? ["--no-sandbox"] : [])],
});
try {
  await worker.start();
  const id = options.execution ?? (await longExecution());
  const page = await signedIn(browser);
  const rows: [string, string][] = [];
  const add = (name: string, value: string) => {
    rows.push([name, value]);
    console.log(`${name.padEnd(52)} ${value}`);
  };

  const list = await times(() => untilShown(page, "/executions", "[role=row] a"));
  add("list, first rows", ms(median(list)));
  const shown: number[] = [];
  const complete: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const startedAt = performance.now();
    shown.push(await untilShown(page, `/executions/${id}`, "[role=treeitem]"));
    await page.getByText("Complete", { exact: true }).waitFor({ timeout: PATIENCE_MS });
    complete.push(performance.now() - startedAt);
  }
  add("100,000 events, header and first steps", ms(median(shown)));
  add("100,000 events, complete", ms(median(complete)));
  add("100,000 events, heap", `${Math.round((await heapOf(page)) / 1e6)} MB`);
  const scrubbed = await scrub(page);
  add("scrubbing, frame p50 / p95 / worst", [0.5, 0.95, 1].map((share) => ms(quantile(scrubbed, share))).join(" / "));
  const delays = await commitToVisible(page);
  add("commit to visible p50 / p99", [0.5, 0.99].map((share) => ms(quantile(delays, share))).join(" / "));
  for (const path of ["/executions", `/executions/${id}`, `/executions/${id}?view=graph`])
    add(`script of ${path.replace(id, "{id}")}, gzip`, `${Math.round((await scriptOf(browser, path)) / 1024)} KB`);
} finally {
  await browser.close();
  await worker.stop();
}

function setting(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`set ${name}`);
  return value;
}

async function longExecution(): Promise<string> {
  await client.publish(longHistory);
  const { id } = await client.start({ workflow: longHistory.name, input: { count: Number(options.items) } });
  const { status } = await client.result(id);
  console.log(`${id} ${status}`);
  return id;
}

async function signedIn(within: Browser): Promise<Page> {
  const context = await within.newContext({ viewport: { width: 1440, height: 900 } });
  const answer = await context.request.post(`${url}/api/auth/sign-in/email`, {
    headers: { origin: url },
    data: { email: setting("CEREBELUM_ADMIN_EMAIL"), password: setting("CEREBELUM_ADMIN_PASSWORD") },
  });
  if (!answer.ok()) throw new Error(await answer.text());
  // What is sent to the page is compiled with names kept, by a helper that is not there.
  await context.addInitScript("globalThis.__name = (it) => it");
  return context.newPage();
}

/** From the begin of the navigation. */
async function untilShown(page: Page, path: string, selector: string): Promise<number> {
  const startedAt = performance.now();
  await page.goto(`${url}${path}`, { waitUntil: "commit" });
  await page.locator(selector).first().waitFor({ timeout: PATIENCE_MS });
  return performance.now() - startedAt;
}

async function heapOf(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  await session.detach();
  return usedSize;
}

/** Drags over the whole history, a move with each frame. @returns the time of each frame */
async function scrub(page: Page): Promise<number[]> {
  const slider = page.getByRole("slider", { name: "Moment of this execution" });
  const box = await slider.boundingBox();
  if (!box) throw new Error("there is no scrubber");
  return slider.evaluate(
    async (element, { left, top, width, moves }) => {
      const frames: number[] = [];
      const at = (share: number, type: string, buttons: number) =>
        element.dispatchEvent(
          new PointerEvent(type, {
            bubbles: true,
            clientX: left + width * share,
            clientY: top,
            buttons,
            isPrimary: true,
          }),
        );
      let before = await new Promise<number>(requestAnimationFrame);
      for (let move = 0; move <= moves; move++) {
        at(0.98 - 0.96 * Math.abs(Math.sin((move / moves) * Math.PI)), "pointermove", 1);
        const now = await new Promise<number>(requestAnimationFrame);
        frames.push(now - before);
        before = now;
      }
      return frames;
    },
    { left: box.x, top: box.y + box.height / 2, width: box.width, moves: MOVES },
  );
}

/** Signals, one by one, to an open execution whose page is shown: from the event's own time until its row is drawn. */
async function commitToVisible(page: Page): Promise<number[]> {
  await client.publish(ticking);
  const { id } = await client.start({ workflow: ticking.name });
  await untilShown(page, `/executions/${id}?view=events`, "[role=tabpanel] [role=listitem]");
  await page.evaluate(() => {
    const seen: Record<string, number> = {};
    Object.assign(window, { seen });
    const note = () => {
      const now = performance.timeOrigin + performance.now();
      for (const slider of document.querySelectorAll("[role=slider][aria-valuemax]"))
        seen[slider.getAttribute("aria-valuemax") ?? ""] ??= now;
    };
    new MutationObserver(note).observe(document.body, { subtree: true, attributes: true, childList: true });
  });
  for (let event = 0; event < EVENTS; event++) await client.signal(id, `tick_${event}`, null);
  const history = await client.history(id);
  await page.locator(`[role=slider][aria-valuemax="${history.length}"]`).waitFor({ timeout: PATIENCE_MS });
  const seen = await page.evaluate(() => (window as unknown as { seen: Record<string, number> }).seen);
  await client.terminate(id);
  const shownAt = Object.entries(seen).map(([sequence, at]) => ({ sequence: Number(sequence), at }));
  return history
    .filter(({ type }) => type === "SignalReceived")
    .flatMap(({ sequence, at }) => {
      const shown = shownAt
        .filter((one) => one.sequence >= sequence)
        .reduce((least, one) => Math.min(least, one.at), Infinity);
      return shown === Infinity ? [] : [shown - Date.parse(at)];
    });
}

/** Of a first visit until it shows what it is about, as it is sent compressed. */
async function scriptOf(within: Browser, path: string): Promise<number> {
  const page = await signedIn(within);
  const reading: Promise<number>[] = [];
  page.on("response", (response) => {
    if (response.request().resourceType() !== "script") return;
    reading.push(response.body().then((body) => gzipSync(body).length));
  });
  await untilShown(page, path, "[role=row] a, [role=treeitem], .react-flow__node");
  const sizes = await Promise.all(reading);
  await page.context().close();
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function times(measure: () => Promise<number>): Promise<number[]> {
  const all: number[] = [];
  for (let run = 0; run < RUNS; run++) all.push(await measure());
  return all;
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

function ms(value: number): string {
  return `${value.toFixed(value < 20 ? 1 : 0)} ms`;
}
