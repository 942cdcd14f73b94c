/** The types of what the API answers are those of the contract. Judged by the type check. */
import { describe, expectTypeOf, it } from "vitest";
import type * as approvals from "@/lib/contract/approvals";
import type * as controls from "@/lib/contract/controls";
import type * as deadLetters from "@/lib/contract/dead-letters";
import type * as logs from "@/lib/contract/logs";
import type * as operations from "@/lib/contract/operations";
import type * as queues from "@/lib/contract/queues";
import type * as schedules from "@/lib/contract/schedules";
import type * as workers from "@/lib/contract/workers";
import type * as workflows from "@/lib/contract/workflows";
import type * as sdk from "@/worker-sdk/src/index";
import { approval, child, type ExecutionHandle, step, workflow } from "@/worker-sdk/src/index";
import { testWorkflow } from "@/worker-sdk/src/testing/index";

/** The same where each can stand for the other: interfaces and inferred objects differ in form, not in what they hold. */
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
const same = <_ extends true>() => {};

describe("published types", () => {
  it("are those of the contract", () => {
    same<Same<sdk.RequestedApproval, approvals.Approval>>();
    same<Same<sdk.Controlled, controls.Controlled>>();
    same<Same<sdk.ExecutionPlan, controls.ExecutionPlan>>();
    same<Same<sdk.Explanation, controls.Explanation>>();
    same<Same<sdk.LogItem, logs.LogItem>>();
    same<Same<sdk.LogPage, logs.LogPage>>();
    same<Same<sdk.Operation, operations.Operation>>();
    same<Same<sdk.DeadLetter, deadLetters.DeadLetter>>();
    same<Same<sdk.DeadLetterDetail, deadLetters.DeadLetterDetail>>();
    same<Same<sdk.DeadLetterGroup, deadLetters.DeadLetterGroup>>();
    same<Same<sdk.CreateSchedule, schedules.CreateSchedule>>();
    same<Same<sdk.UpdateSchedule, schedules.UpdateSchedule>>();
    same<Same<sdk.Schedule, schedules.Schedule>>();
    same<Same<sdk.RegisteredWorker, workers.Worker>>();
    same<Same<sdk.Queue, workers.Queue>>();
    same<Same<sdk.QueueLimits, queues.QueueLimits>>();
    same<Same<sdk.PublishedWorkflow, workflows.Workflow>>();
    same<Same<sdk.PublishedWorkflowDetail, workflows.WorkflowDetail>>();
  });
});

describe("what an execution gives", () => {
  it("is typed by its workflow, by a handle and by a test run", () => {
    const double = workflow("double").timeline(step("double", (n: number) => n * 2));
    expectTypeOf(double.start).returns.resolves.toEqualTypeOf<ExecutionHandle<number>>();
    expectTypeOf<ExecutionHandle<number>["result"]>().returns.resolves.toEqualTypeOf<number>();
    const outer = workflow("outer").timeline(child(double));
    expectTypeOf(outer.execute).returns.resolves.toEqualTypeOf<number>();
    const run = testWorkflow(double, { input: 4 });
    expectTypeOf(run).resolves.toHaveProperty("output").toEqualTypeOf<number | null>();
    // @ts-expect-error double takes a number
    void testWorkflow(double, { input: "4" }).catch(() => {});
    void run;
    const asked = workflow("asked").timeline(
      approval("ok", { form: { type: "object", properties: { n: { type: "number" } }, required: ["n"] } }),
    );
    expectTypeOf<Awaited<ReturnType<typeof asked.execute>>["data"]>().toEqualTypeOf<{ n: number }>();
  });
});
