/**
 * A designer's whole way: she draws the onboarding from nothing, mends what the validator finds, tries it with days skipped and a
 * failure, publishes it, has a real worker run it, changes it, sees what is new and what it would have done, and publishes again.
 */
import { step, Worker } from "@cerebelum/sdk";
import type { Locator, Page } from "@playwright/test";
import { expect, test, timelineStep, URL_OF_SERVER, unique } from "./support";

const canvas = (page: Page) => page.locator("[data-editor-graph]");
const node = (page: Page, id: string) => canvas(page).locator(`.react-flow__node[data-id="${id}"]`);
const outcome = (page: Page, id: string, port: string) =>
  canvas(page).locator(`.react-flow__handle[data-nodeid="${id}"][data-handleid="${port}"]`);
const settings = (page: Page) => page.getByRole("complementary", { name: "Settings of what is selected" });
const field = (page: Page, name: string) => settings(page).getByRole("textbox", { name, exact: true });

async function centre(of: Locator): Promise<{ x: number; y: number }> {
  const box = await of.boundingBox();
  if (!box) throw new Error("It is not on screen.");
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** From one outcome to where it is let go: a node, or a place. */
async function drag(page: Page, from: Locator, onto: Locator | { x: number; y: number }) {
  // Waits until the view stands still.
  await from.hover();
  const to = "x" in onto ? onto : await centre(onto);
  const start = await centre(from);
  await page.mouse.move(start.x, start.y);
  await page.mouse.down();
  await page.mouse.move((start.x + to.x) / 2, (start.y + to.y) / 2, { steps: 4 });
  await page.mouse.move(to.x, to.y, { steps: 4 });
  await page.mouse.up();
}

/** Empty space behind a node, so far below its middle. */
async function beside(page: Page, id: string, below: number) {
  const box = await node(page, id).boundingBox();
  if (!box) throw new Error("It is not on screen.");
  return { x: box.x + box.width + 120, y: box.y + box.height / 2 + below };
}

async function rename(page: Page, id: string) {
  await field(page, "Id").fill(id);
  await page.keyboard.press("Enter");
  await expect(node(page, id)).toBeVisible();
}

async function choose(page: Page, text: string, name: string | RegExp) {
  const list = page.getByRole("dialog", { name: /Add a node|Connect/ });
  await list.getByRole("combobox").fill(text);
  await list.getByRole("option", { name }).first().click();
}

/** Types over what a field with an expression holds. */
async function write(page: Page, into: Locator, text: string) {
  await into.click();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type(text);
  await page.keyboard.press("Escape");
}

async function saved(page: Page) {
  await expect(page.getByRole("status").filter({ hasText: /^Draft( of v\d+)? saved$/ })).toBeVisible();
}

test("the onboarding is drawn by mouse, mended, tried, published, run, changed and published again", async ({
  signedIn: page,
  client,
}) => {
  test.setTimeout(240_000);
  page.setDefaultTimeout(15_000);
  const workflow = unique("onboarding");
  const queue = unique("onboarding");

  await page.goto("/workflows");
  await page.getByRole("button", { name: "New workflow" }).first().click();
  await page.getByRole("dialog").getByLabel("Name").fill(workflow);
  await page.getByRole("button", { name: "Open in the editor" }).click();
  await expect(page).toHaveURL(new RegExp(`/workflows/${workflow}/edit`));

  await test.step("the first steps and a branch", async () => {
    await page.getByRole("button", { name: "Add the first node" }).click();
    await choose(page, "fetch_user", "Task fetch_user");
    await expect(node(page, "fetch_user")).toBeVisible();
    await page.getByRole("button", { name: "Add Choice" }).click();
    await rename(page, "adult");
    await write(page, field(page, "Condition"), "steps.fetch_usr.output.age >= 18");
  });

  await test.step("both ways, one with a question that is asked again", async () => {
    await drag(page, outcome(page, "adult", "yes"), await beside(page, "adult", 0));
    await choose(page, "send_welcome_email", "Task send_welcome_email");
    await expect(node(page, "send_welcome_email")).toBeVisible();
    await drag(page, outcome(page, "adult", "otherwise"), await beside(page, "adult", 260));
    await choose(page, "send_parental_consent", "Task send_parental_consent");
    await expect(node(page, "send_parental_consent")).toBeVisible();
    await page.getByRole("button", { name: "Add Approval" }).click();
    await rename(page, "consent");
    await drag(page, outcome(page, "consent", "expired"), node(page, "send_parental_consent"));
    await expect(settings(page)).toContainText("expired:send_parental_consent");
  });

  await test.step("a sleep behind both, and a report", async () => {
    await node(page, "consent").click();
    await page.getByRole("button", { name: "Add Sleep" }).click();
    await rename(page, "cool_off");
    await write(page, field(page, "Duration"), "=input.cool_off");
    await page.getByRole("button", { name: "Show all" }).click();
    await drag(page, outcome(page, "send_welcome_email", "success"), node(page, "cool_off"));
    await node(page, "cool_off").click();
    await page.keyboard.press("Tab");
    await choose(page, "report", "Task report");
    await expect(node(page, "report")).toBeVisible();
    await saved(page);
  });

  await test.step("what it is given, and whose workers take it", async () => {
    await canvas(page)
      .locator(".react-flow__pane")
      .click({ position: { x: 30, y: 30 } });
    for (const name of ["user_id", "cool_off"]) {
      await settings(page).getByRole("button", { name: "Add a field" }).click();
      const member = settings(page).getByRole("textbox", { name: "Name", exact: true }).last();
      await member.fill(name);
      await member.press("Enter");
      await settings(page)
        .getByRole("checkbox", { name: `Required: ${name}` })
        .check();
    }
    await settings(page)
      .getByRole("button", { name: /^Defaults of all nodes/ })
      .click();
    await settings(page).getByRole("combobox", { name: "Queue" }).fill(queue);
    await saved(page);
  });

  await test.step("the validator finds a step that there is none of; its fix is taken", async () => {
    await page.getByRole("button", { name: /^1 error/ }).click();
    await page
      .getByRole("tabpanel", { name: /Findings/ })
      .getByRole("button", { name: /^Fix: / })
      .first()
      .click();
    await expect(page.getByRole("button", { name: /error/ })).toHaveCount(0);
    await saved(page);
  });

  await test.step("a trial: one failure, three days later", async () => {
    await page.getByRole("button", { name: "Try", exact: true }).click();
    const trial = page.getByRole("region", { name: "Trial of the draft" });
    await trial.getByRole("radio", { name: "By example" }).click();
    await trial.getByRole("button", { name: "Fill in an example" }).click();
    await trial.getByLabel("cool_off").fill("3d");
    await trial.getByRole("button", { name: /^Plan fetch_user/ }).click();
    await page.getByRole("menuitem", { name: "Fails once" }).click();
    const asleep = trial.getByText(/^cool_off wakes/);
    while (!(await asleep.isVisible())) await trial.getByRole("button", { name: "Step", exact: true }).click();
    await expect(asleep).toHaveText("cool_off wakes, in 3 d");
    await trial.getByRole("button", { name: "Let time pass: +3 days" }).click();
    await trial.getByRole("button", { name: "Run", exact: true }).click();
    await expect(trial.getByRole("region", { name: "Output" }).first()).toContainText("Completed");
    await expect(timelineStep(page, "fetch_user")).toHaveAccessibleName(/2 attempts/);
  });

  await test.step("published, with a note", async () => {
    await page.getByRole("button", { name: "Close panel" }).click();
    await publish(page, 1, "Welcomes who is grown up, asks the parents of others");
  });

  const worker = new Worker({
    url: URL_OF_SERVER(),
    apiKey: process.env.CEREBELUM_API_KEY ?? "",
    queues: [queue],
    steps: [
      step("fetch_user", async ({ input }: { input: { user_id: string } }) => ({
        name: input.user_id,
        age: input.user_id === "ada" ? 36 : 12,
      })),
      step("send_welcome_email", async () => ({ sent: true })),
      step("send_parental_consent", async () => ({ asked: true })),
      step("report", async () => ({ reported: true })),
      step("greet", async () => ({ greeted: true })),
    ],
  });
  await worker.start();
  try {
    const child =
      await test.step("two are started from the editor: one completes, one waits for a parent", async () => {
        const ada = await start(page, workflow, "ada");
        await expect.poll(async () => (await client.get(ada)).status).toBe("completed");
        const tim = await start(page, workflow, "tim");
        await expect.poll(async () => (await client.get(tim)).status).toBe("waiting");
        return tim;
      });

    await test.step("a step is put in between; the backtest misses its result", async () => {
      await page.goto(`/workflows/${workflow}/edit?node=cool_off`);
      await expect(node(page, "cool_off")).toBeVisible();
      await page.keyboard.press("Escape");
      await node(page, "cool_off").click();
      await page.keyboard.press("Tab");
      await choose(page, "greet", "Task greet");
      await expect(node(page, "greet")).toBeVisible();
      await saved(page);
      await page.getByRole("button", { name: "Try", exact: true }).click();
      await page.getByRole("tab", { name: "Backtest" }).click();
      const backtest = page.getByRole("tabpanel", { name: "Backtest" });
      await backtest.getByRole("button", { name: "Replay" }).click();
      await expect(backtest).toContainText("Nothing was recorded for greet.");
    });

    await test.step("what is new is shown, and published as version 2", async () => {
      await page.getByRole("button", { name: "Publish", exact: true }).click();
      const dialog = page.getByRole("dialog", { name: `Publish ${workflow}` });
      await expect(dialog).toContainText("1 open execution of v1");
      await dialog.getByRole("radio", { name: /^Changes/ }).click();
      await expect(dialog).toContainText("greet");
      await dialog.getByLabel("Note").fill("Greets");
      await dialog.getByRole("button", { name: "Publish v2" }).click();
      await expect(dialog).toBeHidden();
    });

    await test.step("what was begun goes on as it began; what begins now greets", async () => {
      const bob = await start(page, workflow, "ada");
      await expect.poll(async () => (await client.get(bob)).status).toBe("completed");
      await page.goto(`/executions/${child}`);
      await page.getByRole("button", { name: "Decide" }).click();
      await page.getByRole("button", { name: "Approve", exact: true }).click();
      await expect.poll(async () => (await client.get(child)).status).toBe("completed");
      expect((await client.get(child)).version).toBe(1);
      expect((await client.get(bob)).version).toBe(2);
    });
  } finally {
    await worker.stop();
  }
});

test("the same is drawn and published by keyboard alone", async ({ signedIn: page, client }) => {
  test.setTimeout(180_000);
  const workflow = unique("by_keys");
  const keys = page.keyboard;
  await page.goto("/workflows");
  await tabTo(page, page.getByRole("button", { name: "New workflow" }).first());
  await keys.press("Enter");
  await expect(page.getByRole("dialog").getByLabel("Name")).toBeFocused();
  await keys.type(workflow);
  await keys.press("Enter");
  await expect(page).toHaveURL(new RegExp(`/workflows/${workflow}/edit`));

  await tabTo(page, page.getByRole("button", { name: "Add the first node" }));
  await keys.press("Enter");
  await pick(page, "fetch_user");
  await focused(page, "fetch_user");
  await keys.press("Tab");
  await pick(page, "choice");
  await named(page, "adult");
  await keys.press("Enter");
  await tabTo(page, field(page, "Condition"));
  await keys.press("ControlOrMeta+a");
  await keys.type("steps.fetch_user.output.age >= 18");
  await keys.press("Escape");
  await keys.press("Escape");
  await focused(page, "adult");

  await keys.press("Tab");
  await pick(page, "send_welcome_email");
  await focused(page, "send_welcome_email");
  await keys.press("ArrowLeft");
  await focused(page, "adult");
  await keys.press("Tab");
  await pick(page, "send_parental_consent");
  await focused(page, "send_parental_consent");
  await keys.press("Tab");
  await pick(page, "approval");
  await named(page, "consent");
  await keys.press("c");
  await pick(page, "expired");
  await pick(page, "send_parental_consent");
  await focused(page, "consent");
  await keys.press("Tab");
  await pick(page, "sleep");
  await named(page, "cool_off");
  await keys.press("Tab");
  await pick(page, "report");
  await focused(page, "report");
  await keys.press("/");
  await keys.type("send_welcome");
  await keys.press("Enter");
  await keys.press("Escape");
  await focused(page, "send_welcome_email");
  await keys.press("c");
  await pick(page, "success");
  await pick(page, "cool_off");
  await saved(page);

  await tabTo(page, page.getByRole("button", { name: "Publish", exact: true }), "Shift+Tab");
  await keys.press("Enter");
  await tabTo(page, page.getByRole("dialog").getByRole("button", { name: "Publish v1" }));
  await keys.press("Enter");
  await expect(page.getByRole("dialog")).toBeHidden();
  const published = (await client.workflows.version(workflow, 1)).definition;
  expect(published).toEqual({
    format: 1,
    name: workflow,
    nodes: [
      { id: "fetch_user", type: "task", task: "fetch_user" },
      { id: "adult", type: "choice", cases: [{ port: "yes", when: "steps.fetch_user.output.age >= 18" }] },
      { id: "send_welcome_email", type: "task", task: "send_welcome_email" },
      { id: "send_parental_consent", type: "task", task: "send_parental_consent" },
      { id: "consent", type: "approval", title: "Please decide", timeout: "7d" },
      { id: "cool_off", type: "sleep", duration: "1h" },
      { id: "report", type: "task", task: "report" },
    ],
    edges: [
      { from: "fetch_user", to: "adult" },
      { from: "adult", port: "yes", to: "send_welcome_email" },
      { from: "adult", port: "otherwise", to: "send_parental_consent" },
      { from: "send_parental_consent", to: "consent" },
      { from: "consent", port: "expired", to: "send_parental_consent", loop: {} },
      { from: "consent", to: "cool_off" },
      { from: "cool_off", to: "report" },
      { from: "send_welcome_email", to: "cool_off" },
    ],
  });
});

/** Presses until it has the focus, as somebody would who sees where it is. */
async function tabTo(page: Page, wanted: Locator, key = "Tab") {
  await wanted.waitFor();
  for (let presses = 0; presses < 120; presses++) {
    if (await wanted.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press(key);
  }
  throw new Error("It was not reached by keyboard.");
}

/** Of what is asked. */
async function pick(page: Page, text: string) {
  const list = page.getByRole("dialog", { name: /Add a node|Connect/ }).getByRole("combobox");
  await expect(list).toBeFocused();
  await page.keyboard.type(text);
  await expect(list).toHaveValue(text);
  await page.keyboard.press("Enter");
}

async function focused(page: Page, id: string) {
  await expect(node(page, id)).toBeFocused();
}

async function named(page: Page, id: string) {
  await expect(canvas(page).locator(".react-flow__node:focus")).toBeVisible();
  await page.keyboard.press("F2");
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type(id);
  await page.keyboard.press("Enter");
  await focused(page, id);
}

async function publish(page: Page, version: number, note: string) {
  await page.getByRole("button", { name: "Publish", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: /^Publish / });
  await dialog.getByLabel("Note").fill(note);
  await dialog.getByRole("button", { name: `Publish v${version}` }).click();
  await expect(dialog).toBeHidden();
}

/** From the editor's menu by the form of its input; the page of the execution follows. */
async function start(page: Page, workflow: string, user: string): Promise<string> {
  if (!page.url().includes("/edit")) await page.goto(`/workflows/${workflow}/edit`);
  await page.locator("main header").getByRole("button", { name: "More", exact: true }).click();
  await page.getByRole("menuitem", { name: "Start an execution" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("user_id").fill(user);
  await dialog.getByLabel("cool_off").fill("1s");
  await dialog.getByRole("button", { name: /^Start/ }).click();
  await expect(page).toHaveURL(/\/executions\/exe_\w+/);
  return /exe_\w+/.exec(page.url())?.[0] ?? "";
}
