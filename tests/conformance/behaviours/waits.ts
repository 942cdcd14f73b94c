/** Sleeps, people, signals, children, rounds, and handlers that ask to wait. */
import { expect } from "vitest";
import { askApproval, failForGood, port, sleepFor } from "@/worker-sdk/src/dsl/directives";
import {
  type Behaviour,
  body,
  echo,
  edges,
  failing,
  flow,
  type Handler,
  loop,
  ONCE,
  refusal,
  task,
  transform,
} from "../behaviour";

const gate = (more = {}) => ({ id: "gate", type: "approval" as const, title: "Well?", ...more });
const wait = (more = {}) => ({ id: "wait", type: "signal" as const, signal: "go", ...more });

export const waits: Behaviour[] = [
  {
    name: "a sleep ends at its instant, and the step after it runs once",
    rules: [1],
    given: {
      definitions: flow("sleep", [{ id: "nap", type: "sleep", duration: "='9' + '0s'" }, task("a")], edges("nap > a")),
    },
    then: (told) => {
      expect(told.one("SleepStarted").data.resumeAt).toBe("+90000");
      expect(told.one("StepScheduled", "a").at).toBe("+90000");
    },
  },
  {
    name: "a sleep until an instant that is past ends at once",
    rules: [1],
    given: {
      definitions: flow("sleep_past", [{ id: "nap", type: "sleep", until: "=execution.startedAt - duration('1h')" }]),
    },
    then: (told) => expect([told.status, told.events.at(-1)?.at]).toEqual(["completed", "+0"]),
  },
  {
    name: "an approval ends on what was decided, with who decided and what they said",
    rules: [4],
    given: {
      definitions: flow(
        "approval",
        [gate({ form: { type: "object", required: ["n"] } }), transform("yes", "=steps.gate.output"), task("no")],
        edges("gate > yes", "gate.rejected > no"),
      ),
    },
    when: async (run) => {
      await run.settle();
      expect(await refusal(run.decide("gate", "approved", { data: {} }))).toBe("INVALID_DATA");
      await run.decide("gate", "approved", { data: { n: 1 }, comment: "fine" });
      await run.settle();
    },
    then: (told) => {
      expect(told.endings).toEqual(["gate completed", "yes completed", "no skipped"]);
      expect(told.output).toMatchObject({ yes: { decision: "approved", data: { n: 1 }, comment: "fine" } });
    },
  },
  {
    name: "a rejection without an edge fails the step, which an error edge takes",
    rules: [4],
    given: {
      definitions: flow(
        "approval_rejected",
        [gate(), transform("caught", "=steps.gate.error.code")],
        edges("gate.error > caught"),
      ),
    },
    when: async (run) => {
      await run.settle();
      await run.decide("gate", "rejected");
      await run.settle();
    },
    then: (told) => expect(told.output).toEqual({ caught: "REJECTED" }),
  },
  {
    name: "an approval that nobody decides expires on its own port, and a late decision is refused",
    rules: [4],
    given: {
      definitions: flow(
        "approval_expired",
        [gate({ timeout: "1h" }), task("late"), wait()],
        edges("gate.expired > late > wait"),
      ),
    },
    when: async (run) => {
      await run.finish();
      expect(await refusal(run.decide("gate", "approved"))).toBe("APPROVAL_CLOSED");
    },
    then: (told) => {
      expect(told.one("ApprovalExpired").at).toBe("+3600000");
      expect(told.endings).toEqual(["gate completed", "late completed"]);
    },
  },
  {
    name: "an answer to an earlier occurrence never hits the next one",
    rules: [3, 10],
    given: {
      definitions: flow(
        "approval_again",
        [gate(), task("a")],
        [...edges("gate > a"), loop("gate", "rejected", "gate")],
      ),
    },
    when: async (run) => {
      await run.settle();
      await run.decide("gate", "rejected");
      const told = await run.told();
      expect(told.count("ApprovalRequested")).toBe(2);
      await run.decide("gate", "approved");
      await run.settle();
    },
    then: (told) => {
      const ids = told.all("ApprovalRequested").map(({ data }) => data.approvalId);
      expect(new Set(ids).size).toBe(2);
      expect(told.all("ApprovalDecided").map(({ data }) => data.approvalId)).toEqual(ids);
      expect(told.endings).toEqual(["gate completed", "gate#2 completed", "a completed"]);
    },
  },
  {
    name: "signals are kept in order, and each is consumed once, by whoever waited first",
    rules: [7],
    given: {
      definitions: flow(
        "signals",
        [task("a"), wait({ id: "one" }), wait({ id: "two" }), wait({ id: "three" })],
        edges("a > one > two", "a > three"),
      ),
      held: ["a"],
    },
    when: async (run) => {
      await run.settle();
      await run.signal("go", 1);
      await run.signal("go", 2);
      await run.signal("other", 0);
      await run.release("a");
      await run.signal("go", 3);
      await run.settle();
    },
    then: (told) => {
      expect(told.order("SignalConsumed").toSorted()).toEqual(["one", "three", "two"]);
      expect([told.outputs("one"), told.status]).toEqual([[1], "completed"]);
      expect([...told.outputs("two"), ...told.outputs("three")].toSorted()).toEqual([2, 3]);
    },
  },
  {
    name: "a signal that does not come in time expires, and fails without an edge there",
    rules: [4, 7],
    given: { definitions: flow("signal_expired", [wait({ timeout: "1m" })]) },
    then: (told) => {
      expect(told.one("SignalExpired").at).toBe("+60000");
      expect(told.failure).toEqual({ code: "SIGNAL_EXPIRED", node: "wait" });
    },
  },
  {
    name: "a loop's reset gives no signal back",
    rules: [3, 7],
    given: {
      definitions: flow(
        "signal_loop",
        [wait(), task("check", { ports: ["again"] })],
        [...edges("wait > check"), loop("check", "again", "wait")],
      ),
      handlers: { check: () => port("again") },
    },
    when: async (run) => {
      await run.signal("go", 1);
      await run.settle();
      await run.cancel();
    },
    then: (told) => expect(told.count("SignalConsumed")).toBe(1),
  },
  {
    name: "a child gives its parent what it completed with",
    rules: [8],
    given: {
      definitions: [
        flow("child_ok", [task("work", { input: "=input.n + 1" })]),
        flow("parent_ok", [{ id: "sub", type: "workflow", workflow: "child_ok", input: { n: "=input" } }]),
      ],
      handlers: { work: echo },
      input: 4,
    },
    then: (told, [child]) => {
      expect(told.output).toEqual({ sub: { work: 5 } });
      expect(child?.status).toBe("completed");
      expect(told.order("ChildStarted", "ChildClosed")).toEqual(["sub", "sub"]);
    },
  },
  {
    name: "a child that did not complete fails its step",
    rules: [8],
    given: {
      definitions: [
        flow("child_fails", [task("work", ONCE)]),
        flow("parent_fails", [{ id: "sub", type: "workflow", workflow: "child_fails" }]),
      ],
      handlers: { work: failing("BROKEN") },
    },
    then: (told) => {
      expect(told.failure).toEqual({ code: "CHILD_FAILED", node: "sub" });
      expect(told.error("sub").details).toMatchObject({ status: "failed", error: { code: "BROKEN" } });
    },
  },
  {
    name: "cancelling the parent closes its step at once and reaches the child; one that is abandoned goes on",
    rules: [8, 9],
    given: {
      definitions: [
        flow("child_waits", [wait()]),
        flow("parent_cancelled", [
          { id: "mine", type: "workflow", workflow: "child_waits" },
          { id: "theirs", type: "workflow", workflow: "child_waits", onCancel: "abandon" },
        ]),
      ],
    },
    when: async (run) => {
      await run.settle();
      await run.cancel({ reason: "enough" });
      await run.settle();
    },
    then: (told, children) => {
      expect([told, ...children].map(({ status }) => status)).toEqual(["cancelled", "cancelled", "open"]);
    },
  },
  {
    name: "a child that nobody waits for lets its parent go on at once",
    rules: [8],
    given: {
      definitions: [
        flow("child_apart", [task("work")]),
        flow("parent_apart", [{ id: "sub", type: "workflow", workflow: "child_apart", wait: false }]),
      ],
    },
    then: (told, [child]) => {
      expect(told.types.slice(-3)).toEqual(["ChildStarted", "StepCompleted", "ExecutionCompleted"]);
      expect(child?.status).toBe("completed");
    },
  },
];

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
  {
    name: "an item's approval is its own",
    rules: [5],
    given: {
      definitions: flow("map_approvals", [
        {
          id: "each",
          type: "map",
          items: ["x", "y"],
          body: body([gate({ title: "=item" })], [], "=steps.gate.output.comment"),
        },
      ]),
    },
    when: async (run) => {
      await run.settle();
      await run.decide("each/gate[1]", "approved", { comment: "second" });
      await run.decide("each/gate[0]", "approved", { comment: "first" });
      await run.settle();
    },
    then: (told) => {
      expect(told.all("ApprovalRequested").map(({ data }) => data.title)).toEqual(["x", "y"]);
      expect(told.output).toEqual({ each: ["first", "second"] });
    },
  },
];
