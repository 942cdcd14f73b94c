/** Local execution: the same core as the server's, with handlers in this process and a clock of the test's. */
import { describe, expect, it } from "vitest";
import {
  CerebelumError,
  ExecutionFailedError,
  fail,
  type HistoryEvent,
  NonRetryableError,
  type StepContext,
  sleep,
  step,
  virtualClock,
  workflow,
} from "@/worker-sdk/src/index";

const DAY_MS = 86_400_000;

async function failureOf(execution: Promise<unknown>): Promise<ExecutionFailedError> {
  const error: unknown = await execution.then(
    () => new Error("It completed"),
    (thrown: unknown) => thrown,
  );
  if (error instanceof ExecutionFailedError) return error;
  throw error;
}

describe("time", () => {
  it("lets a sleep of 30 days take no time on a virtual clock, and be 30 days in the history", async () => {
    const clock = virtualClock("2025-03-01T00:00:00.000Z");
    const events: HistoryEvent[] = [];
    const after = step("after", async () => "rested");
    const nap = workflow("nap").timeline(sleep("30d"), after);
    expect(await nap.execute(null, { clock, onEvent: (event) => events.push(event) })).toBe("rested");
    expect(clock.now()).toBe(Date.parse("2025-03-01T00:00:00.000Z") + 30 * DAY_MS);
    expect(events.at(-1)?.at).toBe("2025-03-31T00:00:00.000Z");
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, i) => i + 1));
  });

  it("tries again after the back-off, and says so in the context", async () => {
    const clock = virtualClock();
    const attempts: { attempt: number; key: string; at: number }[] = [];
    const flaky = step(
      "flaky",
      async (_: null, ctx) => {
        attempts.push({ attempt: ctx.attempt, key: ctx.idempotencyKey, at: clock.now() });
        if (ctx.attempt < 3) throw new Error("not yet");
        return ctx.attempt;
      },
      { retry: { maxAttempts: 5, initialInterval: "10s", backoff: 3, jitter: 0 } },
    );
    const start = clock.now();
    expect(await workflow("retry").timeline(flaky).execute(null, { clock })).toBe(3);
    expect(attempts.map(({ attempt, at }) => [attempt, at - start])).toEqual([
      [1, 0],
      [2, 10_000],
      [3, 40_000],
    ]);
    expect(new Set(attempts.map(({ key }) => key)).size).toBe(1);
  });

  it("ends an attempt whose time is over, and aborts its signal", async () => {
    const clock = virtualClock();
    const signals: AbortSignal[] = [];
    const hanging = step(
      "hanging",
      (_: null, ctx) => {
        signals.push(ctx.signal);
        clock.advance(5_000);
        return new Promise<null>(() => {});
      },
      { timeout: { attempt: "5s" }, retry: { maxAttempts: 2, jitter: 0 } },
    );
    const failure = await failureOf(workflow("timeout").timeline(hanging).execute(null, { clock }));
    expect(failure).toMatchObject({ code: "ATTEMPT_TIMEOUT", status: "failed" });
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
  });

  it("ends an attempt that stays silent too long, and hands its last details to the next", async () => {
    const clock = virtualClock();
    const seen: unknown[] = [];
    const silent = step(
      "silent",
      (_: null, ctx) => {
        seen.push(ctx.heartbeatDetails);
        if (ctx.attempt === 2) return "second";
        clock.advance(900);
        ctx.heartbeat({ line: 7 });
        clock.advance(900);
        setImmediate(() => clock.advance(200));
        return new Promise<string>(() => {});
      },
      { timeout: { heartbeat: "1s" } },
    );
    expect(await workflow("heartbeat").timeline(silent).execute(null, { clock })).toBe("second");
    expect(seen).toEqual([undefined, { line: 7 }]);
  });

  it("closes an execution that takes longer than it may", async () => {
    const failure = await failureOf(
      workflow("late", { timeout: "1h" }).timeline(sleep("2h")).execute(null, { clock: virtualClock() }),
    );
    expect(failure).toMatchObject({ code: "EXECUTION_TIMED_OUT", status: "timed_out", error: null });
  });

  it("runs on the machine's clock by default", async () => {
    const begin = Date.now();
    await workflow("real").timeline(sleep("30ms")).execute(null);
    expect(Date.now() - begin).toBeGreaterThanOrEqual(30);
  });
});

describe("failure", () => {
  const boom = (thrown: unknown, options = {}) =>
    workflow("boom").timeline(
      step(
        "boom",
        () => {
          throw thrown;
        },
        options,
      ),
    );

  it("throws what the handler said, with the whole history", async () => {
    const failure = await failureOf(
      boom(new NonRetryableError("no such card", { code: "NO_CARD", details: { last4: "4242" } })).execute(null),
    );
    expect(failure.message).toMatch(/failed at boom: NO_CARD: no such card/);
    expect(failure).toMatchObject({ code: "NO_CARD", error: { node: "boom", details: { last4: "4242" } } });
    expect(failure.error?.stack).toContain("execute.test.ts");
    expect(failure.history.map(({ type }) => type)).toEqual([
      "ExecutionStarted",
      "StepScheduled",
      "StepAttemptFailed",
      "StepFailed",
      "ExecutionFailed",
    ]);
  });

  it("tries as often as the policy says, but not where an error is not retryable or its code is excluded", async () => {
    const attemptsOf = async (thrown: unknown, retry: object) => {
      const failure = await failureOf(boom(thrown, { retry }).execute(null, { clock: virtualClock() }));
      return failure.history.filter(({ type }) => type === "StepAttemptFailed").length;
    };
    expect(await attemptsOf(new Error("x"), { maxAttempts: 4 })).toBe(4);
    expect(await attemptsOf("just text", { maxAttempts: 2 })).toBe(2);
    expect(await attemptsOf(Object.assign(new Error("x"), { code: "EGONE" }), { nonRetryable: ["EGONE"] })).toBe(1);
  });

  it("counts an output that cannot be kept as a failure", async () => {
    const big = workflow("big").timeline(step("big", () => "x".repeat(2 ** 21)));
    expect(await failureOf(big.execute(null))).toMatchObject({ code: "PAYLOAD_TOO_LARGE" });
  });

  it("refuses an input that breaks the schema or is no JSON, before anything happens", async () => {
    const strict = workflow<{ id: string }>("strict", {
      inputSchema: { type: "object", required: ["id"], properties: { id: { type: "string" } } },
    }).timeline(step("never", () => fail({ message: "it ran" })));
    const refused = await strict.execute({ id: 5 } as never).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(CerebelumError);
    expect(refused).toMatchObject({ code: "INVALID_INPUT", status: 422 });
    expect((refused as CerebelumError).errors.map(({ path }) => path)).toContain("/input/id");
    const any = workflow("any").timeline(step("any", (n: unknown) => n));
    await expect(any.execute(1n)).rejects.toMatchObject({ code: "INVALID_INPUT" });
    await expect(any.execute("x".repeat(2 ** 21))).rejects.toMatchObject({ code: "PAYLOAD_TOO_LARGE" });
  });
});

describe("what handlers see", () => {
  it("is JSON, as from a server: dates are text, nothing is shared", async () => {
    const original = { at: new Date(0), list: [1] };
    const make = step("make", async () => original);
    const change = step("change", async (made: { at: string; list: number[] }) => {
      made.list.push(2);
      return made;
    });
    const built = workflow("json").timeline(make, change);
    expect(await built.execute(null)).toEqual({ at: "1970-01-01T00:00:00.000Z", list: [1, 2] });
    expect(original.list).toEqual([1]);
  });

  it("is the execution they belong to", async () => {
    let seen: StepContext | undefined;
    const look = step("look", async (_: unknown, ctx) => {
      seen = ctx;
    });
    const options = { tags: ["t"], correlationId: "c", clock: virtualClock("2025-01-01") };
    await workflow<{ n: number }>("context").timeline(look.with({})).execute({ n: 1 }, options);
    expect(seen).toMatchObject({
      workflow: "context",
      node: "look",
      iteration: 1,
      attempt: 1,
      context: { input: { n: 1 }, tags: ["t"], correlationId: "c", startedAt: "2025-01-01T00:00:00.000Z" },
    });
    expect(seen?.idempotencyKey).toContain(":look:1");
  });

  it("is large values too, which lie outside their events", async () => {
    const text = "x".repeat(100_000);
    const make = step("make", async () => ({ text }));
    const measure = step("measure", async (made: { text: string }) => made.text.length);
    const events: HistoryEvent[] = [];
    const built = workflow("large").timeline(make, measure);
    expect(await built.execute(null, { onEvent: (event) => events.push(event) })).toBe(100_000);
    expect(JSON.stringify(events).length).toBeLessThan(10_000);
  });
});

describe("cancelling", () => {
  it("cancels by the signal, and tells the handlers", async () => {
    const controller = new AbortController();
    let told: AbortSignal | undefined;
    const wait = step("wait", (_: null, ctx) => {
      told = ctx.signal;
      controller.abort(new Error("enough"));
      return new Promise<null>(() => {});
    });
    const failure = await failureOf(workflow("cancel").timeline(wait).execute(null, { signal: controller.signal }));
    expect(failure).toMatchObject({ code: "EXECUTION_CANCELLED", status: "cancelled" });
    expect(failure.history.at(-1)).toMatchObject({ type: "ExecutionCancelled", data: { reason: "enough" } });
    expect(told?.aborted).toBe(true);
  });

  it("starts nothing under a signal that is aborted already", async () => {
    const never = workflow("never").timeline(step("never", () => fail({ message: "it ran" })));
    await expect(never.execute(null, { signal: AbortSignal.abort(new Error("no")) })).rejects.toThrow("no");
  });
});

it("runs a thousand parallel steps", async () => {
  const many = Array.from({ length: 1_000 }, (_, i) => step(`s${i}`, async (n: number) => n + i));
  const total = step("total", async (all: Record<string, number>) => Object.values(all).reduce((sum, n) => sum + n, 0));
  const wide = workflow<number>("wide").timeline(many).timeline(total);
  expect(await wide.execute(1)).toBe(1_000 + 499_500);
});
