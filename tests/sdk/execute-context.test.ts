/** What a handler may do in its middle: sleep, ask, record, and end by a directive. Its runs are counted by the test. */
import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import {
  askApproval,
  ExecutionFailedError,
  failForGood,
  type HistoryEvent,
  NonRetryableError,
  type Resumed,
  type StepContext,
  type StepOptions,
  sleepFor,
  step,
  virtualClock,
  workflow,
} from "@/worker-sdk/src/index";

type Body = (ctx: StepContext, run: number) => unknown;

/** A workflow of one step, of which each run is counted. */
function counted(body: Body, options: StepOptions = {}) {
  const runs: StepContext[] = [];
  const only = step(
    "only",
    (_: unknown, ctx): unknown => {
      runs.push(ctx);
      return body(ctx, runs.length);
    },
    options as never,
  );
  return { workflow: workflow("w").timeline(only), runs };
}

async function execute(body: Body, options: StepOptions = {}) {
  const { workflow, runs } = counted(body, options);
  const clock = virtualClock("2025-01-01T00:00:00.000Z");
  const run = await workflow.start(null, { clock });
  const output = await run.result();
  return { output, runs, clock, run, history: await run.history() };
}

async function failureOf(body: Body, options: StepOptions = {}) {
  const failed: unknown = await execute(body, options).catch((error: unknown) => error);
  if (failed instanceof ExecutionFailedError) return failed;
  throw failed instanceof Error ? failed : new Error("It completed");
}

function types(history: readonly HistoryEvent[]) {
  return history.map(({ type }) => type);
}

describe("ctx.sleep", () => {
  it("leaves the handler, and runs it again from its top once the time has come, in the same attempt", async () => {
    const seen: string[] = [];
    const { output, runs, clock, history } = await execute(async (ctx, run) => {
      seen.push(`top ${run}`);
      await ctx.sleep("first", "3d");
      seen.push(`first passed ${run}`);
      await ctx.sleep("second", "1h");
      return `slept, attempt ${ctx.attempt}`;
    });
    expect(output).toBe("slept, attempt 1");
    expect(seen).toEqual(["top 1", "top 2", "first passed 2", "top 3", "first passed 3"]);
    expect(clock.now()).toBe(Date.parse("2025-01-04T01:00:00.000Z"));
    expect(new Set(runs.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1);
    expect(types(history)).toEqual([
      "ExecutionStarted",
      "StepScheduled",
      "SleepStarted",
      "SleepCompleted",
      "StepCheckpointed",
      "StepScheduled",
      "SleepStarted",
      "SleepCompleted",
      "StepCheckpointed",
      "StepScheduled",
      "StepCompleted",
      "ExecutionCompleted",
    ]);
  });

  it("is not caught: neither catch nor finally runs where the handler is left", async () => {
    const seen: string[] = [];
    await execute(async (ctx, run) => {
      try {
        await ctx.sleep("nap", "1h");
        seen.push(`awake in ${run}`);
      } catch {
        seen.push("caught");
      } finally {
        seen.push(`finally in ${run}`);
      }
    });
    expect(seen).toEqual(["awake in 2", "finally in 2"]);
  });

  it("is no wait where another strand of the handler ends it first", async () => {
    const { output, history } = await execute((ctx) =>
      Promise.race([ctx.sleep("long", "30d"), ctx.run("quick", async () => "quick")]),
    );
    expect(output).toBe("quick");
    expect(types(history)).not.toContain("SleepStarted");
  });

  it("comes one after another where several are asked for at once", async () => {
    const { clock, runs } = await execute((ctx) =>
      Promise.all([ctx.sleep("a", "1d"), ctx.sleep("b", "2d")]).then(() => null),
    );
    expect(runs).toHaveLength(3);
    expect(clock.now()).toBe(Date.parse("2025-01-04T00:00:00.000Z"));
  });

  it("refuses what is no duration, and another attempt would not help", async () => {
    const failure = await failureOf((ctx) => ctx.sleep("nap", "soon"));
    expect(failure).toMatchObject({ code: "BAD_DURATION" });
    expect(types(failure.history).filter((type) => type === "StepAttemptFailed")).toHaveLength(1);
  });
});

describe("ctx.run", () => {
  it("calls its function once, over waits and attempts, and gives what it recorded", async () => {
    let charged = 0;
    const { output, runs, history } = await execute(
      async (ctx, run) => {
        const receipt = await ctx.run("charge", () => ({ no: ++charged, at: new Date(0) }));
        await ctx.sleep("nap", "1h");
        if (run === 2) throw new Error("on the way");
        return receipt;
      },
      { retry: { maxAttempts: 2, jitter: 0 } },
    );
    expect(output).toEqual({ no: 1, at: "1970-01-01T00:00:00.000Z" });
    expect(charged).toBe(1);
    expect(runs.map(({ attempt }) => attempt)).toEqual([1, 1, 2]);
    const noted = history.filter(({ type }) => type === "StepCheckpointed").map(({ data }) => data);
    expect(noted).toMatchObject([
      { name: "charge", value: { no: 1 } },
      { name: "nap", value: { kind: "sleep", name: "nap", carried: null } },
    ]);
  });

  it("records nothing of a function that throws", async () => {
    let tries = 0;
    const { output } = await execute(
      (ctx) =>
        ctx.run("flaky", () => {
          if (++tries < 3) throw new Error("not yet");
          return tries;
        }),
      { retry: { maxAttempts: 5, jitter: 0 } },
    );
    expect(output).toBe(3);
  });

  it("finishes what has begun before the handler is left, and before a failed attempt is tried again", async () => {
    const calls: string[] = [];
    const slow = async (name: string) => {
      calls.push(name);
      for (let i = 0; i < 5; i++) await nextTurn();
      return name;
    };
    const { output } = await execute(
      async (ctx, run) => {
        const beside = ctx.run("beside", () => slow("beside"));
        void beside.then(() => ctx.run("after", () => slow("after")));
        await ctx.sleep("nap", "1h");
        const last = ctx.run("last", () => slow("last"));
        if (run === 2) throw new Error("while the last one runs");
        return [await beside, await last];
      },
      { retry: { maxAttempts: 2, jitter: 0 } },
    );
    expect(output).toEqual(["beside", "last"]);
    expect(calls).toEqual(["beside", "after", "last"]);
  });

  it("does nothing in a run that is over", async () => {
    const calls: string[] = [];
    const { runs } = await execute(async (ctx, run) => {
      await ctx.sleep("nap", "1h");
      return run;
    });
    const settled: string[] = [];
    for (const [i, { run }] of runs.entries())
      void run(`late ${i}`, () => calls.push("late")).then(
        () => settled.push("resolved"),
        () => settled.push("rejected"),
      );
    for (let i = 0; i < 5; i++) await nextTurn();
    expect([calls, settled]).toEqual([[], []]);
  });

  it("refuses a name that was used before in this run, or that is none", async () => {
    const twice = await failureOf(async (ctx) => {
      await ctx.run("a", () => 1);
      await ctx.run("a", () => 2);
    });
    expect(twice).toMatchObject({ code: "DUPLICATE_NAME", error: { message: expect.stringContaining('"a"') } });
    expect(await failureOf((ctx) => ctx.run("", () => 1))).toMatchObject({ code: "INVALID_NAME" });
    expect(await failureOf((ctx) => ctx.run("x".repeat(129), () => 1))).toMatchObject({ code: "INVALID_NAME" });
  });

  it("refuses what is no JSON, and more than a step may record", async () => {
    expect(await failureOf((ctx) => ctx.run("big", () => 1n))).toMatchObject({ code: "INVALID_OUTPUT" });
    const many = await failureOf(async (ctx) => {
      for (let i = 0; i <= 1_000; i++) await ctx.run(`${i}`, () => i);
    });
    expect(many).toMatchObject({ code: "TOO_MANY_CHECKPOINTS" });
  });

  it("fails nobody where nobody awaits it", async () => {
    const { output } = await execute((ctx) => {
      void ctx.run("lost", () => {
        throw new Error("nobody hears this");
      });
      return "fine";
    });
    expect(output).toBe("fine");
  });
});

describe("ctx.approval", () => {
  const asking: Body = async (ctx) => ({
    run: await ctx.run("before", () => ctx.attempt),
    answer: await ctx.approval("refund", { title: "Refund?", assignees: "finance", timeout: "2d" }),
  });
  const started = async () => {
    const { workflow, runs } = counted(asking);
    return { run: await workflow.start(null, { clock: virtualClock() }), runs };
  };

  it("gives the decision, whichever it is", async () => {
    const approved = await started();
    await approved.run.approve("only", { data: { amount: 40 }, comment: "fine" });
    expect(await approved.run.result()).toEqual({
      run: 1,
      answer: { decision: "approved", data: { amount: 40 }, comment: "fine", decidedBy: "user:local" },
    });
    expect(approved.runs).toHaveLength(2);
    const rejected = await started();
    await rejected.run.reject("only");
    expect(await rejected.run.result()).toMatchObject({
      answer: { decision: "rejected", data: null, comment: null, decidedBy: "user:local" },
    });
  });

  it("gives expiry as an outcome, too", async () => {
    const { run } = await started();
    expect(await run.result()).toMatchObject({
      answer: { decision: "expired", data: null, comment: null, decidedBy: null },
    });
  });

  it("shows what is asked, under an id of its own", async () => {
    const { run } = await started();
    await run.waitFor(({ waitingFor }) => waitingFor.some(({ kind }) => kind === "approval"));
    const [pending] = await run.approvals();
    expect(pending).toMatchObject({ node: "only", title: "Refund?", assignees: ["finance"], status: "pending" });
    await run.approve(pending?.id ?? "");
    await expect(run.approve(pending?.id ?? "", { comment: "again" })).rejects.toMatchObject({
      code: "ALREADY_DECIDED",
      status: 409,
    });
  });

  it("refuses a name under which something else was recorded", async () => {
    const failure = await failureOf(async (ctx, run) => {
      if (run === 1) await ctx.sleep("x", "1h");
      else await ctx.approval("x");
    });
    expect(failure).toMatchObject({ code: "DUPLICATE_NAME", error: { message: expect.stringContaining("changed") } });
  });
});

describe("directives", () => {
  it("complete the step after a sleep with what they carry", async () => {
    const { output, runs, clock } = await execute(() => sleepFor("2d", { data: { kept: true } }));
    expect(output).toEqual({ kept: true });
    expect(runs).toHaveLength(1);
    expect(clock.now()).toBe(Date.parse("2025-01-03T00:00:00.000Z"));
  });

  it("resume the handler with how the wait ended, and what they carried", async () => {
    const resumed: (Resumed | undefined)[] = [];
    const { output } = await execute((ctx) => {
      resumed.push(ctx.resumed);
      if (ctx.resumed === undefined) return sleepFor("1h", { then: "resume", name: "nap", data: [1] });
      return "done";
    });
    expect(output).toBe("done");
    expect(resumed).toEqual([undefined, { kind: "sleep", name: "nap", carried: [1] }]);
  });

  it("ask for an approval that the step completes with, or fails by", async () => {
    const ask = counted(() => askApproval({ title: "May I?" })).workflow;
    const run = await ask.start(null, { clock: virtualClock() });
    await run.approve("only");
    expect(await run.result()).toMatchObject({ decision: "approved", decidedBy: "user:local" });
    const other = await ask.start(null, { clock: virtualClock() });
    await other.reject("only");
    await expect(other.result()).rejects.toMatchObject({ code: "REJECTED" });
  });

  it("may be thrown from anywhere in the handler", async () => {
    const deep = () => {
      throw sleepFor("1h", { data: "slept" });
    };
    expect((await execute(() => deep())).output).toBe("slept");
    const failure = await failureOf(
      () => {
        throw failForGood({ code: "STOLEN", message: "no", details: { card: 1 } });
      },
      { retry: { maxAttempts: 9 } },
    );
    expect(failure).toMatchObject({ code: "STOLEN", error: { details: { card: 1 }, retryable: false } });
    expect(types(failure.history).filter((type) => type === "StepAttemptFailed")).toHaveLength(1);
  });

  it("are refused where a wait would take a name that stands for something already", async () => {
    const failure = await failureOf(() => sleepFor("1h", { then: "resume", name: "tick" }));
    expect(failure).toMatchObject({ code: "DUPLICATE_NAME" });
    expect(types(failure.history).filter((type) => type === "SleepStarted")).toHaveLength(1);
    expect(await failureOf(() => sleepFor("1h", { then: "resume" } as never))).toMatchObject({ code: "INVALID_NAME" });
  });
});

describe("errors", () => {
  it("keep what was thrown although it is no Error", async () => {
    const thrown = (value: unknown) =>
      failureOf(
        () => {
          throw value;
        },
        { retry: { maxAttempts: 1 } },
      );
    expect((await thrown({ status: 503, body: [1] })).error).toMatchObject({
      code: "HANDLER_ERROR",
      details: { status: 503, body: [1] },
    });
    expect((await thrown({ message: "said so", at: 5 })).error).toMatchObject({
      message: "said so",
      details: { message: "said so", at: 5 },
    });
    expect((await thrown("text")).error).toMatchObject({ message: "text", details: "text" });
    expect((await thrown(undefined)).error).toMatchObject({ code: "HANDLER_ERROR" });
  });

  it("carry their causes", async () => {
    const failure = await failureOf(
      () => {
        throw new NonRetryableError("outer", { code: "OUTER", cause: new Error("inner") });
      },
      { retry: { maxAttempts: 1 } },
    );
    expect(failure.error?.stack).toMatch(/outer[\s\S]*Caused by: Error: inner/);
  });
});

describe("what a handler is told", () => {
  it("is its round where the step polls, with a key for each", async () => {
    const { output, runs } = await execute((_ctx, run) => ({ state: run < 3 ? "pending" : "done" }), {
      poll: { until: "output.state == 'done'", interval: "10s" },
    } as StepOptions);
    expect(output).toEqual({ state: "done" });
    expect(runs.map(({ round, attempt }) => [round, attempt])).toEqual([
      [1, 1],
      [2, 1],
      [3, 1],
    ]);
    expect(new Set(runs.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(3);
  });

  it("logs lines that the handle gives, with their place", async () => {
    const { run } = await execute(
      (ctx) => {
        ctx.log.info("Begun", { attempt: ctx.attempt, error: new Error("seen") });
        ctx.log.warn("odd", { big: 1n, self: undefined });
        if (ctx.attempt === 1) throw new Error("again");
        return null;
      },
      { retry: { maxAttempts: 2, jitter: 0 } },
    );
    const logs = await run.logs();
    expect(logs.map(({ attempt, level, text }) => [attempt, level, text])).toEqual([
      [1, "info", "Begun"],
      [1, "warn", "odd"],
      [2, "info", "Begun"],
      [2, "warn", "odd"],
    ]);
    expect(logs[0]).toMatchObject({
      at: "2025-01-01T00:00:00.000Z",
      node: "only",
      iteration: 1,
      fields: { attempt: 1, error: { message: "seen" } },
    });
    expect(logs[1]?.fields).toEqual({ big: "1" });
  });

  it("keeps the newest lines, and says how many it dropped", async () => {
    const { run } = await execute((ctx) => {
      for (let i = 0; i < 1_500; i++) ctx.log.debug(`${i}`);
    });
    const logs = await run.logs();
    expect(logs[0]?.text).toMatch(/^50\d lines before this one were dropped/);
    expect(logs.at(-1)?.text).toBe("1499");
  });
});
