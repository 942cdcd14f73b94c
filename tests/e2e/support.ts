/** What the browser tests share: a signed-in page, the API's client, and real workers whose steps the test releases. */
import { randomUUID } from "node:crypto";
import { type AnyStep, Client, type Definition, fail, step, Worker } from "@cerebelum/sdk";
import { type BrowserContext, test as base, expect, type Page } from "@playwright/test";

function setting(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: the browser tests' global set-up sets it`);
  return value;
}

export const URL_OF_SERVER = () => setting("CEREBELUM_URL");
export const ADMIN = () => ({ email: setting("CEREBELUM_ADMIN_EMAIL"), password: setting("CEREBELUM_ADMIN_PASSWORD") });

type Cookies = Awaited<ReturnType<ReturnType<Page["context"]>["cookies"]>>;

interface Fixtures {
  /** A page of a person who is signed in. */
  signedIn: Page;
  client: Client;
}

interface Window {
  context: BrowserContext;
  /** No page, no cookie, nothing kept. */
  empty(): Promise<void>;
}

/**
 * The session is made once a process, for the server limits how often one may sign in. The browser's window is opened once
 * too, which takes longer than most tests: each test finds it without pages, cookies and storage, and only with a warm cache.
 */
export const test = base.extend<Fixtures, { session: Cookies; api: Client; window: Window }>({
  window: [
    async ({ browser }, use, { project }) => {
      const { viewport } = project.use;
      const context = await browser.newContext({ baseURL: URL_OF_SERVER(), ...(viewport && { viewport }) });
      // A page that stays: those of a test are closed before what they keep is cleared, or they would go on meanwhile.
      const blank = await context.newPage();
      const devtools = await context.newCDPSession(blank);
      const empty = async () => {
        await context.setOffline(false);
        for (const page of context.pages()) if (page !== blank) await page.close();
        await context.clearCookies();
        await devtools.send("Storage.clearDataForOrigin", { origin: URL_OF_SERVER(), storageTypes: "all" });
      };
      await use({ context, empty });
      await context.close();
    },
    { scope: "worker" },
  ],
  context: async ({ window }, use) => {
    await use(window.context);
    await window.empty();
  },
  session: [
    async ({ playwright }, use) => {
      const url = URL_OF_SERVER();
      const request = await playwright.request.newContext({ baseURL: url, extraHTTPHeaders: { origin: url } });
      const answer = await request.post("/api/auth/sign-in/email", { data: ADMIN() });
      expect(answer.ok(), await answer.text()).toBe(true);
      const { cookies } = await request.storageState();
      await request.dispose();
      await use(cookies);
    },
    { scope: "worker" },
  ],
  api: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern
    async ({}, use) => {
      const client = new Client({ url: URL_OF_SERVER(), apiKey: setting("CEREBELUM_API_KEY") });
      await use(client);
    },
    { scope: "worker" },
  ],
  client: async ({ api }, use) => use(api),
  // Whatever a test does, no page of it may break its own content security policy.
  page: async ({ page }, use) => {
    const broken: string[] = [];
    page.on("console", (message) => {
      if (/content security policy/i.test(message.text())) broken.push(`${page.url()}: ${message.text()}`);
    });
    await use(page);
    expect(broken).toEqual([]);
  },
  signedIn: async ({ page, context, session }, use) => {
    await context.addCookies(session);
    await use(page);
  },
});

export { expect };

/** A name that no other test uses. */
export function unique(prefix: string): string {
  return `${prefix}_${randomUUID().slice(0, 8)}`;
}

/** Lets a step go on when the test says so. */
export function gate(): { passed: Promise<void>; open: () => void } {
  let open = () => {};
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open };
}

/**
 * A published workflow of four kinds of node, on a queue of its own: reserve → charge → large? → wrap | skip → ship.
 * `charge` waits for its gate and fails its first `failures` attempts.
 */
export async function orderScene(client: Client, options: { failures?: number } = {}) {
  const queue = unique("orders");
  const workflow = unique("order");
  const charge = gate();
  const definition: Definition = {
    name: workflow,
    description: "Reserve, charge and ship an order",
    inputSchema: {
      type: "object",
      required: ["order"],
      properties: { order: { type: "string" }, total: { type: "number" } },
    },
    defaults: { queue, retry: { maxAttempts: 3, initialInterval: 200, backoff: 1, jitter: 0 } },
    nodes: [
      { id: "reserve", type: "task", task: "reserve" },
      { id: "charge", type: "task", task: "charge" },
      { id: "large", type: "choice", cases: [{ port: "yes", when: "input.total > 100.0" }] },
      { id: "wrap", type: "task", task: "wrap" },
      { id: "settle", type: "sleep", duration: 50 },
      { id: "ship", type: "task", task: "ship" },
    ],
    edges: [
      { from: "reserve", to: "charge" },
      { from: "charge", to: "large" },
      { from: "large", port: "yes", to: "wrap" },
      { from: "large", port: "otherwise", to: "settle" },
      { from: "wrap", to: "ship" },
      { from: "settle", to: "ship" },
    ],
  };
  await client.publish(definition);
  const steps: AnyStep[] = [
    step("reserve", async () => ({ shelf: "A-12" })),
    step("charge", async (_input: unknown, context) => {
      await Promise.race([charge.passed, new Promise((resolve) => context.signal.addEventListener("abort", resolve))]);
      if (context.attempt <= (options.failures ?? 0))
        fail({ code: "PAYMENT_DECLINED", message: "The bank declined the charge", details: { reason: "limit" } });
      return { charged: true };
    }),
    step("wrap", async () => ({ paper: "blue" })),
    step("ship", async () => ({ parcel: "P-1" })),
  ];
  const worker = new Worker({
    url: URL_OF_SERVER(),
    apiKey: setting("CEREBELUM_API_KEY"),
    steps,
    queues: [queue],
    name: `worker-of-${workflow}`,
  });
  return {
    workflow,
    queue,
    charge,
    work: () => worker.start(),
    async end() {
      charge.open();
      await worker.stop();
    },
  };
}

export function row(page: Page, name: string | RegExp) {
  return page.getByRole("row", { name });
}

/** The tree of steps; values are trees too. */
export function timeline(page: Page) {
  return page.getByRole("tree", { name: "Timeline of steps" });
}

/** The row of a step in the timeline. */
export function timelineStep(page: Page, name: string) {
  return timeline(page).getByRole("treeitem", { name: new RegExp(`^${name},`) });
}
