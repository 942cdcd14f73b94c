/** What must come out the same on every host: each drives an execution to its end and says what that is. */
import {
  approval,
  askApproval,
  backTo,
  child,
  type ExecutionHandle,
  fail,
  failForGood,
  map,
  on,
  path,
  port,
  proceed,
  signal,
  sleep,
  sleepFor,
  step,
  text,
  transform,
  type Workflow,
  when,
  workflow,
} from "@/worker-sdk/src/index";

export interface Scenario {
  name: string;
  // biome-ignore lint/suspicious/noExplicitAny: each scenario has types of its own
  make(): { workflow: Workflow<any, unknown>; input?: unknown; drive?(run: ExecutionHandle): Promise<unknown> };
  /** The output, or the code of the failure. */
  ends: { output: unknown } | { code: string };
}

const FAST = { initialInterval: "1ms", jitter: 0 } as const;
const waitsFor = (kind: string) => (run: ExecutionHandle) =>
  run.waitFor(({ waitingFor }) => waitingFor.some((wait) => wait.kind === kind));

/** Names of tasks are unique among them, for the workers of all serve one server. */
export const SCENARIOS: readonly Scenario[] = [
  {
    name: "a handler sleeps, asks and records in its middle, over a failed attempt",
    ends: { output: { charged: 1, answer: { amount: 3 }, attempt: 2 } },
    make() {
      let charged = 0;
      const middle = step(
        "middle",
        async (_: unknown, ctx) => {
          const receipt = await ctx.run("charge", () => ++charged);
          await ctx.sleep("nap", "20ms");
          if (ctx.attempt === 1) throw new Error("again");
          const answer = await ctx.approval("refund", {
            form: { type: "object", properties: { amount: { type: "number" } }, required: ["amount"] },
          });
          if (answer.decision !== "approved") return fail({ message: answer.decision });
          return { charged: receipt, answer: answer.data, attempt: ctx.attempt };
        },
        { retry: FAST },
      );
      return {
        workflow: workflow("middle").timeline(middle),
        drive: (run) => run.approve("middle", { data: { amount: 3 } }),
      };
    },
  },
  {
    name: "a handler's approval is rejected, an outcome like any other",
    ends: { output: "rejected" },
    make: () => ({
      workflow: workflow("asked").timeline(
        step("ask", async (_: unknown, ctx) => (await ctx.approval("ok", { title: "OK?" })).decision),
      ),
      drive: (run) => run.reject("ask", { comment: "no" }),
    }),
  },
  {
    name: "directives complete their step, resume it, or fail it",
    ends: { output: ["slept", "kept", "REJECTED"] },
    make() {
      const slept = step("slept", () => sleepFor("10ms", { data: "slept" }));
      const resumed = step("resumed", (_: unknown, ctx) =>
        ctx.resumed === undefined
          ? sleepFor("10ms", { then: "resume", name: "nap", data: "kept" })
          : `${ctx.resumed.carried}`,
      );
      const asked = step("asked", () => askApproval({ title: "May I?" }));
      const caught = step("caught", (error: { code: string }) => error.code);
      return {
        workflow: workflow("directives")
          .timeline(slept, resumed, asked)
          .branch(asked, { error: caught })
          .output([on(slept), on(resumed), on(caught)]),
        drive: (run) => run.reject("asked"),
      };
    },
  },
  {
    name: "what is thrown is a failure with all it said, tried again as the policy says",
    ends: { code: "NO_CARD" },
    make: () => ({
      workflow: workflow("thrown").timeline(
        step(
          "pay",
          (_: unknown, ctx) => {
            if (ctx.attempt === 1) throw { status: 503 };
            if (ctx.attempt === 2) throw "text";
            return failForGood({ code: "NO_CARD", message: "no card", details: { last4: "4242" } });
          },
          { retry: { ...FAST, maxAttempts: 5 } },
        ),
      ),
    }),
  },
  {
    name: "a port leads where it says, and what was not chosen is skipped",
    ends: { output: "quarantined 9" },
    make() {
      const classify = step("classify", (mail: string) => (mail === "spam" ? port("spam", { score: 9 }) : mail), {
        ports: ["spam"],
      });
      const quarantine = step("quarantine", ({ score }: { score: number }) => `quarantined ${score}`);
      return {
        workflow: workflow("ports")
          .timeline(classify)
          .branch(classify, {
            spam: quarantine,
            long: when(
              on(classify).eq("never"),
              step("long", () => "long"),
            ),
          }),
        input: "spam",
      };
    },
  },
  {
    name: "a loop goes back until its condition holds, in an iteration each",
    ends: { output: { score: 3 } },
    make() {
      let turn = 0;
      const draft = step("draft", () => ({ score: ++turn }));
      return {
        workflow: workflow("loops")
          .timeline(draft)
          .diverge(draft, {
            again: when(on(draft).score.lt(3), backTo(draft, { carry: on(draft).score })),
            otherwise: proceed(),
          }),
      };
    },
  },
  {
    name: "a poll asks in rounds",
    ends: { output: { state: "done", round: 3 } },
    make: () => ({
      workflow: workflow("polls").timeline(
        step("check", (_: unknown, { round = 0 }) => ({ state: round < 3 ? "pending" : "done", round }), {
          poll: { until: (output) => output.state.eq("done"), interval: "1ms" },
        }),
      ),
    }),
  },
  {
    name: "a map runs each item, and keeps what failed where it goes on",
    ends: {
      output: [
        { status: "completed", output: "10" },
        { status: "failed", error: { code: "TWO", message: "two" } },
        { status: "completed", output: "30" },
      ],
    },
    make() {
      const work = step("work", (n: number) => (n === 2 ? failForGood({ code: "TWO", message: "two" }) : n * 10));
      const each = map("each", path(work, transform("text", text`${on(work)}`)), {
        failure: "continue",
        concurrency: 1,
      });
      return { workflow: workflow<number[]>("maps").timeline(each), input: [1, 2, 3] };
    },
  },
  {
    name: "signals are kept until somebody waits, and each is consumed once",
    ends: { output: ["first", "second"] },
    make() {
      const [a, b] = [signal<string>("go").as("a"), signal<string>("go").as("b")];
      return {
        workflow: workflow("signals")
          .timeline(approval("gate"), a, b)
          .output([on(a), on(b)]),
        async drive(run) {
          await run.signal("go", "first");
          await run.signal("go", "second");
          await run.approve("gate");
        },
      };
    },
  },
  {
    name: "an approval is decided, expires, or is rejected along its own ways",
    ends: { output: "late" },
    make() {
      const early = approval("early");
      const late = approval("late", { timeout: "10ms" });
      return {
        workflow: workflow("approvals")
          .timeline(early, late)
          .branch(late, {
            expired: step(
              "remind",
              ({ decision }: { decision: string }) => `${decision === "expired" ? "late" : decision}`,
            ),
          }),
        drive: (run) => run.approve("early"),
      };
    },
  },
  {
    name: "a child gives its parent what it returned, and one that fails fails its step",
    ends: { code: "CHILD_FAILED" },
    make() {
      const double = workflow("double").timeline(step("double", (n: number) => n * 2));
      const broken = workflow("broken").timeline(
        step("boom", (n: number): number => fail({ code: "BOOM", message: `${n}`, retryable: false })),
      );
      return {
        workflow: workflow<number>("family").timeline(child(double).as("doubled"), child(broken).as("failed")),
        input: 4,
      };
    },
  },
  {
    name: "what completed is undone, the latest first, and the execution closes after it",
    ends: { code: "HANDLER_ERROR" },
    make() {
      const undo = step("undo", ({ output }: { output: string }) => `${output} undone`);
      const book = step("book", (what: string) => `${what} booked`, { compensate: undo });
      const crash = step("crash", (): string => fail({ message: "no", retryable: false }));
      return { workflow: workflow<string>("trip").timeline(book, book.as("book_too"), crash), input: "car" };
    },
  },
  {
    name: "a cancel ends open steps at once",
    ends: { code: "EXECUTION_CANCELLED" },
    make: () => ({
      workflow: workflow("cancelled").timeline(sleep("30d")),
      async drive(run) {
        await waitsFor("sleep")(run);
        await run.cancel({ reason: "enough" });
      },
    }),
  },
  {
    name: "a pause holds what comes, and the resume judges it",
    ends: { output: "went on" },
    make: () => ({
      workflow: workflow("paused").timeline(
        signal("go"),
        step("after", () => "went on"),
      ),
      async drive(run) {
        await waitsFor("signal")(run);
        await run.pause({ reason: "a look" });
        await run.signal("go");
        await run.resume();
      },
    }),
  },
  {
    name: "a retry goes on where it failed, with the same key",
    ends: { output: "up" },
    make() {
      let down = true;
      const first = step("first", () => "kept");
      const second = step("second", () => (down ? failForGood("down") : "up"));
      return {
        workflow: workflow("retried").timeline(first, second),
        async drive(run) {
          await run.result().catch(() => {});
          down = false;
          await run.retry({ reason: "it is up" });
        },
      };
    },
  },
];
