/** The workflow of the first steps is sound, and its worker's steps take it where the page says it goes. */
import { expect, it } from "vitest";
import { EXAMPLE, EXAMPLE_APPROVAL, EXAMPLE_INPUT } from "@/app/_overview/example-definition";
import { steps } from "@/examples/first-order/steps";
import { EXAMPLE_QUEUE } from "@/lib/client/worker-command";
import type { AnyWorkflow } from "@/worker-sdk/src/any-workflow";
import type { AnyStep } from "@/worker-sdk/src/index";
import { assertAttempts, assertCompleted, assertSkipped, testWorkflow } from "@/worker-sdk/src/testing/index";
import { findingsOf } from "../core/support/findings";

const example = {
  name: EXAMPLE.name,
  definition: EXAMPLE,
  warnings: [],
  steps: steps as unknown as AnyStep[],
  children: [],
} as unknown as AnyWorkflow;

it("has no findings, not even warnings", () => {
  expect(findingsOf(EXAMPLE)).toEqual([]);
});

it("asks for exactly the tasks that its worker serves, on the queue that the worker polls", () => {
  const asked = EXAMPLE.nodes.flatMap((node) => (node.type === "task" ? [node.task] : []));
  expect(asked.sort()).toEqual(steps.map(({ task }) => String(task)).sort());
  expect(EXAMPLE.defaults?.queue).toBe(EXAMPLE_QUEUE);
});

it("charges at the second try, asks, sleeps and ships", async () => {
  const run = await testWorkflow(example, { input: EXAMPLE_INPUT, approvals: { [EXAMPLE_APPROVAL]: "approved" } });
  assertCompleted(run);
  assertAttempts(run, "charge_card", 2);
  assertSkipped(run, "release_stock");
  expect(run.history.find(({ type }) => type === "ApprovalRequested")?.data).toMatchObject({
    title: "Ship lamp-1 for 240?",
  });
  expect(run.elapsedMs).toBe(7_000);
});

it("asks nobody about a small order", async () => {
  const run = await testWorkflow(example, { input: { ...EXAMPLE_INPUT, total: 40 } });
  assertCompleted(run);
  assertSkipped(run, EXAMPLE_APPROVAL);
});

it("gives the stock back where a person says no", async () => {
  const run = await testWorkflow(example, { input: EXAMPLE_INPUT, approvals: { [EXAMPLE_APPROVAL]: "rejected" } });
  assertCompleted(run);
  assertSkipped(run, "ship_parcel");
  expect(run.state.steps.find(({ node }) => node === "release_stock")?.status).toBe("completed");
});
