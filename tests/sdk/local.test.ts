/** The whole model in one process: waits for people, signals and children, controls, limits, undoing. */
import { describe, expect, it } from "vitest";
import {
  approval,
  backTo,
  child,
  type ExecutionFailedError,
  type ExecutionHandle,
  type HistoryEvent,
  item,
  loop,
  map,
  on,
  path,
  proceed,
  signal,
  sleep,
  step,
  text,
  transform,
  virtualClock,
  when,
  workflow,
} from "@/worker-sdk/src/index";

const types = async (run: ExecutionHandle) => (await run.history()).map(({ type }) => type);
const failureOf = (run: Promise<unknown>): Promise<ExecutionFailedError> =>
  run.then(
    () => Promise.reject(new Error("It completed")),
    (error: ExecutionFailedError) => error,
  );
const waits = (kind: string) => (state: { waitingFor: { kind: string }[] }) =>
  state.waitingFor.some((wait) => wait.kind === kind);

describe("people and signals", () => {
  const order = step("order", (name: string) => ({ name }));
  const signOff = approval("sign_off", {
    title: text`May ${on(order).name} be refunded?`,
    form: { type: "object", properties: { amount: { type: "number" } }, required: ["amount"] },
    timeout: "2d",
  });
  const refund = workflow("refund").timeline(order, signOff);

  it("goes on with the decision; data that breaks the form is refused, and nothing has happened", async () => {
    const run = await refund.start("Ada", { clock: virtualClock() });
    await expect(run.approve("sign_off", { data: {} })).rejects.toMatchObject({ code: "INVALID_DATA", status: 422 });
    expect((await run.approvals())[0]).toMatchObject({ title: "May Ada be refunded?", node: "sign_off" });
    await run.approve("sign_off", { data: { amount: 5 } });
    expect(await run.result()).toMatchObject({ decision: "approved", data: { amount: 5 } });
    await expect(run.approve("sign_off")).rejects.toMatchObject({ code: "APPROVAL_NOT_FOUND", status: 404 });
  });

  it("expires at its time, if nobody decides", async () => {
    const clock = virtualClock("2025-01-01");
    const failure = await failureOf(refund.execute("Ada", { clock }));
    expect(failure).toMatchObject({ code: "APPROVAL_EXPIRED" });
    expect(clock.now()).toBe(Date.parse("2025-01-03"));
  });

  it("decides one item's question and leaves the others", async () => {
    const each = map("each", approval("ok"));
    const run = await workflow<number[]>("w").timeline(each).start([1, 2], { clock: virtualClock() });
    await run.waitFor(({ waitingFor }) => waitingFor.length === 2);
    const pending = await run.approvals();
    expect(pending.map(({ node, index }) => [node, index])).toEqual([
      ["each/ok", [0]],
      ["each/ok", [1]],
    ]);
    await run.approve(pending[1]?.id ?? "");
    expect((await run.approvals()).map(({ index }) => index)).toEqual([[0]]);
    await run.approve("each/ok");
    expect(await run.result()).toMatchObject([{ decision: "approved" }, { decision: "approved" }]);
  });

  it("keeps a signal until somebody waits for it, and hands each to one step", async () => {
    const nap = workflow("w").timeline(sleep("1h"), signal("go"), signal("go").as("again"));
    const run = await nap.start(null, { clock: virtualClock(0, { manual: true }) });
    await run.signal("go", { n: 1 });
    await run.waitFor(waits("sleep"));
    await run.signal("go", { n: 2 });
    expect((await types(run)).filter((type) => type === "SignalReceived")).toHaveLength(2);
    expect(await run.explain()).toMatchObject({ status: "waiting" });
    await run.cancel();
    expect((await run.state()).status).toBe("cancelled");
    const through = await nap.start(null, { clock: virtualClock() });
    await through.signal("go", { n: 1 });
    await through.signal("go", { n: 2 });
    expect(await through.result()).toEqual({ n: 2 });
  });
});

describe("children", () => {
  const double = step("double", (n: number) => n * 2);
  const inner = workflow("inner").timeline(double, sleep("1h"), double.as("again"));

  it("run in the same process, and give what they return", async () => {
    const outer = workflow("outer").timeline(
      step("three", () => 3),
      child(inner),
      step("plus", (n: number) => n + 1),
    );
    const run = await outer.start(null, { clock: virtualClock() });
    expect(await run.result()).toBe(13);
    const [started] = await run.children();
    expect(await started?.state()).toMatchObject({
      workflow: "inner",
      status: "completed",
      parent: { executionId: run.id, node: "inner", depth: 1, wait: true },
    });
  });

  it("are known by name where they were given, and refused where not", async () => {
    const outer = workflow("outer").timeline(child<number>("inner", { input: 4, version: 7 }));
    expect(await outer.execute(null, { clock: virtualClock(), workflows: [inner] })).toBe(16);
    const failure = await failureOf(outer.execute(null, { clock: virtualClock() }));
    expect(failure).toMatchObject({ code: "CHILD_FAILED", error: { message: expect.stringContaining("inner") } });
  });

  it("fail their parent's step by how they closed", async () => {
    const broken = workflow("broken", { inputSchema: { type: "number" } }).timeline(
      step("boom", (): number => {
        throw Object.assign(new Error("no"), { code: "BOOM", retryable: false });
      }),
    );
    const failed = await failureOf(
      workflow("o")
        .timeline(child(broken, { input: 1 }))
        .execute(null),
    );
    expect(failed.error).toMatchObject({
      code: "CHILD_FAILED",
      details: { status: "failed", error: { code: "BOOM" } },
    });
    const refused = await failureOf(
      workflow("o")
        .timeline(child(broken, { input: "x" as never }))
        .execute(null),
    );
    expect(refused.error).toMatchObject({ details: { status: "failed", error: { code: "INVALID_INPUT" } } });
  });

  it("are cancelled with their parent, unless they were to be left alone", async () => {
    const long = workflow("long").timeline(sleep("30d"));
    const clock = virtualClock(0, { manual: true });
    const both = workflow("both").timeline([
      child(long).as("kept"),
      child(long, { onCancel: "abandon" }).as("left"),
    ] as const);
    const run = await both.start(null, { clock });
    await run.waitFor(({ waitingFor }) => waitingFor.length === 2);
    const [kept, left] = await run.children();
    await kept?.waitFor(waits("sleep"));
    await run.cancel({ reason: "enough" });
    expect(await failureOf(run.result())).toMatchObject({ status: "cancelled" });
    expect(await failureOf(kept?.result() ?? Promise.resolve())).toMatchObject({ status: "cancelled" });
    expect((await left?.state())?.status).toBe("waiting");
    clock.advance(30 * 86_400_000);
    await left?.result();
  });

  it("go on beside a parent that does not wait", async () => {
    const outer = workflow("outer").timeline(child(inner, { input: 1, wait: false }));
    const run = await outer.start(null, { clock: virtualClock() });
    const { executionId } = await run.result();
    const [started] = await run.children();
    expect(started?.id).toBe(executionId);
    expect(await started?.result()).toBe(4);
  });
});

describe("controls", () => {
  const gate = () => {
    const ran: string[] = [];
    const first = step("first", () => ran.push("first"));
    const second = step("second", () => ran.push("second"));
    return { ran, gated: workflow("gated").timeline(first, signal("go"), second) };
  };

  it("hold what comes while it is paused, and judge it at the resume", async () => {
    const { ran, gated } = gate();
    const run = await gated.start(null, { clock: virtualClock() });
    await run.waitFor(waits("signal"));
    await run.pause({ reason: "a look" });
    await run.signal("go");
    expect(await run.state()).toMatchObject({ status: "paused", pauseReason: "a look" });
    expect(ran).toEqual(["first"]);
    await run.resume();
    await run.result();
    expect(ran).toEqual(["first", "second"]);
  });

  it("end it at once, and refuse what comes after", async () => {
    const { gated } = gate();
    const run = await gated.start(null, { clock: virtualClock() });
    await run.waitFor(waits("signal"));
    await run.terminate({ reason: "gone" });
    expect(await failureOf(run.result())).toMatchObject({ status: "terminated", code: "EXECUTION_TERMINATED" });
    await expect(run.signal("go")).rejects.toMatchObject({ code: "EXECUTION_CLOSED", status: 409 });
    await expect(run.retry()).rejects.toMatchObject({ code: "NOT_RETRYABLE" });
    await expect(run.waitFor(() => false)).rejects.toThrow(/terminated/);
    const other = await gated.start(null, { clock: virtualClock() });
    const wrong = other.waitFor(() => {
      throw new TypeError("no such thing");
    });
    await expect(wrong).rejects.toThrow("no such thing");
    await other.signal("go");
    await other.result();
  });

  it("let a failed execution go on where it failed, in the same history", async () => {
    let broken = true;
    const keys: string[] = [];
    const made = step("made", () => "kept");
    const used = step(
      "used",
      (input: string, ctx) => {
        keys.push(ctx.idempotencyKey);
        if (broken) throw new Error("down");
        return input;
      },
      { retry: { maxAttempts: 1 } },
    );
    const run = await workflow("w").timeline(made, used).start(null, { clock: virtualClock() });
    expect(await failureOf(run.result())).toMatchObject({ status: "failed" });
    broken = false;
    await run.retry({ reason: "it is up again" });
    expect(await run.result()).toBe("kept");
    expect(new Set(keys).size).toBe(1);
    expect(await types(run)).toContain("ExecutionRetried");
  });

  it("run a node and all after it anew, with another input", async () => {
    const first = step("first", (n: number) => n);
    const last = step("last", (n: number) => {
      if (n < 10) throw Object.assign(new Error("too small"), { retryable: false });
      return n;
    });
    const run = await workflow("w").timeline(first, last).start(1, { clock: virtualClock() });
    await failureOf(run.result());
    await run.retry({ fromNode: "first", input: 11 });
    expect(await run.result()).toBe(11);
    expect((await run.state()).steps.map(({ node, iteration }) => [node, iteration])).toEqual([
      ["first", 2],
      ["last", 2],
    ]);
  });

  it("fork a history: a new execution from there on, the old one as it was", async () => {
    const runs: string[] = [];
    const a = step("a", () => runs.push("a"));
    const b = step("b", (n: number) => {
      runs.push("b");
      return n * 10;
    });
    const run = await workflow("w").timeline(a, b).start(null, { clock: virtualClock() });
    expect(await run.result()).toBe(10);
    const at = (await run.history()).find(({ type }) => type === "StepCompleted")?.sequence ?? 0;
    const forked = await run.fork({ at, overrides: { a: { output: 7 } }, reason: "what if" });
    expect(await forked.result()).toBe(70);
    expect(runs).toEqual(["a", "b", "b"]);
    expect(forked.id).not.toBe(run.id);
    expect(await forked.state()).toMatchObject({ forkedFrom: run.id });
    expect(await run.result()).toBe(10);
    const last = (await run.history()).length;
    const again = await run.fork({ at: last });
    expect(await again.result()).toBe(10);
    await expect(run.fork({ at: last + 1 })).rejects.toMatchObject({ code: "INVALID_REQUEST", status: 422 });
    await expect(run.fork({ at: 1, overrides: { b: { output: 1 } } })).rejects.toMatchObject({
      code: "VERSION_MISMATCH",
    });
  });
});

describe("undoing", () => {
  it("runs the compensations of what completed, the latest first, and then closes", async () => {
    const undone: unknown[] = [];
    const undo = step("undo", (given: { input: string; output: string }, ctx) => {
      undone.push([given, ctx.idempotencyKey.split(":").slice(1).join(":")]);
    });
    const book = step("book", (what: string) => `${what} booked`, { compensate: undo });
    const trip = workflow<string>("trip").timeline(
      book,
      book.as("book_too"),
      step("boom", (): null => {
        throw Object.assign(new Error("no"), { retryable: false });
      }),
    );
    const failure = await failureOf(trip.execute("car", { clock: virtualClock() }));
    expect(failure).toMatchObject({ status: "failed", code: "HANDLER_ERROR" });
    expect(undone).toEqual([
      [{ input: "car booked", output: "car booked booked" }, "book_too:1:compensate"],
      [{ input: "car", output: "car booked" }, "book:1:compensate"],
    ]);
  });

  it("records one that cannot wait as failed, and still runs the next", async () => {
    const undone: string[] = [];
    const sleepy = step("sleepy", async (_: unknown, ctx) => {
      undone.push(await ctx.run("note", () => "run"));
      await ctx.sleep("nap", "1h");
    });
    const quick = step("quick", () => undone.push("quick"));
    const plain = (name: string, compensate: typeof sleepy | typeof quick) =>
      step(name, () => null, { compensate: compensate as never });
    const run = await workflow("w")
      .timeline(plain("a", quick), plain("b", sleepy), signal("go"))
      .start(null, { clock: virtualClock() });
    await run.waitFor(waits("signal"));
    await run.cancel({ compensate: true });
    expect(await failureOf(run.result())).toMatchObject({ status: "cancelled" });
    expect(undone).toEqual(["run", "quick"]);
    const failed = (await run.history()).find(({ type }) => type === "CompensationFailed");
    expect(failed?.data).toMatchObject({ node: "b", error: { code: "DIRECTIVE_REFUSED" }, retryAt: null });
  });
});

describe("places", () => {
  it("let as many of one key run at once as its limit says, by priority, then in order", async () => {
    const began: string[] = [];
    const ends = new Map<string, () => void>();
    const work = (name: string, priority: number) =>
      step(
        name,
        () => {
          began.push(name);
          return new Promise<string>((resolve) => ends.set(name, () => resolve(name)));
        },
        { concurrencyKey: "customer", concurrencyLimit: 2, priority },
      );
    const all = [work("a", 0), work("b", 0), work("c", 0), work("d", 5), work("e", 0)] as const;
    const run = await workflow("w").timeline(all).start(null, { clock: virtualClock() });
    const until = async (count: number) => {
      while (began.length < count) await new Promise(setImmediate);
    };
    await until(2);
    expect(began).toEqual(["a", "b"]);
    for (const name of ["a", "b", "d", "c", "e"]) {
      await until(Math.min(5, began.length));
      ends.get(name)?.();
      await new Promise(setImmediate);
      await new Promise(setImmediate);
    }
    await run.result();
    expect(began).toEqual(["a", "b", "d", "c", "e"]);
  });

  it("fail a task that waits for its place too long, and free the place of one that is dropped", async () => {
    const clock = virtualClock(0, { manual: true });
    const keyed = { concurrencyKey: "k", retry: { maxAttempts: 1 } };
    const first = step("first", () => new Promise<null>(() => {}), keyed);
    const second = step("second", () => null, { ...keyed, timeout: { queue: "1m" } });
    const run = await workflow("w").timeline([first, second]).start(null, { clock });
    await run.waitFor(({ steps }) => steps[0]?.status === "running");
    await new Promise(setImmediate);
    clock.advance(60_000);
    expect(await failureOf(run.result())).toMatchObject({ code: "QUEUE_TIMEOUT" });
    const next = await workflow("n").timeline(second).start(null, { clock });
    expect(await next.result()).toBeNull();
  });
});

describe("handlers that wait", () => {
  it("give their places in a map to others meanwhile", async () => {
    const order: string[] = [];
    const visit = step("visit", async (n: number, ctx) => {
      order.push(`${n} begins`);
      await ctx.sleep("nap", "1h");
      order.push(`${n} ends`);
      return n;
    });
    const each = map("each", visit, { concurrency: 1 });
    const run = workflow<number[]>("w").timeline(each);
    expect(await run.execute([1, 2, 3], { clock: virtualClock() })).toEqual([1, 2, 3]);
    expect(order.slice(0, 3)).toEqual(["1 begins", "2 begins", "3 begins"]);
    expect(order.filter((line) => line.endsWith("ends"))).toEqual(["1 ends", "2 ends", "3 ends"]);
  });

  it("keep what they recorded when their attempt runs out of time", async () => {
    const clock = virtualClock();
    let charged = 0;
    const slow = step(
      "slow",
      async (_: unknown, ctx) => {
        const no = await ctx.run("charge", () => ++charged);
        if (ctx.attempt > 1) return no;
        setImmediate(() => clock.advance(5_000));
        return new Promise<number>(() => {});
      },
      { timeout: { attempt: "5s" }, retry: { jitter: 0 } },
    );
    expect(await workflow("w").timeline(slow).execute(null, { clock })).toBe(1);
    expect(charged).toBe(1);
  });
});

describe("time", () => {
  it("begins later where it is asked to", async () => {
    const clock = virtualClock("2025-01-01T00:00:00.000Z");
    const run = await workflow("w")
      .timeline(step("a", () => clock.now()))
      .start(null, { clock, startAt: "2025-06-01T00:00:00+02:00" });
    expect(await run.state()).toMatchObject({ status: "scheduled", startAt: "2025-05-31T22:00:00.000Z" });
    expect(await run.result()).toBe(Date.parse("2025-05-31T22:00:00.000Z"));
    expect((await types(run)).slice(0, 2)).toEqual(["ExecutionScheduled", "ExecutionStarted"]);
  });

  it("stands still on a manual clock until the test moves it", async () => {
    const clock = virtualClock(0, { manual: true });
    const run = await workflow("w").timeline(sleep("1h")).start("in", { clock });
    await run.waitFor(waits("sleep"));
    for (let i = 0; i < 10; i++) await new Promise(setImmediate);
    expect((await run.state()).status).toBe("waiting");
    clock.advance(3_600_000);
    expect(await run.result()).toBe("in");
  });

  it("is one for all that runs on a clock: it jumps only when none of them is at work", async () => {
    const clock = virtualClock(0);
    let finish = (_: null) => {};
    const held = step("held", () => new Promise<null>((resolve) => (finish = resolve)));
    const busy = await workflow("busy").timeline(held).start(null, { clock });
    const idle = await workflow("idle").timeline(sleep("1h")).start(null, { clock });
    for (let i = 0; i < 10; i++) await new Promise(setImmediate);
    expect([clock.now(), (await idle.state()).status]).toEqual([0, "waiting"]);
    finish(null);
    await Promise.all([busy.result(), idle.result()]);
    expect(clock.now()).toBe(3_600_000);
  });
});

it("runs loops with what they carry, in an iteration each", async () => {
  const drafts: unknown[] = [];
  const draft = step("draft", (given: { turn: number; notes: string | null }, ctx) => {
    drafts.push([given, ctx.iteration]);
    return { score: given.turn };
  }).with({ turn: loop().iteration, notes: loop<string>().value });
  const built = workflow("w")
    .timeline(draft)
    .diverge(draft, { again: when(on(draft).score.lt(3), backTo(draft, { carry: "more" })), otherwise: proceed() });
  expect(await built.execute(null)).toEqual({ score: 3 });
  expect(drafts).toEqual([
    [{ turn: 1, notes: null }, 1],
    [{ turn: 2, notes: "more" }, 2],
    [{ turn: 3, notes: "more" }, 3],
  ]);
});

it("runs a body for each item, within its item and what stands around it", async () => {
  const base = step("base", () => 10);
  const add = step("add", (given: { n: number; base: number }) => given.n + given.base);
  const each = map(
    "each",
    "=[1, 2, 3]",
    path(add.with({ n: item<number>(), base: on(base) }), transform("text", text`${on(add)}`)),
  );
  expect(await workflow("w").timeline(base, each).execute(null)).toEqual(["11", "12", "13"]);
});

it("tells whoever watches each event once, in order, also when they act on it at once", async () => {
  const seen: HistoryEvent[] = [];
  const gate = workflow("w").timeline(
    signal("go"),
    step("after", () => "done"),
  );
  const run = await gate.start(null, {
    clock: virtualClock(),
    onEvent: (event) => {
      seen.push(event);
      if (event.type === "SignalAwaited") setImmediate(() => void run.signal("go"));
    },
  });
  await run.result();
  expect(seen.map(({ sequence }) => sequence)).toEqual((await run.history()).map(({ sequence }) => sequence));
});
