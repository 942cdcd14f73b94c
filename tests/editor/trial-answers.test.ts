/** Where answers come from when nobody gives them: examples, the past, and what is planned for single steps. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Definition, Edge, Node } from "@/lib/contract/definition";
import type { HistoryEvent } from "@/lib/contract/history";
import type { JsonValue } from "@/lib/contract/json";
import { trialSchema } from "@/lib/contract/trials";
import { parseDuration } from "@/lib/core/durations";
import { firstOf, NO_ANSWERS, plannedAnswers } from "@/lib/editor/trial/answers";
import { durationText } from "@/lib/editor/trial/duration-text";
import { exampleOf } from "@/lib/editor/trial/example";
import { exampleAnswers, exampleInput } from "@/lib/editor/trial/example-answers";
import { type Injection, withInjections } from "@/lib/editor/trial/injections";
import { pastAnswers } from "@/lib/editor/trial/past-answers";
import { body, edges, flow, loop, ONCE, task } from "../conformance/behaviour";
import { began, endings, ran, TOOLS, times, waitingAt } from "./trial-tools";

describe("an example of a schema", () => {
  it.each<[JsonValue, JsonValue]>([
    [
      { type: "object", properties: { a: { type: "string" }, b: { type: "integer", minimum: 5 } } },
      { a: "example", b: 5 },
    ],
    [{ enum: ["x", "y"] }, "x"],
    [{ type: "string", format: "email" }, "ada@example.com"],
    [{ type: "array", items: { type: "boolean" }, minItems: 2 }, [true, true]],
    [{ type: ["null", "number"], exclusiveMinimum: 0, multipleOf: 0.5 }, 0.5],
    [{ anyOf: [{ type: "null" }, { type: "string" }] }, null],
    [{ allOf: [{ properties: { a: { const: 1 } } }, { required: ["b"] }] }, { a: 1, b: null }],
    [{ $ref: "#/$defs/name", $defs: { name: { type: "string", minLength: 9 } } }, "examplexx"],
    [{ type: "string", default: "d", examples: ["e"] }, "d"],
    [true, null],
  ])("of %j is %j, which the schema accepts", (schema, expected) => {
    const example = exampleOf(schema);
    expect(example).toEqual(expected);
    expect(TOOLS.checkSchema(schema, example)).toBe(null);
  });

  it("comes to an end for a schema that leads back to itself", () => {
    const list = {
      $ref: "#/$defs/list",
      $defs: { list: { type: "object", properties: { next: { $ref: "#/$defs/list" } } } },
    };
    expect(JSON.stringify(exampleOf(list)).length).toBeLessThan(200);
  });
});

describe("an example of a step's answer", () => {
  const review: Definition = flow(
    "review",
    [
      task("fetch", { input: { id: "=input.order_id" } }),
      {
        id: "adult",
        type: "choice",
        cases: [{ port: "yes", when: "steps.fetch.output.age >= 18 && steps.fetch.output.country == 'NO'" }],
      },
      {
        id: "ask",
        type: "approval",
        timeout: "1d",
        form: { type: "object", required: ["amount"], properties: { amount: { type: "number" } } },
      },
      {
        id: "each",
        type: "map",
        items: "=steps.fetch.output.lines",
        body: body([task("pack", { input: { sku: "=item.sku", left: "=item.stock - 1" } })]),
      },
      task("job", { poll: { until: "output.status == 'done'" } }),
      { id: "get", type: "http", request: { url: "https://example.com" } },
      { id: "sum", type: "transform", value: "=steps.get.output.body.total * 2" },
    ],
    edges("fetch > adult", "adult.yes > ask > each > job > get > sum"),
  );

  it("has what the workflow reads of it, with values for which its conditions hold", () => {
    const run = began(review, { input: exampleInput(review), answers: exampleAnswers(review) });
    run.run();
    expect(run.outcome).toMatchObject({ status: "completed" });
    expect(endings(run)).toContain("adult completed:yes");
    const fetched = run.history.find((event) => event.type === "StepCompleted" && event.data.node === "fetch");
    expect(fetched?.data).toMatchObject({
      output: {
        age: 18,
        country: "NO",
        lines: [
          { sku: "example", stock: 1 },
          { sku: "example", stock: 1 },
        ],
      },
    });
    expect(exampleInput(review)).toEqual({ order_id: "example" });
  });
});

describe("an injection", () => {
  const flowOf = (...nodes: Node[]) => flow("w", nodes);
  const given = plannedAnswers({ steps: { a: [{ output: 1 }] } });
  const ranWith = (injection: Injection, definition: Definition = flowOf(task("a"))) => {
    const run = began(definition, { answers: withInjections(new Map([["a", injection]]), given) });
    run.run();
    return run;
  };

  it("lets a step fail once, or for good, or lose its worker, and answers it otherwise as all others", () => {
    expect(endings(ranWith({ kind: "fail", times: "once" }))).toEqual(["a completed"]);
    expect(times(ranWith({ kind: "fail", times: "once" }), "StepAttemptFailed")).toEqual([0]);
    expect(ranWith({ kind: "fail", times: "always" }).outcome.error).toBe("INJECTED");
    expect(times(ranWith({ kind: "fail-for-good" }), "StepFailed")).toEqual([0]);
    expect(times(ranWith({ kind: "lose", times: "once" }), "StepAttemptFailed")).toEqual([10_000]);
    expect(times(ranWith({ kind: "slow", ms: 60_000 }), "StepCompleted")).toEqual([60_000]);
    const list: Injection = { kind: "answers", list: [{ lost: true }, { output: 2 }] };
    expect(ranWith(list).outcome.output).toEqual({ a: 2 });
  });

  it("decides an approval, and fails a child", () => {
    const asking = flowOf({ id: "a", type: "approval", timeout: "1h" });
    expect(ranWith({ kind: "decide", decision: "rejected" }, asking).outcome.error).toBe("REJECTED");
    expect(ranWith({ kind: "decide", decision: "expired" }, asking).outcome.error).toBe("APPROVAL_EXPIRED");
    const parent = flowOf({ id: "a", type: "workflow", workflow: "child" });
    expect(ranWith({ kind: "fail-for-good" }, parent).outcome.error).toBe("CHILD_FAILED");
  });
});

describe("several sources", () => {
  it("answer by the first that knows, and by the item before the node", () => {
    const asked = {
      kind: "task",
      node: "each/a",
      index: [1],
      iteration: 1,
      nth: 5,
      task: "a",
      input: null,
      attempt: 1,
      round: 0,
      resumed: false,
    } as const;
    const one = plannedAnswers({ steps: { "each/a[1]": [{ output: 1 }, { output: 2 }], "each/a": [{ output: 3 }] } });
    expect(firstOf(NO_ANSWERS, one).task(asked)).toEqual({ output: 2 });
    expect(one.task({ ...asked, index: [0] })).toEqual({ output: 3 });
    expect(one.task({ ...asked, node: "b", index: [] })).toBe(null);
    expect(firstOf(NO_ANSWERS).task(asked)).toBe(null);
  });
});

describe("the past", () => {
  const order = flow(
    "order",
    [
      task("charge", { compensate: { task: "refund" } }),
      { id: "ask", type: "approval", timeout: "1d" },
      { id: "paid", type: "signal", signal: "paid", timeout: "1d" },
      { id: "bill", type: "workflow", workflow: "billing" },
      { id: "each", type: "map", items: [1, 2], failure: "continue", body: body([task("pack", ONCE)]) },
      task("ship", ONCE),
    ],
    edges("charge > ask > paid > bill > each > ship"),
  );

  it("is answered as it was, each after as long as it took", () => {
    const busy = { error: { code: "BUSY", message: "again" }, took: "2s" };
    const past = ran(order, {
      input: { n: 1 },
      signals: [{ signal: "paid", payload: 7, after: "1h" }],
      steps: {
        charge: [busy, { output: "paid", took: "3s" }],
        "each/pack[0]": [{ error: { code: "NO", message: "no" } }],
        "each/pack[1]": [{ output: 2 }],
        ship: [{ error: { code: "GONE", message: "gone" } }],
      },
      approvals: { ask: [{ decision: "approved", data: 4, comment: "fine", after: "10m" }] },
      children: { bill: [{ output: "billed", took: "1m" }] },
      compensations: { charge: [{ output: "refunded" }] },
    });
    expect(past.outcome.status).toBe("failed");
    const { input, signals, ...plans } = pastAnswers(past.history, past.values);
    const again = began(order, {
      input,
      ...(signals === undefined ? {} : { signals }),
      answers: plannedAnswers(plans),
    });
    again.playOut();
    expect(again.history).toEqual(past.history);
  });

  it("answers an item that it does not know as the first one", () => {
    const past = ran(flow("w", [{ id: "each", type: "map", items: [1], body: body([task("pack")]) }]), {
      steps: { "each/pack": [{ output: "ok" }] },
    });
    const { steps } = pastAnswers(past.history, past.values);
    const more = flow("w", [{ id: "each", type: "map", items: [1, 2, 3], body: body([task("pack")]) }]);
    expect(ran(more, { steps }).outcome.status).toBe("completed");
  });

  it("reads values that lie beside the history", () => {
    const long = "x".repeat(100_000);
    const past = ran(flow("w", [task("a")]), { steps: { a: [{ output: long }] } });
    expect(pastAnswers(past.history, past.values).steps).toEqual({ a: [{ output: long }] });
    expect(pastAnswers(past.history, new Map()).steps).toEqual({ a: [{ output: null }] });
  });

  it("has waits that a handler asked for, and rounds of a poll", () => {
    const definition = flow("w", [task("a"), task("b", { poll: { until: "output == 1" } })], edges("a > b"));
    const past = ran(definition, {
      steps: {
        a: [{ sleep: { duration: "1d", then: "resume", name: "nap" } }, { ask: { title: "Now?" } }],
        b: [{ output: 0 }, { output: 1 }],
      },
      approvals: { a: [{ decision: "approved" }] },
    });
    const { steps, approvals } = pastAnswers(past.history as readonly HistoryEvent[], past.values);
    expect(steps).toEqual({
      a: [{ sleep: { duration: "1d", then: "resume", name: "nap" } }, { ask: { title: "Now?", then: "complete" } }],
      b: [{ output: 0 }, { output: 1 }],
    });
    expect(approvals).toEqual({ a: [{ decision: "approved" }] });
  });
});

describe("a record", () => {
  it("is short: the last answer repeats, and items that came to the same are one", () => {
    const again: Edge = loop("more", "again", "a");
    const definition = flow(
      "w",
      [
        task("a"),
        { id: "more", type: "choice", cases: [{ port: "again", when: "loop.iteration < 4" }] },
        { id: "each", type: "map", items: [1, 2, 3], body: body([task("pack")]) },
      ],
      [...edges("a > more", "more.otherwise > each"), again],
    );
    const run = ran(definition, { steps: { a: [{ output: 1 }, { output: 2 }], "each/pack": [{ output: 3 }] } });
    const trial = trialSchema.parse(run.recorded("short"));
    expect(trial.steps).toEqual({ a: [{ output: 1 }, { output: 2 }], "each/pack": [{ output: 3 }] });
    expect(trial.expect).toMatchObject({
      status: "completed",
      output: { each: [{ pack: 3 }, { pack: 3 }, { pack: 3 }] },
    });
  });

  it("of a run that has not ended expects nothing", () => {
    const run = began(flow("w", [task("a"), task("b")], edges("a > b")));
    run.answer(waitingAt(run, "a"), { output: 1 });
    expect(run.recorded("open")).not.toHaveProperty("expect");
  });
});

it("writes durations that read back as what they were", () => {
  fc.assert(
    fc.property(fc.noBias(fc.integer({ min: 0, max: 10 ** 12 })), (ms) => {
      expect(parseDuration(durationText(ms))).toBe(ms);
    }),
  );
  expect([0, 250, 90_000, 3_600_000, 259_200_000].map(durationText)).toEqual(["0ms", "250ms", "90s", "1h", "3d"]);
});
