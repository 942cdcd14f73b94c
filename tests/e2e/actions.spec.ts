/** What one can do to an execution: see why it does not move, and change it after seeing what that would do. */
import type { Page } from "@playwright/test";
import { barriers } from "./axe";
import { expect, orderScene, test, timelineStep, unique } from "./support";

const inspectorOf = (page: Page) => page.getByRole("complementary", { name: "Step details" });

async function failedOrder(client: Parameters<typeof orderScene>[0], failures = 3) {
  const scene = await orderScene(client, { failures });
  scene.charge.open();
  await scene.work();
  const { id } = await client.start({ workflow: scene.workflow, input: { order: "o-1" } });
  await client.result(id);
  return { ...scene, id };
}

test("a retry shows its plan, keeps what completed under the same key, and does just that", async ({
  signedIn: page,
  client,
}) => {
  const scene = await failedOrder(client);
  try {
    await page.goto(`/executions/${scene.id}`);
    const end = page.getByRole("region", { name: "How it ended" });
    await expect(end).toContainText("PAYMENT_DECLINED in charge: The bank declined the charge");
    await end.getByRole("button", { name: "Show step charge" }).click();
    await expect(page).toHaveURL(/step=charge/);

    await page.getByRole("button", { name: "Close details" }).click();
    await expect(inspectorOf(page).getByRole("heading", { name: "Execution" })).toBeVisible();
    await page.keyboard.press("r");
    const dialog = page.getByRole("dialog", { name: "Retry this execution" });
    const plan = dialog.getByRole("region", { name: "Plan" });
    await expect(plan).toContainText("1 step runs again");
    await expect(plan.getByRole("list", { name: "1 step runs again" })).toContainText(`same key ${scene.id}:charge:1`);
    await expect(plan.getByRole("list", { name: "1 step is kept" })).toContainText("reserve");

    await dialog.getByLabel("A step and all after it").check();
    await dialog.getByRole("button", { name: "Step: Choose a step" }).click();
    await page.getByRole("option", { name: "reserve" }).click();
    await expect(plan).toContainText("2 steps run again");
    await expect(plan).toContainText(`new key ${scene.id}:reserve:2`);

    await dialog.getByLabel("What failed", { exact: true }).check();
    await expect(plan).toContainText("1 step runs again");
    await dialog.getByLabel("Reason").fill("The bank is back");
    await dialog.getByRole("button", { name: "Retry" }).dblclick();
    await expect(dialog).toBeHidden();
    await client.result(scene.id);
    const retries = (await client.history(scene.id)).filter(({ type }) => type === "ExecutionRetried");
    expect(retries.map(({ data }) => data)).toMatchObject([{ reason: "The bank is back" }]);
  } finally {
    await scene.end();
  }
});

test("a step of a failed execution runs anew with another input", async ({ signedIn: page, client }) => {
  const scene = await failedOrder(client);
  try {
    await page.goto(`/executions/${scene.id}?step=charge`);
    await inspectorOf(page).getByRole("button", { name: "Rerun from here" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Edit the execution's input" }).click();
    await dialog.getByLabel("Input").fill("{ nonsense");
    await expect(dialog).toContainText("Not valid JSON");
    await expect(dialog.getByRole("button", { name: "Rerun" })).toBeDisabled();
    await dialog.getByLabel("Input").fill('{ "order": 7 }');
    await expect(dialog.getByRole("region", { name: "Plan" }).getByRole("alert")).toContainText("/input/order");
    await dialog.getByLabel("Input").fill('{ "order": "o-2" }');
    await expect(dialog.getByRole("region", { name: "Plan" })).toContainText("1 step runs again");
    await dialog.getByRole("button", { name: "Rerun" }).click();
    await expect(dialog).toBeHidden();
    await expect(page.getByRole("region", { name: "Input" })).toContainText("o-1");
    await inspectorOf(page).getByRole("button", { name: "Close details" }).click();
    await expect(inspectorOf(page).getByRole("region", { name: "Input" })).toContainText("o-2");
  } finally {
    await scene.end();
  }
});

test("a fork goes on with another output of a completed step", async ({ signedIn: page, client }) => {
  const scene = await failedOrder(client);
  try {
    await page.goto(`/executions/${scene.id}?step=charge`);
    await expect(page.getByRole("button", { name: "Fork from here" })).toBeVisible();
    await page.keyboard.press("f");
    const dialog = page.getByRole("dialog", { name: "Fork this execution" });
    await dialog.getByRole("button", { name: "Edit an output" }).click();
    await page.getByRole("option", { name: "reserve" }).click();
    await dialog.getByRole("textbox", { name: "Output of reserve" }).fill('{ "shelf": "B-7" }');
    await expect(dialog.getByRole("region", { name: "Plan" })).toContainText("1 step runs again");
    await expect(dialog.getByRole("region", { name: "Plan" })).toContainText("All keys are new");
    await dialog.getByRole("button", { name: "Fork" }).click();
    await expect(page).not.toHaveURL(new RegExp(scene.id));
    await expect(page.getByText("Fork of")).toBeVisible();
    await timelineStep(page, "reserve").click();
    await expect(inspectorOf(page).getByRole("region", { name: "Output" })).toContainText("B-7");
  } finally {
    await scene.end();
  }
});

test("what an execution waits for is done where it is said", async ({ signedIn: page, client }) => {
  const workflow = unique("waits");
  const queue = unique("empty");
  await client.publish({
    name: workflow,
    nodes: [
      {
        id: "refund",
        type: "approval",
        title: "Refund?",
        form: { type: "object", required: ["amount"], properties: { amount: { type: "number" } } },
      },
      { id: "paid", type: "signal", signal: "payment" },
      { id: "lonely", type: "task", task: "nobody", queue },
    ],
    edges: [],
  });
  const { id } = await client.start({ workflow });
  await page.goto(`/executions/${id}`);
  const why = page.getByRole("region", { name: "Why it is not moving" });
  await expect(why.getByText(`Start a worker that has nobody and polls queue ${queue}:`)).toBeVisible();
  await why.getByRole("button", { name: "All 3" }).click();

  await why.getByRole("button", { name: "Decide" }).click();
  const decision = page.getByRole("dialog", { name: "Refund?" });
  await decision.getByRole("button", { name: "Approve" }).click();
  await expect(decision.getByRole("alert")).toBeVisible();
  await decision.getByLabel("amount").fill("120");
  await decision.getByLabel("Comment").fill("Returned in time");
  await decision.getByRole("button", { name: "Approve" }).click();
  await expect(decision).toBeHidden();
  await expect(page.getByRole("treeitem", { name: /^refund, Completed/ })).toBeVisible();

  await page.keyboard.press("s");
  const signal = page.getByRole("dialog", { name: "Send a signal" });
  await expect(signal.getByLabel("Name")).toHaveValue("payment");
  await signal.getByLabel("Payload").fill('{ "euros": 120 }');
  await signal.getByRole("button", { name: "Send signal" }).click();
  await expect(page.getByRole("treeitem", { name: /^paid, Completed/ })).toBeVisible();

  await page.keyboard.press("p");
  await page.getByRole("dialog").getByLabel("Reason").fill("Stocktaking");
  await page.getByRole("dialog").getByRole("button", { name: "Pause" }).click();
  await expect(why).toContainText("Stocktaking");
  await page.getByRole("button", { name: "Resume" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Resume" }).click();
  await expect(page.getByRole("button", { name: "Resume" })).toHaveCount(0);

  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: "Terminate" }).click();
  await expect(page.getByRole("dialog")).toContainText("Nothing is undone");
  await page.getByRole("dialog").getByRole("button", { name: "Terminate execution" }).click();
  await expect(page.getByRole("region", { name: "How it ended" })).toContainText("It was terminated");
  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: "Verify history" }).click();
  await expect(page.getByRole("dialog")).toContainText("Everything stored follows from its");
});

test("a step tells its attempts, logs, settings and events", async ({ signedIn: page, client }) => {
  const scene = await failedOrder(client);
  try {
    await page.goto(`/executions/${scene.id}?step=charge`);
    const inspector = inspectorOf(page);
    await inspector.getByRole("tab", { name: "Attempts 3" }).click();
    await expect(page).toHaveURL(/tab=attempts/);
    await expect(inspector.getByText("Attempt 3")).toBeVisible();
    await expect(inspector.getByText(`worker-of-${scene.workflow}`).first()).toBeVisible();
    await expect(inspector.getByText(`${scene.id}:charge:1`).first()).toBeVisible();
    await inspector.getByRole("tab", { name: "Logs" }).click();
    await expect(inspector.getByText("Nothing was logged here.")).toBeVisible();
    await inspector.getByRole("tab", { name: "Settings" }).click();
    await expect(inspector.getByText("Attempts at most")).toBeVisible();
    await expect(inspector.getByText("workflow", { exact: true }).first()).toBeVisible();
    await inspector.getByRole("tab", { name: "Events" }).click();
    await inspector
      .getByRole("button", { name: /^Show event/ })
      .first()
      .click();
    await expect(page).toHaveURL(/view=events/);
  } finally {
    await scene.end();
  }
});

test("one walks the items of a map, and finds the one that failed", async ({ signedIn: page, client }) => {
  const workflow = unique("items");
  await client.publish({
    name: workflow,
    nodes: [
      {
        id: "each",
        type: "map",
        items: "=input",
        failure: "continue",
        body: {
          nodes: [
            { id: "odd", type: "choice", cases: [{ port: "bad", when: "item == 41.0" }] },
            { id: "stop", type: "fail", code: "BAD_ITEM", message: "It is bad" },
            { id: "fine", type: "transform", value: "=item" },
          ],
          edges: [
            { from: "odd", port: "bad", to: "stop" },
            { from: "odd", port: "otherwise", to: "fine" },
          ],
        },
      },
    ],
    edges: [],
  });
  const { id } = await client.start({ workflow, input: Array.from({ length: 300 }, (_, index) => index) });
  await client.result(id);
  await page.goto(`/executions/${id}?step=each&tab=items`);
  const inspector = inspectorOf(page);
  await expect(inspector.getByText("299 of 300 items completed")).toBeVisible();
  await inspector.getByLabel("Which items").selectOption({ label: "Failed (1)" });
  await inspector.getByRole("button", { name: "Item 41" }).click();
  await expect(page).toHaveURL(/step=each%2Fstop%5B41%5D/);
  await expect(inspector.getByRole("region", { name: "Error" })).toContainText("BAD_ITEM");
  await inspector.getByRole("button", { name: "Next item" }).click();
  await expect(page).toHaveURL(/%5B42%5D/);
  await inspector.getByRole("button", { name: "All items of each" }).click();
  await expect(page).toHaveURL(/step=each(&|$)/);
});

test("a large value is searched where it stands", async ({ signedIn: page, client }) => {
  const workflow = unique("large");
  await client.publish({ name: workflow, nodes: [{ id: "nap", type: "sleep", duration: "1h" }], edges: [] });
  const rows = Array.from({ length: 9000 }, (_, index) => ({ id: index, name: `Customer ${index}` }));
  const { id } = await client.start({ workflow, input: { rows } });
  await page.goto(`/executions/${id}`);
  const input = inspectorOf(page).getByRole("region", { name: "Input" });
  await input.getByRole("button", { name: "Load" }).click();
  await input.getByRole("button", { name: "Search in this value" }).click();
  await input.getByRole("searchbox").fill("Customer 8123");
  await expect(input.getByText("1 of 1")).toBeVisible();
  await expect(input.getByRole("treeitem", { name: /Customer 8123/ })).toBeVisible();
  expect(await input.getByRole("treeitem").count()).toBeLessThan(200);
  await client.cancel(id);
});

test("axe finds nothing on an execution, its dialogs and its inspector", async ({ signedIn: page, client }) => {
  const scene = await failedOrder(client);
  try {
    for (const tab of ["summary", "attempts", "logs", "configuration", "events"]) {
      await page.goto(`/executions/${scene.id}?step=charge&tab=${tab}`);
      await expect(inspectorOf(page).getByRole("tabpanel")).toBeVisible();
      expect(await barriers(page), tab).toEqual([]);
    }
    for (const key of ["r", "f"]) {
      await page.keyboard.press(key);
      await expect(page.getByRole("region", { name: "Plan" })).toContainText("1 step runs again");
      expect(await barriers(page), key).toEqual([]);
      await page.keyboard.press("Escape");
      await expect(page.getByRole("dialog")).toBeHidden();
    }
  } finally {
    await scene.end();
  }
});
