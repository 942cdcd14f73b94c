/** Divergence: which edges rules on results and errors become, where executions go by them, and which rules are refused. */
import { describe, expect, it } from "vitest";
import {
  approval,
  backTo,
  completed,
  errorOf,
  fail,
  failed,
  loop,
  matches,
  on,
  onError,
  port,
  proceed,
  retry,
  skipTo,
  sleep,
  step,
  virtualClock,
  when,
  workflow,
} from "@/worker-sdk/src/index";
import { a, b, c, d, edgesOf, findingsOf, nodeOf, once, run } from "./support/dsl-flow";

describe("rules on a result", () => {
  const diverged = workflow("rules")
    .timeline(a, b, c, d)
    .diverge(b, {
      again: when(on(b).lt(100), backTo(a, { maxIterations: 20, carry: { last: on(b) } })),
      over: matches(110, skipTo(d)),
      no: when("steps.b.output > 1000", failed("TOO_BIG", "=string(steps.b.output)")),
      done: when(on(b).eq(120), completed({ early: on(b) })),
      on: when(on(b).eq(130), proceed()),
    });

  it("are one choice after the step, and lead back, ahead, to an end, or on", () => {
    expect(nodeOf(diverged, "b.diverge")).toEqual({
      id: "b.diverge",
      type: "choice",
      cases: [
        { port: "again", when: "steps.b.output < 100" },
        { port: "over", when: "steps.b.output == 110" },
        { port: "no", when: "steps.b.output > 1000" },
        { port: "done", when: "steps.b.output == 120" },
        { port: "on", when: "steps.b.output == 130" },
      ],
    });
    expect(edgesOf(diverged)).toEqual([
      "a > b",
      "b > b.diverge",
      "b.diverge.no > fail",
      "b.diverge.done > succeed",
      "b.diverge.on > c",
      "b.diverge.otherwise > c",
      "c > d",
      "b.diverge.over > d",
      "b.diverge.again ↺ a",
    ]);
    expect(diverged.definition.edges.at(-1)?.loop).toEqual({ maxIterations: 20, carry: { last: "=steps.b.output" } });
  });

  it("take the first that holds; what none takes goes on", async () => {
    expect((await run(diverged, 13)).output).toBe(139);
    expect((await run(diverged, 12)).output).toBe(129);
    expect((await run(diverged, 11)).output).toEqual({ early: 120 });
    expect((await run(diverged, 10)).output).toBe(110);
    expect((await run(diverged, 10)).ended).toContain("c skipped");
    expect((await run(diverged, 1000)).output).toMatchObject({ code: "TOO_BIG", error: { message: "10010" } });
    expect((await run(diverged, 0)).output).toMatchObject({ code: "LOOP_LIMIT" });
  });

  it("run a step anew until it says otherwise, with what the turn before carried", async () => {
    const seen: unknown[] = [];
    const draft = step("draft", async ({ topic, notes }: { topic: string; notes: string[] | null }) => {
      seen.push(notes);
      return { text: topic, words: (notes?.length ?? 0) * 10 };
    });
    const review = step("review", async (text: { words: number }) => ({
      good: text.words >= 20,
      notes: ["more", "and more"].slice(0, text.words / 10 + 1),
    }));
    const article = workflow<{ topic: string }>("article")
      .timeline(draft.with({ topic: "=input.topic", notes: loop<string[]>().value }), review)
      .diverge(review, {
        again: when(on(review).good.eq(false), backTo(draft, { carry: on(review).notes })),
      });
    expect((await run(article, { topic: "CEL" })).output).toEqual({ good: true, notes: ["more", "and more"] });
    expect(seen).toEqual([null, ["more"], ["more", "and more"]]);
  });

  it("may wait before they run it anew, and count the turns", async () => {
    const clock = virtualClock("2030-01-01T00:00:00.000Z");
    const check = step("check", async () => clock.now());
    const waiting = workflow("waiting")
      .timeline(check)
      .diverge(check, { early: when("loop.iteration < 4", sleep("1h"), retry()) });
    expect(await waiting.execute(null, { clock })).toBe(Date.parse("2030-01-01T03:00:00.000Z"));
  });

  it("match patterns field by field, and never what is not there", async () => {
    const fetch = step(
      "fetch",
      async (user: object) => user as { age?: number; address?: { city: string } | null; tags?: string[] },
    );
    const built = workflow("patterns")
      .timeline(fetch)
      .diverge(fetch, {
        roman: matches({ address: { city: "Rome" }, tags: ["a", "b"] }, completed("roman")),
        minor: matches({ age: 17 }, completed("minor")),
        homeless: matches({ address: null }, completed("homeless")),
        otherwise: completed("other"),
      });
    const said = async (user: object) => (await run(built, user)).output;
    expect(await said({ address: { city: "Rome" }, tags: ["a", "b"] })).toBe("roman");
    expect(await said({ address: { city: "Rome" }, tags: ["a", "b", "c"], age: 17 })).toBe("minor");
    expect(await said({ address: null })).toBe("homeless");
    expect(await said({ address: { city: 5 }, age: "17" })).toBe("other");
    expect(await said({})).toBe("other");
  });

  it("hand on what the way that was taken gave", async () => {
    const small = step("small", async (n: number) => `small ${n}`);
    const last = step("last", async (given: number | string) => `got ${given}`);
    const built = workflow("values")
      .timeline(a, b, sleep("1h"), last)
      .diverge(a, { skip: when(on(a).lt(5), small, skipTo("last")), plain: when(on(a).lt(10), skipTo("last")) });
    expect((await run(built, 1)).output).toBe("got small 2");
    expect((await run(built, 6)).output).toBe("got 7");
    expect((await run(built, 10)).output).toBe("got 110");
    const passing = workflow("passing")
      .timeline(a)
      .branch(a, { keep: when(on(a).lt(5), proceed()), otherwise: small })
      .timeline(last);
    expect((await run(passing, 1)).output).toBe("got 2");
    expect((await run(passing, 9)).output).toBe("got small 10");
  });
});

describe("rules on an error", () => {
  const charge = step(
    "charge",
    async (code: string) =>
      code === "" ? "charged" : fail({ code, message: `it said ${code}`, details: { status: 404 } }),
    once,
  );
  const ask = step("ask", async (error: { code: string }) => `asked after ${error.code}`);
  const built = workflow("errors")
    .timeline(charge)
    .diverge(charge, {
      broke: onError("NO_FUNDS", ask),
      slow: onError(["HTTP_*", "*_TIMEOUT", "A*Z"], completed("slow")),
      missing: onError({ code: "ODD", details: { status: 404 } }, proceed()),
      asked: onError(errorOf(charge).message.eq("it said WHO"), failed("WHO_ASKED")),
      same: onError("SAME", ask.as("told"), failed()),
    });

  it("are a choice on the step's error, and what none takes is the step's own failure", async () => {
    expect(edgesOf(built)).toEqual([
      "charge.error > charge.errors",
      "charge.errors.otherwise > charge.rethrow",
      "charge.errors.broke > ask",
      "charge.errors.slow > succeed",
      "charge.errors.asked > fail",
      "charge.errors.same > told",
      "told > fail_2",
    ]);
    expect(nodeOf(built, "charge.rethrow")).toEqual({ id: "charge.rethrow", type: "fail", rethrow: "charge" });
    expect(nodeOf(built, "fail_2")).toEqual({ id: "fail_2", type: "fail", rethrow: "charge" });
    const other = await run(built, "OTHER");
    expect(other.output).toMatchObject({ code: "OTHER", error: { node: "charge", details: { status: 404 } } });
  });

  it("take the first whose code, pattern or condition fits", async () => {
    const said = async (code: string) => (await run(built, code)).output;
    expect(await said("")).toBe("charged");
    expect(await said("NO_FUNDS")).toBe("asked after NO_FUNDS");
    expect(await Promise.all(["HTTP_ERROR", "ATTEMPT_TIMEOUT", "AZ", "A..Z"].map(said))).toEqual(Array(4).fill("slow"));
    expect(await said("ODD")).toMatchObject({ code: "ODD", message: "it said ODD" });
    expect(await said("WHO")).toMatchObject({ code: "WHO_ASKED" });
    expect(await said("SAME")).toMatchObject({ code: "SAME", error: { node: "charge" } });
    expect(await said("HTTP")).toMatchObject({ code: "HTTP" });
  });

  it("may run the step anew, and leave the rest to `error`", async () => {
    let tries = 0;
    const flaky = step(
      "flaky",
      async (until: number) => (++tries < until ? fail({ code: "FLAKY", message: `${tries}` }) : tries),
      once,
    );
    const again = workflow("again")
      .timeline(flaky)
      .diverge(flaky, {
        flaky: onError("FLAKY", sleep("10m"), retry({ maxIterations: 3 })),
        error: completed("given up"),
      });
    expect((await run(again, 3)).output).toBe(3);
    tries = 0;
    expect((await run(again, 9)).output).toMatchObject({ code: "LOOP_LIMIT" });
    const always = workflow("always").timeline(charge).diverge(charge, { error: ask });
    expect(edgesOf(always)).toEqual(["charge.error > ask"]);
    expect((await run(always, "ANY")).output).toBe("asked after ANY");
  });

  it("may be added to rules that are there: the first that fits wins, whoever wrote it", async () => {
    const text = step("text", async (n: number) => `text ${n}`, once);
    const say = step("say", async (given: string | number) => `said ${given}`);
    const some = step("some", async (n: number) => (n < 0 ? fail({ code: "NEGATIVE", message: "below" }) : n), once);
    const added = workflow("added")
      .timeline(some)
      .diverge(some, {
        below: onError(
          "NEGATIVE",
          step("zero", async () => "zero"),
        ),
        small: when(on(some).lt(5), text),
      })
      .branch(some, { five: when(on(some).lt(6), text.as("five")), otherwise: text.as("big") })
      .timeline(say);
    const said = async (n: number) => (await run(added, n)).output;
    expect(await Promise.all([-1, 1, 5, 9].map(said))).toEqual([
      "said zero",
      "said text 1",
      "said text 5",
      "said text 9",
    ]);
    expect(() => added.branch(some, { small: when("true", b) } as never)).toThrow(
      /Two branches after "some" have an arm "small"/,
    );
    expect(() => added.branch(some, { otherwise: say, x: when("true", say) } as never)).toThrow(/an arm "otherwise"/);
  });

  it("stand beside rules on the result", async () => {
    const both = workflow("both")
      .timeline(a, charge.with("=input > 1 ? 'GONE' : ''"), c.with(1))
      .diverge(charge, { gone: onError("GONE", completed("gone")), ok: matches("charged", completed("charged")) });
    expect((await run(both, 1)).output).toBe("charged");
    expect((await run(both, 2)).output).toBe("gone");
  });
});

describe("ports and actions", () => {
  it("let a handler choose where it goes by a port that a rule leads on", async () => {
    const review = step("review", async (n: number) => (n < 30 ? port("again", n) : n), { ports: ["again"] });
    const built = workflow("ports")
      .timeline(a, b, review)
      .diverge(review, { again: backTo(b) });
    expect(edgesOf(built)).toEqual(["a > b", "b > review", "review.again ↺ b"]);
    expect((await run(built, 3)).output).toBe(40);
    expect((await run(built, 1)).output).toMatchObject({ code: "LOOP_LIMIT" });
  });

  it("let a handler end with a jump that it lists, on the port made for it", async () => {
    let rounds = 0;
    const act = step(
      "act",
      async (n: number) => (n > 100 ? skipTo("d") : ++rounds < 3 ? backTo("a") : rounds < 5 ? retry() : n),
      {
        actions: [backTo("a", { maxIterations: 5 }), skipTo("d"), retry()],
      },
    );
    const built = workflow("actions").timeline(a, act, c, d);
    expect(nodeOf(built, "act")).toMatchObject({ ports: ["back_to.a", "skip_to.d", "retry"] });
    expect(edgesOf(built)).toEqual([
      "a > act",
      "act > c",
      "c > d",
      "act.skip_to.d > d",
      "act.back_to.a ↺ a",
      "act.retry ↺ act",
    ]);
    expect((await run(built, 1)).output).toBe(1);
    expect(rounds).toBe(5);
    const skipped = await run(built, 200);
    expect(skipped.ended).toContain("c skipped");
    expect(skipped.output).toBe(null);
  });

  it("lead on from an approval that was rejected or expired", async () => {
    const ask = approval("ask", { timeout: "2d" });
    const built = workflow("asking")
      .timeline(a, ask, b.with(on(a)))
      .diverge(ask, { rejected: failed("NO"), expired: retry({ maxIterations: 2 }) });
    expect(edgesOf(built)).toEqual(["a > ask", "ask.rejected > fail", "ask > b", "ask.expired ↺ ask"]);
    expect((await run(built, 1)).output).toMatchObject({ code: "LOOP_LIMIT" });
  });
});

describe("rules that are none", () => {
  const w = workflow("w").timeline(a, b);

  it("are refused where they are written", () => {
    expect(() => matches({}, retry())).toThrow(/empty pattern.*Name a field/s);
    expect(() => matches({ age: undefined }, retry())).toThrow(/age.*undefined/s);
    expect(() => matches({ age: () => 18 }, retry())).toThrow(/is a function/);
    expect(() => matches({ age: { min: {} } }, retry())).toThrow(/empty pattern/);
    expect(() => matches(on(a), retry())).toThrow(/is an expression.*when\(condition/s);
    expect(() => onError("", retry())).toThrow(/Write an error code/);
    expect(() => onError("A*B*", retry())).toThrow(/at most one \*/);
    expect(() => onError([], retry())).toThrow(/names no error code/);
    expect(() => onError({}, retry())).toThrow(/empty pattern/);
    expect(() => onError((() => true) as never, retry())).toThrow(/is a function/);
    expect(() => when("true")).toThrow(/needs at least one step, or proceed/);
    expect(() => when("true", "a" as never)).toThrow(/is a string.*no part of a timeline/);
    expect(() => w.diverge(a, { x: "retry" as never })).toThrow(/has no condition/);
    expect(() => w.diverge(a, {})).toThrow(/decides nothing/);
    expect(() => w.diverge(c, { x: when("true", retry()) })).toThrow(/not in it/);
    expect(() => w.diverge("a" as never, { x: when("true", retry()) })).toThrow(/needs the step that it comes after/);
    expect(() => w.diverge(a, { x: when("true", backTo(a, { carry: (() => 1) as never })) })).toThrow(
      /carry is a function/,
    );
    expect(() => w.branch(a, { rejected: b })).toThrow(/name it one of "otherwise", "error"/);
  });

  it("are refused when it is built: failures without a code", () => {
    expect(findingsOf(w.diverge(a, { x: when("true", failed()) }))).toMatchObject([
      { code: "FAIL_CODE", message: expect.stringContaining('failed("') },
    ]);
  });
});
