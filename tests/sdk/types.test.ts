/** The published types are those of the contract, and results are typed from step to step. Judged by the type check. */
import { describe, expectTypeOf, it } from "vitest";
import type * as definition from "@/lib/contract/definition";
import type * as executions from "@/lib/contract/executions";
import type * as findings from "@/lib/contract/findings";
import type * as history from "@/lib/contract/history";
import type { Task } from "@/lib/contract/workers";
import type { WorkflowPublished } from "@/lib/contract/workflows";
import type * as sdk from "@/worker-sdk/src/index";
import { on, path, port, sleep, step, when, workflow } from "@/worker-sdk/src/index";

/** The same where each can stand for the other, also when nothing may be missing: interfaces and inferred objects differ in form, not in what they hold. */
type Same<A, B> = Fits<A, B> extends true ? Fits<Whole<A>, Whole<B>> : false;
type Fits<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
type Whole<T> = T extends readonly (infer Item)[]
  ? Whole<Item>[]
  : T extends object
    ? { [K in keyof T]-?: Whole<T[K]> }
    : T;
const same = <_ extends true>() => {};

describe("published types", () => {
  it("are those of the contract", () => {
    same<Same<sdk.Definition, definition.Definition>>();
    same<Same<sdk.Node, definition.Node>>();
    same<Same<sdk.MapNode, definition.MapNode>>();
    same<Same<sdk.TaskFields, definition.MapTask>>();
    same<Same<sdk.Edge, definition.Edge>>();
    same<Same<sdk.Finding, findings.Finding>>();
    same<Same<sdk.HistoryEvent, history.HistoryEvent>>();
    same<Same<sdk.EventType, history.EventType>>();
    same<Same<sdk.ErrorInfo, history.ErrorInfo>>();
    same<Same<sdk.Parent, history.Parent>>();
    same<Same<sdk.ExecutionStarted, executions.ExecutionStarted>>();
    same<Same<sdk.ExecutionSummary, executions.ExecutionSummary>>();
    same<Same<sdk.Execution, executions.Execution>>();
    same<Same<sdk.ExecutionResult, executions.ExecutionResult>>();
    same<Same<sdk.ExecutionStatus, executions.ExecutionStatus>>();
    same<Same<sdk.StepStatus, executions.StepStatus>>();
    same<Same<sdk.Verification, executions.Verification>>();
    same<Same<sdk.BatchStarted, executions.BatchStarted>>();
    same<Same<sdk.WorkflowPublished, WorkflowPublished>>();
    same<Same<sdk.ExecutionContext, Task["context"]>>();
  });
});

describe("a workflow's types", () => {
  const fetchUser = step("fetch_user", async (_: { id: string }) => ({ name: "Ada", age: 36, since: new Date(0) }));
  const welcome = step("welcome", async (user: { name: string }) => ({ sent: user.name }));
  const ask = step("ask", async (user: { name: string }) => user.name);
  const count = step("count", (n: number) => n);

  it("take the first step's input and give the last one's output, as JSON", () => {
    const one = workflow("one").timeline(fetchUser);
    expectTypeOf(one.execute).parameter(0).toEqualTypeOf<{ id: string }>();
    expectTypeOf(one.execute).returns.resolves.toEqualTypeOf<{ name: string; age: number; since: string }>();
    const none = workflow("none").timeline(step("none", async () => {}));
    expectTypeOf(none.execute).returns.resolves.toEqualTypeOf<null>();
  });

  it("refuse a step that cannot take what the one before returns", () => {
    const w = workflow("w");
    const fetched = w.timeline(fetchUser);
    // @ts-expect-error count takes a number
    w.timeline(fetchUser, count);
    // @ts-expect-error the group gives an object
    fetched.timeline([welcome, ask], count);
    // @ts-expect-error neither does an arm take anything else
    fetched.branch(fetchUser, { x: when("true", count) });
    // @ts-expect-error the input was named
    workflow<{ other: 1 }>("w").timeline(fetchUser);
    workflow<{ other: 1 }>("w").timeline(fetchUser.with({ id: "1" }), count.with(1));
  });

  it("give groups as objects by name, branches as the union of their arms, sleeps as they were given", () => {
    const grouped = workflow("g").timeline(fetchUser, [welcome, path(ask, sleep("1h"))]);
    expectTypeOf(grouped.execute).returns.resolves.toEqualTypeOf<{ welcome: { sent: string }; ask: string }>();
    const arms = workflow("b")
      .timeline(fetchUser)
      .branch(fetchUser, { a: when("true", welcome), otherwise: ask });
    expectTypeOf(arms.timeline(sleep("1h")).execute).returns.resolves.toEqualTypeOf<{ sent: string } | string>();
    const past = workflow("p")
      .timeline(count)
      .branch(count, {
        big: when(
          on(count).gt(1),
          step("s", () => "text"),
        ),
      });
    expectTypeOf(past.execute).returns.resolves.toEqualTypeOf<string | number>();
  });

  it("hold a branch in the middle to what the steps after it were promised", () => {
    const text = step("text", (n: number) => `${n}`);
    const counted = workflow("m").timeline(count, count.as("again"));
    // @ts-expect-error count was promised a number
    counted.branch(count, { x: when("true", text) });
    counted.branch(count, { x: when("true", count.as("other")) });
  });

  it("tell a step's ports apart", () => {
    const classify = step("classify", async (n: number) => (n > 1 ? port("spam", { score: n }) : `${n}`), {
      ports: ["spam"],
    });
    const classified = workflow("c").timeline(classify);
    expectTypeOf(classified.execute).returns.resolves.toEqualTypeOf<string>();
    const quarantine = step("quarantine", (_: { score: number }) => true);
    expectTypeOf(classified.branch(classify, { spam: quarantine }).execute).returns.resolves.toEqualTypeOf<
      string | boolean
    >();
    // @ts-expect-error spam carries a score
    classified.branch(classify, { spam: count });
    classified.branch(classify, { error: step("why", (error: sdk.ErrorInfo) => error.code) });
  });

  it("know what a reference holds", () => {
    on(fetchUser).age.gte(18);
    on(fetchUser).since.eq("1970-01-01T00:00:00.000Z");
    // @ts-expect-error age is a number
    on(fetchUser).age.gte("18");
    // @ts-expect-error there is no such member
    on(fetchUser).nobody;
  });
});
