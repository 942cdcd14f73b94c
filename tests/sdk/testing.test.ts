/** What workflows are tried out with: scripted people, signals, failures and URLs, and assertions that say what was wrong. */
import { describe, expect, it } from "vitest";
import {
  approval,
  child,
  completed,
  fail,
  http,
  map,
  on,
  path,
  type StepContext,
  signal,
  sleep,
  step,
  workflow,
} from "@/worker-sdk/src/index";
import {
  assertAttempts,
  assertCancelled,
  assertCompleted,
  assertFailed,
  assertNotRun,
  assertOrder,
  assertSkipped,
  assertStatus,
  testWorkflow,
  virtualClock,
} from "@/worker-sdk/src/testing/index";

const DAY_MS = 86_400_000;

const order = step("order", (id: number) => ({ id, total: id * 10 }));
const signOff = approval("sign_off", { timeout: "7d" });
const charge = step("charge", (_: unknown, ctx) => ctx.attempt, { retry: { maxAttempts: 3 } });
const apologise = step("apologise", () => "sorry");
const refund = workflow("refund")
  .timeline(order, signOff, charge)
  .branch(signOff, {
    rejected: path(apologise, completed()),
    expired: path(apologise.as("remind"), completed()),
  });

describe("a scripted test", () => {
  it("answers approvals when it says, fails attempts as it says, and waits for nothing", async () => {
    const run = await testWorkflow(refund, {
      input: 7,
      approvals: { sign_off: { data: { amount: 5 }, comment: "fine", after: "3d" } },
      fail: { charge: [{ code: "BUSY", message: "later" }, "and again"] },
    });
    expect(run).toMatchObject({ status: "completed", output: 3, error: null });
    expect(run.elapsedMs).toBeGreaterThanOrEqual(3 * DAY_MS);
    assertStatus(run, "completed");
    assertOrder(run, "order", "sign_off", "charge");
    assertAttempts(run, "charge", 3);
    assertSkipped(run, "apologise", "remind");
    expect(run.state.steps.find(({ node }) => node === "sign_off")?.output).toMatchObject({ comment: "fine" });
  });

  it("lets an approval expire, or a function decide by what is asked", async () => {
    const expired = await testWorkflow(refund, { input: 7, approvals: { sign_off: "expired" } });
    expect(expired.elapsedMs).toBe(7 * DAY_MS);
    assertCompleted(expired, "remind");
    const asked: unknown[] = [];
    const rejected = await testWorkflow(refund, {
      input: 7,
      approvals: {
        sign_off: (request) => {
          asked.push(request);
          return "rejected";
        },
      },
    });
    assertCompleted(rejected, "apologise");
    expect(asked).toMatchObject([{ node: "sign_off", index: [], assignees: [] }]);
  });

  it("answers in children, in items of maps, and in the middle of handlers", async () => {
    const asking = step("asking", (_: unknown, ctx) => ctx.approval("inside", { timeout: "1d" }));
    const inner = workflow("inner").timeline(map("each", [1, 2], approval("ok")), asking);
    const run = await testWorkflow(workflow("outer").timeline(child(inner)), {
      approvals: {
        ok: ({ index }) => ({ decision: "approved", data: index[0], after: `${1 + (index[0] ?? 0)}h` }),
        inside: "rejected",
      },
    });
    expect(run.output).toMatchObject({ decision: "rejected" });
    expect(run.elapsedMs).toBe(2 * 3_600_000);
  });

  it("sends signals at their times", async () => {
    const run = await testWorkflow(workflow("w").timeline(signal("a"), sleep("1h"), signal("b")), {
      signals: [
        { name: "b", payload: { n: 2 }, at: "30d" },
        { name: "a", at: "10m" },
      ],
    });
    expect(run).toMatchObject({ output: { n: 2 }, elapsedMs: 30 * DAY_MS });
  });

  it("puts other handlers in place of the steps' own, by node or by task", async () => {
    const base = step("base", (): number => fail({ message: "never here" }));
    const built = workflow("w").timeline(base, base.as("other").with(on(base)), charge);
    const run = await testWorkflow(built, {
      handlers: {
        base: () => 1,
        other: (given: number, ctx: StepContext) => [given, ctx.node],
        charge: (given: unknown) => given,
      },
    });
    expect(run.output).toEqual([1, "other"]);
  });

  it("answers http steps, each call by its number, and never calls unasked", async () => {
    const call = http("call", { url: "https://example.com/x", retry: { jitter: 0 } });
    const built = workflow("w").timeline(call);
    const requests: unknown[] = [];
    const run = await testWorkflow(built, {
      http: {
        call: (request, n) => {
          requests.push(request);
          return n < 3 ? { status: 503 } : { body: { n } };
        },
      },
    });
    expect(run.output).toEqual({ status: 200, headers: {}, body: { n: 3 } });
    expect(requests[0]).toEqual({ url: "https://example.com/x" });
    const gone = await testWorkflow(built, { http: { call: { status: 404, body: "no" } } });
    assertFailed(gone, "call", "HTTP_ERROR");
    await expect(testWorkflow(built)).rejects.toThrow(/call calls, and the script says no answer/);
  });

  it("gives failures as results, undone where they are to be", async () => {
    const undone: unknown[] = [];
    const undo = step("undo", (given: unknown) => {
      undone.push(given);
    });
    const built = workflow("w").timeline(
      step("book", () => "booked", { compensate: undo as never }),
      step("pay", () => null, { retry: { maxAttempts: 2 } }),
    );
    const run = await testWorkflow(built, { fail: { pay: [new Error("a"), { code: "NO_MONEY", message: "b" }] } });
    expect(run).toMatchObject({ status: "failed", output: null, error: { code: "NO_MONEY", node: "pay" } });
    expect(undone).toEqual([{ input: null, output: "booked" }]);
    assertFailed(run, "pay", "NO_MONEY");
    assertCompleted(run, "book");
  });

  it("fails a step and what undoes it by names of their own", async () => {
    const undone: number[] = [];
    const undo = step("undo", (_: unknown, ctx) => {
      undone.push(ctx.attempt);
    });
    const book = step("book", (_: unknown, ctx) => ctx.attempt, { compensate: undo as never });
    const built = workflow("w").timeline(
      book,
      step("pay", () => null, { retry: { maxAttempts: 1 } }),
    );
    const run = await testWorkflow(built, { fail: { book: ["busy"], pay: ["broke"], undo: ["busy", "busy"] } });
    assertStatus(run, "failed");
    assertAttempts(run, "book", 2);
    expect(undone).toEqual([3]);
  });

  it("takes an answer that comes too late for none", async () => {
    const run = await testWorkflow(refund, { input: 7, approvals: { sign_off: { after: "8d" } } });
    assertCompleted(run, "remind");
  });

  it("goes on with the handle afterwards", async () => {
    const run = await testWorkflow(refund, { input: 1, approvals: { sign_off: "approved" }, fail: { order: ["x"] } });
    const forked = await run.run.fork({ at: run.history.length });
    expect(await forked.result()).toBe(1);
  });

  it("is the same in every run, by its seed", async () => {
    const jittered = workflow("w").timeline(
      step("flaky", () => 1, { retry: { maxAttempts: 5, initialInterval: "1m", jitter: 1 } }),
    );
    const historyOf = async (seed?: number) =>
      (await testWorkflow(jittered, { seed, fail: { flaky: ["a", "b", "c"] } })).history.map(
        ({ data: { ...data }, at, type }) => ({ type, at, data: { ...data, error: undefined } }),
      );
    expect(await historyOf()).toEqual(await historyOf(1));
    expect(await historyOf(2)).not.toEqual(await historyOf(1));
  });

  it("says what it is stuck at, and what is wrong with the script", async () => {
    const stuck = workflow("w").timeline(signal("paid"));
    await expect(testWorkflow(stuck)).rejects.toThrow(/came to rest.*paid.*Script what ends that/s);
    await expect(testWorkflow(refund, { input: 1, fail: { chrage: ["x"] } })).rejects.toThrow(
      /fail speaks of "chrage"/,
    );
    const form = approval("ask", { form: { type: "object", required: ["amount"] } });
    await expect(
      testWorkflow(workflow("w").timeline(form), { approvals: { ask: { data: {} } } }),
    ).rejects.toMatchObject({ code: "INVALID_DATA" });
    await expect(testWorkflow(stuck, { signals: [{ name: "paid", at: "soon" }] })).rejects.toThrow(/no duration/);
  });

  it("moves the clock that handlers see", async () => {
    const clock = virtualClock("2026-01-01T00:00:00.000Z");
    const times: number[] = [];
    const look = step("look", () => times.push(clock.now()));
    await testWorkflow(workflow("w").timeline(look, sleep("30d"), look.as("again")), { clock });
    expect(times).toEqual([Date.parse("2026-01-01"), Date.parse("2026-01-31")]);
  });
});

describe("assertions", () => {
  const messageOf = (assertion: () => void) => {
    try {
      assertion();
    } catch (error) {
      return (error as Error).message;
    }
    throw new Error("It held");
  };
  const run = () => testWorkflow(refund, { input: 7, approvals: { sign_off: "rejected" } });

  it("say what was expected, what was, and what became of each step", async () => {
    const rejected = await run();
    const message = messageOf(() => assertCompleted(rejected, "order", "charge"));
    expect(message).toMatch(/^charge should have completed, and was skipped\./);
    expect(message).toContain("\n  order: completed");
    expect(message).toContain("\n  sign_off: completed");
    expect(messageOf(() => assertSkipped(rejected, "order"))).toMatch(/order should have been skipped, and completed/);
    expect(messageOf(() => assertCompleted(rejected, "nothing"))).toMatch(/never reached/);
    expect(messageOf(() => assertStatus(rejected, "failed"))).toMatch(/should be failed, and is completed/);
    expect(messageOf(() => assertOrder(rejected, "apologise", "order"))).toMatch(/should have ended before order/);
    expect(messageOf(() => assertOrder(rejected, "order", "nothing"))).toMatch(/never reached/);
    expect(messageOf(() => assertAttempts(rejected, "order", 2))).toMatch(/2 attempts, and had 1/);
    expect(messageOf(() => assertNotRun(rejected, "order"))).toMatch(/did at event 2/);
    expect(messageOf(() => assertCancelled(rejected, "order"))).toMatch(/been cancelled/);
    assertNotRun(rejected, "charge", "remind");
  });

  it("tell failures apart by their code, and items by their index", async () => {
    const each = map(
      "each",
      [1, 2],
      step("work", () => 1, { retry: { maxAttempts: 1 } }),
      { failure: "continue" },
    );
    const mapped = await testWorkflow(workflow("w").timeline(each), {
      handlers: {
        work: (n: number) => (n === 2 ? fail({ code: "TWO", message: "no", retryable: false }) : n),
      },
    });
    assertCompleted(mapped, "each", "each/each.item[0]");
    assertFailed(mapped, "each/each.item[1]", "TWO");
    expect(messageOf(() => assertFailed(mapped, "each/each.item[1]", "ONE"))).toMatch(/ONE, and did with TWO/);
    expect(messageOf(() => assertCompleted(mapped, "each/each.item"))).toMatch(
      /each\/each\.item\[1\] should have completed/,
    );
  });

  it("look at how a step ended, not at what came after it", async () => {
    const undo = step("undo", () => null);
    const book = step("book", () => 1, { compensate: undo as never });
    const failed = await testWorkflow(
      workflow("w").timeline(
        book,
        step("boom", () => 1, { retry: { maxAttempts: 1 } }),
      ),
      {
        fail: { boom: ["x"] },
      },
    );
    expect(failed.history.map(({ type }) => type)).toContain("CompensationCompleted");
    assertCompleted(failed, "book");
    assertStatus(failed, "failed");
  });
});
