/** Rounds of polls, handlers that ask to wait in their middle, and the values that they hand on. */
import { expect } from "vitest";
import { askApproval, failForGood, sleepFor } from "@/worker-sdk/src/dsl/directives";
import { type Behaviour, edges, flow, type Handler, task, transform } from "../behaviour";

const polling = (more = {}) =>
  task("a", {
    poll: { until: "output.done", interval: "10s", backoff: 2, ...more },
    retry: { initialInterval: "1s", jitter: 0 },
  });

export const handlers: Behaviour[] = [
  {
    name: "a poll asks in rounds until its condition holds, each with attempts and a key of its own",
    rules: [4],
    given: {
      definitions: flow("poll", [polling()]),
      handlers: {
        a: (_: unknown, { round = 0, attempt, idempotencyKey }) => {
          if (round === 2 && attempt === 1) throw new Error("once more");
          return { done: round === 3, key: idempotencyKey };
        },
      },
    },
    then: (told) => {
      expect(told.all("StepScheduled").map(({ at, data }) => [at, data.round, data.attempt])).toEqual([
        ["+0", 1, 1],
        ["+10000", 2, 1],
        ["+11000", 2, 2],
        ["+31000", 3, 1],
      ]);
      expect(told.all("StepPolled").map(({ data }) => data.nextAt)).toEqual(["+10000", "+31000"]);
      expect(told.status).toBe("completed");
    },
  },
  {
    name: "a poll that takes too long ends on error with POLL_TIMEOUT",
    rules: [4],
    given: {
      definitions: flow("poll_timeout", [polling({ timeout: "25s", backoff: 1 })]),
      handlers: { a: () => ({ done: false }) },
    },
    then: (told) => {
      expect(told.one("StepFailed")).toMatchObject({ at: "+25000", data: { error: { code: "POLL_TIMEOUT" } } });
      expect(told.count("StepPolled")).toBe(3);
    },
  },
  {
    name: "a handler that ends with a sleep completes its step with the data it gave",
    rules: [4],
    given: {
      definitions: flow("directive_sleep", [task("a")]),
      handlers: { a: () => sleepFor("1m", { data: "rested" }) },
    },
    then: (told) => {
      expect(told.one("StepCompleted")).toMatchObject({ at: "+60000", data: { output: "rested" } });
      expect(told.count("StepScheduled")).toBe(1);
    },
  },
  {
    name: "a directive that resumes runs the handler again in the same attempt, with how the wait ended",
    rules: [4],
    given: {
      definitions: flow("directive_resume", [task("a")]),
      handlers: {
        a: (_: unknown, { resumed, attempt }) =>
          resumed === undefined
            ? askApproval({ title: "Well?", then: "resume", name: "ask", data: "mine" })
            : { resumed, attempt },
      },
    },
    when: async (run) => {
      await run.settle();
      await run.decide("a", "rejected", { comment: "no" });
      await run.settle();
    },
    then: (told) => {
      expect(told.outputs("a")).toMatchObject([
        {
          resumed: { kind: "approval", name: "ask", carried: "mine", decision: "rejected", comment: "no" },
          attempt: 1,
        },
      ]);
      expect(told.all("StepScheduled").map(({ data }) => [data.attempt, data.resumed])).toEqual([
        [1, undefined],
        [1, true],
      ]);
      expect(told.one("StepCheckpointed").data.name).toBe("ask");
    },
  },
  {
    name: "an approval of a handler that completes fails its step when it is rejected or expires",
    rules: [4],
    given: {
      definitions: flow(
        "directive_expires",
        [task("a"), transform("caught", "=steps.a.error.code")],
        edges("a.error > caught"),
      ),
      handlers: { a: () => askApproval({ title: "Well?", timeout: "1h" }) },
    },
    then: (told) => expect(told.output).toEqual({ caught: "APPROVAL_EXPIRED" }),
  },
  {
    name: "a handler runs again from its top, and what it recorded is not done twice",
    rules: [4],
    given: {
      definitions: flow("checkpoints", [task("a", { retry: { initialInterval: "1s", jitter: 0 } })]),
      handlers: {
        a: async (_: unknown, ctx) => {
          const first = await ctx.run("first", () => `in attempt ${ctx.attempt}`);
          if (ctx.attempt === 1) throw new Error("after the first");
          await ctx.sleep("nap", "10s");
          const second = await ctx.run("second", () => "after the nap");
          return [first, second, ctx.attempt];
        },
      },
    },
    then: (told) => {
      expect(told.outputs("a")).toEqual([["in attempt 1", "after the nap", 2]]);
      expect(told.all("StepCheckpointed").map(({ data }) => data.name)).toEqual(["first", "nap", "second"]);
    },
  },
  {
    name: "checkpoints of a poll are those of its round",
    rules: [4],
    given: {
      definitions: flow("checkpoints_rounds", [polling()]),
      handlers: {
        a: async (_: unknown, ctx) => ({ done: ctx.round === 2, saw: await ctx.run("at", () => ctx.round) }),
      },
    },
    then: (told) => expect(told.outputs("a")).toEqual([{ done: true, saw: 2 }]),
  },
  {
    name: "a name used twice in one run, and a failure for good, are not tried again",
    rules: [4],
    given: {
      definitions: flow(
        "handler_final",
        [task("a"), task("b"), transform("caught", "=[steps.a.error.code, steps.b.error.code]")],
        edges("a.error > b", "b.error > caught"),
      ),
      handlers: {
        a: async (_: unknown, ctx) => {
          await ctx.run("same", () => 1);
          await ctx.run("same", () => 2);
        },
        b: () => failForGood({ code: "FOR_GOOD", message: "no use" }),
      } satisfies { [task: string]: Handler },
    },
    then: (told) => expect(told.output).toEqual({ caught: ["DUPLICATE_NAME", "FOR_GOOD"] }),
  },
  {
    name: "an http step is tried again where that may help, and gives what was answered",
    rules: [4],
    given: {
      definitions: flow("http", [
        {
          id: "call",
          type: "http",
          request: { url: "https://shop.test/orders" },
          retry: { initialInterval: "1s", jitter: 0 },
        },
      ]),
      http: {
        "https://shop.test/orders": (call) =>
          call === 1 ? { status: 503 } : { headers: { etag: "x" }, body: { id: 7 } },
      },
    },
    then: (told) => {
      expect(told.one("StepAttemptFailed").data.error.code).toBe("HTTP_ERROR");
      expect(told.output).toEqual({ call: { status: 200, headers: { etag: "x" }, body: { id: 7 } } });
    },
  },
  {
    name: "an http step that is refused fails with what was answered in its details",
    rules: [4],
    given: {
      definitions: flow("http_refused", [{ id: "call", type: "http", request: { url: "https://shop.test/none" } }]),
      http: { "https://shop.test/none": () => ({ status: 404, body: "none" }) },
    },
    then: (told) => {
      expect(told.failure).toEqual({ code: "HTTP_ERROR", node: "call" });
      expect(told.error("call").details).toMatchObject({ status: 404, body: "none" });
      expect(told.count("StepScheduled")).toBe(1);
    },
  },
  {
    name: "a large value lies outside its event, and expressions read it all the same",
    rules: [12],
    given: {
      definitions: flow("large", [task("a"), transform("size", "=size(steps.a.output.text)")], edges("a > size")),
      handlers: { a: () => ({ text: "x".repeat(40_000) }) },
    },
    then: (told) => {
      expect(told.one("StepCompleted", "a").data.outputRef?.bytes).toBe(40_011);
      expect(told.output).toEqual({ size: 40_000 });
    },
  },
  {
    name: "expressions see the execution, the steps and what they have, and escape a literal",
    rules: [12],
    given: {
      definitions: flow(
        "expressions",
        [
          task("a-1"),
          transform("t", {
            literal: "==no",
            workflow: "=execution.workflow",
            tags: "=execution.tags",
            by: '=steps["a-1"].output',
            missing: '=has(steps["a-1"].error)',
            sum: "=1 + input.n",
          }),
        ],
        edges("a-1 > t"),
      ),
      options: { tags: ["x"], correlationId: "c" },
      input: { n: 1.5 },
    },
    then: (told) =>
      expect(told.output).toEqual({
        t: { literal: "=no", workflow: "expressions", tags: ["x"], by: "a-1", missing: false, sum: 2.5 },
      }),
  },
];
